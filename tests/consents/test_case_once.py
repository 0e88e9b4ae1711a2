"""A second click on a page of a case is no second deed; a slip of the year is said."""

from datetime import timedelta

import pytest

from consents import waits
from consents.actions import exceptional
from consents.forms.cases import AftercareForm, CallForm, ConsultationForm
from consents.forms.reports import ReportForm
from consents.models import CaseContent, Disclosure, ExceptionalCase
from messaging.actions import causes
from messaging.models import Notice
from messaging.waiting import cases_late
from tests.consents import cases
from tests.consents.cases import DAY
from tests.consents.test_exceptional import condition

STEPS = ("harmevaluation_set", "caseconsultation_set", "casereasons_set")


def test_each_page_of_a_case_that_is_sent_twice_is_written_once(cast):
    item = condition(cast)
    for _click in range(2):
        case = cases.opened(cast)
        cases.steps(cast, case)
        cases.content(cast, case, item, inside=("jon",), outside="Sgt. Kim")
        by = {"case": case, "by": cast.user("bram"), "at": cast.at}
        exceptional.wait_to_tell(reason="At risk.", until=cast.at + 2 * DAY, **by)
        due = (cast.at + DAY).date()
        exceptional.add_aftercare(what="See them", who="Bram", due_date=due, **by)
    for _click in range(2):
        exceptional.tell_patient_of_case(
            told_at=cast.at, words="I told.", support="", **by
        )
    assert ExceptionalCase.objects.get() == case
    counts = {name: getattr(case, name).count() for name in STEPS}
    assert counts == dict.fromkeys(STEPS, 1)
    assert CaseContent.objects.count() == case.tellingwait_set.count() == 1
    assert case.aftercare.count() == case.patienttold_set.count() == 1
    assert Disclosure.objects.filter(channel="phone").count() == 2


def test_what_differs_or_comes_later_is_a_deed_of_its_own(cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    first = cases.content(cast, case, inside=("jon",))
    assert cases.content(cast, case, inside=("dana",)) != first
    assert cases.content(cast, case, inside=("jon",), days=3) != first
    assert cases.content(cast, case, condition(cast), inside=("jon",)) != first
    later = cast.at + timedelta(minutes=11)
    assert cases.opened(cast, at=later) != case
    for minutes, words in ((1, "Less."), (2, "Low."), (13, "Low.")):
        exceptional.sign_harm(
            case=case,
            to_patient=words,
            to_others="High, tonight.",
            by=cast.user("bram"),
            at=cast.at + timedelta(minutes=minutes),
        )
    assert case.harmevaluation_set.count() == 4


def test_a_talk_of_another_day_in_the_same_words_is_a_talk_of_its_own(cast):
    """A day that was mistyped could not be put right by the same words."""
    case = cases.opened(cast)
    cases.steps(cast, case)
    by = {"case": case, "by": cast.user("bram"), "words": "I told.", "support": ""}
    said = exceptional.tell_patient_of_case
    now = cast.at + 5 * DAY
    first = said(told_at=now - 3 * DAY, at=now, **by)
    minute = timedelta(minutes=1)
    assert said(told_at=now - 2 * DAY, at=now + minute, **by) != first
    today = said(told_at=now + 2 * minute, at=now + 2 * minute, **by)
    # "Today" of a second click is a little later.
    assert said(told_at=now + 3 * minute, at=now + 3 * minute, **by) == today
    assert case.patienttold_set.count() == 3


@pytest.mark.usefixtures("demo")
def test_a_call_and_a_talk_of_long_ago_are_slips_of_the_year(client, cast):
    client.force_login(cast.user("bram"))
    called = {"called": "yes", "time": "10:00", "whom": "Police", "day": "2001-01-01"}
    page = client.post(f"/patients/{cast.amina.pk}/harm/", called)
    assert "Check the year. This day is long ago." in page.content.decode()
    case = cases.opened(cast)
    said = {"day": "1/1/2001", "words": "I told."}
    page = client.post(f"/cases/{case.pk}/told/", said)
    assert "Check the year. This day is long ago." in page.content.decode()
    assert not case.patienttold_set.exists()


@pytest.mark.security("T69")
def test_what_was_changed_since_it_was_read_is_not_picked(client, cast, demo):
    """Found: the author read one text, the patient changed it, and that one opened."""
    case, item = cases.opened(cast), condition(cast)
    cases.steps(cast, case)
    key = cases.key_of(item)
    item.name, item.version = "CNRYmore than was read", item.version + 1
    item.save()
    client.force_login(cast.user("bram"))
    read = {"inside": [str(cast.jon.pk)], "days": "1", "why": "Helps.", "said": "Whom."}
    place = f"/cases/{case.pk}/content/"
    page = client.post(place, read | {"items": [key]}).content.decode()
    assert "was changed since" in page and key not in page
    assert cases.key_of(item) in page and not case.casecontent_set.exists()
    sent = client.post(place, read | {"items": [cases.key_of(item)]})
    assert sent.status_code == 302


@pytest.mark.capability("S70")
def test_whoever_neither_told_the_patient_nor_gave_a_reason_is_reminded_once(cast):
    """Found: the rows show by themselves after a day, and nobody was told to tell."""
    case = cases.opened(cast)
    cases.steps(cast, case)
    cases.content(cast, case, condition(cast))
    due = waits.document_by(case)
    assert (case, "telling") not in cases_late(due - timedelta(seconds=1))
    assert (case, "telling") in cases_late(due)
    for _sweep in range(2):
        causes.remind_of_cases(at=due)
    bram = Notice.objects.filter(user=cast.user("bram"), about=case.pk)
    assert bram.filter(channel="in_app").count() == 1
    by = {"by": cast.user("bram"), "at": due}
    exceptional.wait_to_tell(case=case, reason="At risk.", until=due + DAY, **by)
    assert not [each for each, _cause in cases_late(due) if each == case]


def test_what_is_to_do_afterwards_is_due_today_at_the_soonest():
    typed = {"what": "See them", "who": "Bram", "due_date": "Nov 3, 2020"}
    assert AftercareForm(typed).errors == {"due_date": ["Enter today or a later day."]}
    assert AftercareForm(typed | {"due_date": "today"}).is_valid()


@pytest.mark.parametrize(
    "form", [CallForm, ConsultationForm, AftercareForm, ReportForm]
)
def test_no_browser_cuts_short_what_is_signed_or_reported(form):
    """What was pasted and too long once lost its end unsaid, without any error."""
    fields = form.base_fields.values()
    assert not [each for each in fields if "maxlength" in each.widget.attrs]
