"""Exceptional disclosure as a documented case (S58, S65 to S70)."""

from datetime import timedelta

import pytest

from consents import actions, decisions, gate, mailed, waits
from consents.access import (
    Reading,
    accounting,
    open_for,
    seen_before,
    sharing,
    who_looked,
)
from consents.actions import RuleError, exceptional
from consents.answers import Reason
from consents.codes import Basis
from consents.decisions import Reader
from consents.models import Disclosure, ExceptionalCase
from messaging.actions import causes
from messaging.models import Notice
from messaging.sweeping import Sweep
from patients.models import Condition
from tests.consents import cases
from tests.consents.cases import DAY, HOUR
from tests.consents.test_walls import refused
from tests.patients import records

TICK = timedelta(microseconds=1)


def condition(cast, **fields):
    return records.item(
        Condition, cast.amina, "conditions", cast.at, name="CNRYother", **fields
    )


def sees(cast, who, item, *, purpose="THREAT", at=None):
    reader = Reader(cast.user(who).pk, purpose, at or cast.at)
    return decisions.decide(item, reader)


# The rule --------------------------------------------------------------------------


@pytest.mark.capability("S69")
def test_exactly_what_was_picked_is_open_to_exactly_those_named(cast):
    other = condition(cast)
    told = cases.documented(cast, inside=("dana",))
    decision = sees(cast, "dana", told.item)
    assert (decision.reason, decision.exception_id) == (
        Reason.EXCEPTIONAL,
        told.case.pk,
    )
    assert not sees(cast, "dana", other).permitted
    assert not sees(cast, "chidi", told.item).permitted
    assert not sees(cast, "dana", told.item, purpose="TREAT").permitted


def test_it_is_open_until_its_end_and_while_the_case_is_open(cast):
    told = cases.documented(cast, inside=("dana",))
    end = told.content.ends_at
    assert sees(cast, "dana", told.item, at=end - TICK).permitted
    assert not sees(cast, "dana", told.item, at=end).permitted
    exceptional.close_case(case=told.case, by=cast.user("bram"), at=cast.at)
    assert not sees(cast, "dana", told.item).permitted


def test_a_later_version_is_not_what_was_picked(cast):
    told = cases.documented(cast, inside=("dana",))
    Condition.objects.filter(pk=told.item.pk).update(version=2)
    assert not sees(cast, "dana", told.item).permitted


def test_no_deny_undoes_a_duty(cast):
    told = cases.documented(cast, inside=("dana",))
    actions.keep_back(item=told.item, by=cast.user("amina"), at=cast.at)
    assert sees(cast, "dana", told.item).permitted


# The steps --------------------------------------------------------------------------


@pytest.mark.capability("S66")
def test_both_times_are_kept(cast):
    case = cases.opened(cast)
    assert case.recorded_at - case.called_at == HOUR


def test_a_call_cannot_be_in_the_future(cast):
    with pytest.raises(RuleError):
        exceptional.record_call(
            patient_id=cast.amina.pk,
            author=cast.bram,
            called_at=cast.at + HOUR,
            by=cast.user("bram"),
            at=cast.at,
        )


def test_nothing_is_opened_before_the_three_steps(cast):
    case = cases.opened(cast)
    with pytest.raises(RuleError):
        cases.content(cast, case, condition(cast))
    cases.steps(cast, case)
    assert cases.content(cast, case, condition(cast))


@pytest.mark.capability("S67")
def test_who_was_asked_has_a_name_and_nobody_has_a_reason(cast):
    by = {"case": cases.opened(cast), "by": cast.user("bram"), "at": cast.at}
    with pytest.raises(RuleError):
        exceptional.sign_consultation(with_whom="legal", name=" ", said="x", **by)
    row = exceptional.sign_consultation(
        with_whom="nobody", name="", said="Minutes counted.", **by
    )
    assert row.said


@pytest.mark.capability("S68")
@pytest.mark.parametrize(
    ("ground", "reaches"), [("serious_threat", False), ("medical_emergency", True)]
)
def test_a_ground_says_whether_it_reaches_part_2_records(cast, ground, reaches):
    case = cases.opened(cast)
    cases.steps(cast, case, ground=ground)
    item = condition(cast, part2_origin=True)
    if reaches:
        assert cases.content(cast, case, item)
        return
    with pytest.raises(RuleError):
        cases.content(cast, case, item)


def test_only_its_author_writes_in_a_case(cast):
    case = cases.opened(cast)
    for who in ("jon", "ines"):
        with pytest.raises(RuleError):
            exceptional.sign_harm(
                case=case, to_patient="x", to_others="x", by=cast.user(who), at=cast.at
            )


STEPS = "harmevaluation caseconsultation casereasons casecontent caserecipient caseitem"


@pytest.mark.parametrize("table", [*STEPS.split(), "tellingwait"])
def test_what_was_signed_is_never_changed(cast, table):
    cases.documented(cast)
    column = {"caserecipient": "name", "caseitem": "version"}.get(table, "signed_at")
    # Of step 4 the withdrawal may be written, once, and nothing else.
    other = "ends_at" if table == "casecontent" else column
    assert refused(f"UPDATE consents_{table} SET {column} = {other}")
    assert refused(f"DELETE FROM consents_{table}")


def test_the_case_itself_only_ends(cast):
    cases.documented(cast)
    assert refused("UPDATE consents_exceptionalcase SET called_at = recorded_at")
    assert refused("DELETE FROM consents_exceptionalcase")


def test_the_steps_are_due_a_day_after_the_call(cast):
    case = cases.opened(cast)
    assert waits.document_by(case) == case.called_at + DAY


def quiet(cast, case, *items, inside=("jon",)):
    """Step 4 of which nothing was told by phone."""
    what = exceptional.Content("", cases.told(cast, *inside), items)
    by = cast.user("bram")
    return exceptional.sign_content(case=case, content=what, by=by, at=cast.at)


def withdraw(cast, row, *, who="bram", why="The wrong Jon."):
    exceptional.withdraw_content(content=row, why=why, by=cast.user(who), at=cast.at)


@pytest.mark.capability("S69")
def test_what_was_signed_by_mistake_opens_nothing_and_stays_as_it_was(cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    item = condition(cast)
    row = quiet(cast, case, item)
    epoch = gate.epoch_of(cast.amina.pk)
    assert sees(cast, "jon", item).permitted
    withdraw(cast, row)
    assert not sees(cast, "jon", item).permitted
    # A case moves nothing that the patient could count (test_case_moves_nothing).
    assert gate.epoch_of(cast.amina.pk) == epoch
    row.refresh_from_db()
    assert (row.withdrawn_why, row.signed_at) == ("The wrong Jon.", cast.at)
    assert row.items.count() == row.recipients.count() == 1
    assert not Disclosure.objects.filter(exception=case.pk).exists()
    # What is right is written as step 4 once more.
    quiet(cast, case, item)
    assert sees(cast, "jon", item).permitted


def test_what_was_handed_over_is_not_withdrawn(cast):
    told = cases.documented(cast)
    with pytest.raises(RuleError, match="handed over"):
        withdraw(cast, told.content)
    assert sees(cast, "jon", told.item).permitted


@pytest.mark.parametrize(("who", "why"), [("jon", "x"), ("ines", "x"), ("bram", " ")])
def test_only_the_author_withdraws_and_says_why(cast, who, why):
    case = cases.opened(cast)
    cases.steps(cast, case)
    row = quiet(cast, case, condition(cast))
    with pytest.raises(RuleError):
        withdraw(cast, row, who=who, why=why)
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_a_withdrawal_is_written_once_and_touches_nothing_else(cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    row = quiet(cast, case, condition(cast))
    withdraw(cast, row)
    assert refused("UPDATE consents_casecontent SET withdrawn_why = 'x'")
    assert refused("UPDATE consents_casecontent SET withdrawn_at = NULL")


# The log, and what the patient reads of it --------------------------------------------


def rows(cast, at):
    reading = Reading(user=cast.user("amina"), entrance="consents:log")
    reading.__dict__["at"] = at
    opened = open_for(reading, cast.amina.pk, writes=False)
    return [look for look in who_looked.page(opened).looks if look.exceptional]


def test_what_was_told_by_phone_is_a_disclosure_with_its_ground(cast):
    told = cases.documented(cast)
    row = Disclosure.objects.get(channel="phone")
    assert (row.basis, row.exception, row.recipient) == (
        Basis.EXCEPTIONAL,
        told.case.pk,
        cast.jon,
    )
    case = ExceptionalCase.objects.get(pk=row.exception)
    assert case.casereasons_set.last().ground == "serious_threat"


def test_who_was_told_by_phone_has_not_looked_and_the_accounting_says_what(cast):
    told = cases.documented(cast)
    exceptional.tell_patient_of_case(
        case=told.case,
        told_at=cast.at,
        words="I called the police.",
        support="Came in today.",
        by=cast.user("bram"),
        at=cast.at,
    )
    reading = Reading(user=cast.user("amina"), entrance="consents:log")
    opened = open_for(reading, cast.amina.pk, writes=False)
    assert who_looked.counts(opened).looked == 0
    (look,) = who_looked.page(opened).looks
    assert look.by_phone and not look.first_time
    seen = seen_before.already_seen(opened, cast.jon)
    assert seen.first is None and seen.downloads == 0 and not seen.categories
    assert seen.told and sharing.person(opened, cast.jon.pk).last_looked is None
    (line,) = accounting.accounting(opened).lines
    assert line.what == "Told in a talk by Dr. Bram Visser. Ask them what was said."
    places = accounting.addresses({cast.jon.pk})
    assert line.recipient == cast.jon.name
    assert places[cast.jon.pk] and line.address == places[cast.jon.pk]


@pytest.mark.capability("S70")
def test_the_rows_wait_with_the_reason_and_all_show_afterwards(cast):
    told = cases.documented(cast)
    assert rows(cast, cast.at) == []
    # Nobody agreed: it ends after three days, whatever was asked for.
    assert rows(cast, cast.at + 3 * DAY - TICK) == []
    assert len(rows(cast, cast.at + 3 * DAY)) == 1
    review(cast, told, "agreed")
    assert rows(cast, cast.at + 10 * DAY - TICK) == []
    assert len(rows(cast, cast.at + 10 * DAY)) == 1


def review(cast, told, answer, at=None):
    exceptional.review_wait(
        wait=told.case.tellingwait_set.get(),
        answer=answer,
        words="",
        by=cast.ines,
        at=at or cast.at,
    )


def test_where_the_officer_does_not_agree_they_show_at_once(cast):
    told = cases.documented(cast)
    review(cast, told, "not_agreed")
    assert len(rows(cast, cast.at)) == 1


def test_when_the_patient_was_told_they_show_at_once(cast):
    told = cases.documented(cast)
    exceptional.tell_patient_of_case(
        case=told.case,
        told_at=cast.at,
        words="I called the police.",
        support="Came in today.",
        by=cast.user("bram"),
        at=cast.at,
    )
    assert len(rows(cast, cast.at)) == 1


def test_before_anything_is_said_about_telling_they_wait_one_day(cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    cases.content(cast, case, condition(cast))
    due = waits.document_by(case)
    assert list(waits.hidden_cases(cast.amina.pk, due - TICK)) == [case.pk]
    assert not waits.hidden_cases(cast.amina.pk, due)


def test_a_wait_has_an_end_that_is_not_too_far(cast):
    case = cases.opened(cast)
    for until in (cast.at, cast.at + 31 * DAY):
        with pytest.raises(RuleError):
            exceptional.wait_to_tell(
                case=case, reason="x", until=until, by=cast.user("bram"), at=cast.at
            )


def test_a_case_closes_only_when_telling_was_answered(cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    cases.content(cast, case, condition(cast))
    with pytest.raises(RuleError):
        exceptional.close_case(case=case, by=cast.user("bram"), at=cast.at)


def test_what_was_told_closes_no_case_without_its_steps_and_a_closed_one_is_over(cast):
    case, by = cases.opened(cast), {"by": cast.user("bram"), "at": cast.at}
    said = {"told_at": cast.at, "words": "Told.", "support": "None."}
    exceptional.tell_patient_of_case(case=case, **said, **by)
    with pytest.raises(RuleError, match="four steps"):
        exceptional.close_case(case=case, **by)
    cases.steps(cast, case)
    cases.content(cast, case, condition(cast))
    exceptional.close_case(case=case, **by)
    with pytest.raises(RuleError, match="is closed"):
        exceptional.sign_harm(case=case, to_patient="x", to_others="x", **by)


def test_a_case_without_a_step_four_that_stands_says_why_nobody_was_told(cast):
    """Found: a step 4 that was withdrawn closed a case, and nothing said what was."""
    by = {"by": cast.user("bram"), "at": cast.at}
    said = {"told_at": cast.at, "words": "Told.", "support": ""}
    why = {"nothing_told": "It was settled with her."}
    for case in (cases.opened(cast), cases.uncalled(cast)):
        cases.steps(cast, case)
        content = exceptional.Content("", cases.told(cast, "jon"), (condition(cast),))
        row = exceptional.sign_content(case=case, content=content, **by)
        exceptional.withdraw_content(content=row, why="The wrong Jon.", **by)
        exceptional.tell_patient_of_case(case=case, **said, **by)
        with pytest.raises(RuleError, match="four steps"):
            exceptional.close_case(case=case, **by)
        if case.called_at:
            # Whoever was called was told something.
            with pytest.raises(RuleError, match="step 4 says what"):
                exceptional.close_case(case=case, **why, **by)
            cases.content(cast, case, condition(cast), inside=("chidi",))
        exceptional.close_case(case=case, **why, **by)
        case.refresh_from_db()
        expected = "" if case.called_at else why["nothing_told"]
        assert (case.closed_at, case.closed_why) == (cast.at, expected)


def test_nothing_of_another_patient_is_picked(cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    theirs = records.item(Condition, cast.gus, "conditions", cast.at, name="fugue")
    with pytest.raises(RuleError, match="from this patient"):
        cases.content(cast, case, theirs)
    assert not case.casecontent_set.exists()


def test_a_reason_to_wait_that_is_over_closes_no_case(cast):
    """Else the patient would never be told, and nobody be reminded of it."""
    told = cases.documented(cast)
    bram = cast.user("bram")
    with pytest.raises(RuleError, match="is over"):
        exceptional.close_case(case=told.case, by=bram, at=cast.at + 3 * DAY)
    review(cast, told, "not_agreed", at=cast.at + HOUR)
    with pytest.raises(RuleError, match="is over"):
        exceptional.close_case(case=told.case, by=bram, at=cast.at + HOUR)
    exceptional.close_case(case=told.case, by=bram, at=cast.at + HOUR - TICK)


# Who is told -------------------------------------------------------------------


def told_of(cast, who, event):
    return Notice.objects.filter(user=cast.user(who), event=event).exists()


def test_officers_and_those_named_are_told_and_the_patient_is_not(cast):
    told = cases.documented(cast, inside=("dana",))
    causes.tell_of_cases(at=cast.at)
    assert told_of(cast, "ines", told.case.pk)
    assert told_of(cast, "dana", told.content.recipients.get(party=cast.dana).pk)
    assert not Notice.objects.filter(user=cast.user("amina")).exists()


def test_a_mail_because_of_a_case_waits_with_the_case(cast):
    """Its name alone, a privacy officer's, would tell the patient of the case."""
    cases.documented(cast, inside=("dana",))
    Sweep(now=lambda: cast.at).run()
    names = {cast.ines.name, cast.dana.name}
    assert not names & mails_listed(cast, cast.at)
    ends = cast.at + 3 * DAY
    row = Disclosure.objects.get(channel="phone")
    said = actions.AgencyStatement("Police", "Reyes", "written", "Wait.", ends + DAY)
    actions.suspend(row=row, said=said, by=cast.ines, at=cast.at)
    assert not names & mails_listed(cast, ends)
    assert cast.dana.name in mails_listed(cast, ends + DAY)


def mails_listed(cast, at) -> set[str]:
    reading = Reading(user=cast.user("amina"), entrance="consents:log")
    reading.__dict__["at"] = at
    opened = open_for(reading, cast.amina.pk, writes=False)
    return {each.name for each in mailed.mailed(opened, before=None, limit=50)}


def test_an_end_of_waiting_comes_back_by_itself_once(cast):
    cases.documented(cast)
    assert causes.remind_of_cases(at=cast.at) == 0
    later = cast.at + 4 * DAY
    causes.remind_of_cases(at=later)
    causes.remind_of_cases(at=later)
    found = Notice.objects.filter(user=cast.user("bram"), kind="case", channel="in_app")
    assert found.count() == 1
