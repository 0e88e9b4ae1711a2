"""T93: a parent acts for a child, not for what is the child's own, and not after 18."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from consents import actions, representing
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Reader, decide
from consents.models import Consent, Disclosure
from consents.scopes import scope
from patients.actions import patients as patient_actions
from tests.cast import CARE, COORDINATION, permit, signature
from tests.consents.acting import child, record, relative
from tests.consents.test_decisions import condition
from tests.consents.views.pages import NOBODY, Pages, bare, text_of

TICK = timedelta(microseconds=1)
STILL = "consents.views.still"
MINUTE = timedelta(minutes=1)


def midnight(year: int, month: int, day: int, zone: str) -> datetime:
    return datetime(year, month, day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.fixture
def family(cast):
    """Noor, 17, who is 18 in ten days, and Rosa, who acts for her."""
    today = cast.at.date()
    soon = today + timedelta(days=10)
    noor = child(cast, born=soon.replace(year=soon.year - 18, day=min(soon.day, 28)))
    rosa = relative(noor, "Rosa Haddad")
    record(cast, noor, rosa, "parent")
    return noor, rosa


def acting(party, at) -> Reader:
    return Reader(party.user_id, "PWATRNY", at)


def sees(item, party, at) -> bool:
    return decide(item, acting(party, at)).permitted


def signed_by_parent(cast, noor, recipient, **terms) -> Consent:
    held = noor.representatives.get()
    return actions.grant(
        patient=noor,
        terms=actions.Terms(
            recipient=recipient,
            categories=COORDINATION,
            purposes=terms.pop("purposes", CARE),
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=300),
            **terms,
        ),
        signature=actions.Signature(
            "Rosa Haddad", "password", "x", "test", held.get_kind_display(), held
        ),
        by=held.party.user,
        at=cast.at,
    )


# The birthday --------------------------------------------------------------------

BIRTHDAYS = {
    "an ordinary day": (date(2008, 6, 15), "America/New_York", (2026, 6, 15)),
    "the day of the child's zone": (date(2008, 6, 15), "Asia/Tokyo", (2026, 6, 15)),
    "born on Feb 29": (date(2008, 2, 29), "America/New_York", (2026, 3, 1)),
    "clocks change that day": (date(2008, 3, 8), "America/New_York", (2026, 3, 8)),
    "no midnight that day": (date(2008, 9, 6), "America/Santiago", (2026, 9, 6)),
}


@pytest.mark.security("T93")
@pytest.mark.capability("X1")
@pytest.mark.parametrize("which", BIRTHDAYS)
def test_a_parents_authority_ends_at_local_midnight(cast, which):
    born, zone, day = BIRTHDAYS[which]
    began = datetime(2025, 1, 1, tzinfo=UTC)
    noor = child(cast, born=born, at=began, time_zone=zone)
    rosa = relative(noor, "Rosa Haddad")
    record(cast, noor, rosa, "parent", at=began)
    item = condition(cast, patient=noor, occurred_at=began, recorded_at=began)
    over = midnight(*day, zone)
    assert noor.majority_at == over
    assert sees(item, rosa, over - TICK)
    for later in (over, over + TICK, over + MINUTE, over + timedelta(days=400)):
        assert not sees(item, rosa, later)
    assert noor.age_on(date(*day)) == 18
    assert noor.age_on(date(*day) - timedelta(days=1)) == 17


@pytest.mark.security("T93")
def test_a_change_of_zone_on_that_day_moves_it_and_gives_nothing_back(cast, family):
    noor, rosa = family
    item = condition(cast, patient=noor)
    east = noor.majority_at
    patient_actions.change_details(
        patient=noor, by=noor.user, time_zone="America/Los_Angeles"
    )
    noor.refresh_from_db()
    assert noor.majority_at == east + timedelta(hours=3)
    assert sees(item, rosa, noor.majority_at - TICK)
    assert not sees(item, rosa, noor.majority_at)


@pytest.mark.security("T93")
def test_what_a_birthday_ended_no_correction_brings_back(cast, family, monkeypatch):
    """A wrong birth date, or a move west, after the day: nothing is granted again."""
    noor, rosa = family
    item = condition(cast, patient=noor)
    after = noor.majority_at + MINUTE
    monkeypatch.setattr("patients.actions.patients.database_now", lambda: after)
    patient_actions.change_details(
        patient=noor, by=noor.user, birth_date=noor.birth_date + timedelta(days=400)
    )
    noor.refresh_from_db()
    assert noor.majority_at > after
    assert not sees(item, rosa, after)


def test_a_birth_date_found_to_be_earlier_ends_it_at_once(cast, family):
    noor, rosa = family
    item = condition(cast, patient=noor)
    assert sees(item, rosa, cast.at)
    earlier = noor.birth_date - timedelta(days=60)
    patient_actions.change_details(patient=noor, by=noor.user, birth_date=earlier)
    assert not sees(item, rosa, cast.at)


def test_without_a_birth_date_a_parent_sees_nothing(cast, family):
    noor, rosa = family
    item = condition(cast, patient=noor)
    patient_actions.change_details(patient=noor, by=noor.user, birth_date=None)
    assert not sees(item, rosa, cast.at)


def test_nobody_is_recorded_as_the_parent_of_an_adult(cast):
    rosa = relative(cast.amina, "Rosa Diallo")
    with pytest.raises(actions.RuleError):
        record(cast, cast.amina, rosa, "parent")


# In the minute after, everywhere --------------------------------------------------


@pytest.mark.slow
@pytest.mark.security("T93", "T17")
@pytest.mark.capability("X1")
def test_pages_papers_and_lists_are_gone_in_the_minute_after(
    client, cast, family, settings, monkeypatch
):
    settings.DEMO = True
    noor, rosa = family
    condition(cast, patient=noor, name="CNRYnoor")
    client.force_login(rosa.user)

    def clock(at):
        for name in ("consents.access.reading", "patients.access.lists", STILL):
            monkeypatch.setattr(f"{name}.database_now", lambda: at)

    addresses = [
        reverse(f"patients:{name}", args=[noor.pk])
        for name in ("chart", "summary", "summary_text", "medicines", "summary_pdf")
    ] + [reverse(f"consents:{name}", args=[noor.pk]) for name in ("sharing", "grant")]
    clock(noor.majority_at - MINUTE)
    chart = text_of(client.get(addresses[0]))
    assert "CNRYnoor" in chart
    tab = "/still/?shown=" + re.search(r'data-shown="([^"]+)"', chart).group(1)
    assert client.get(tab).status_code == 204
    assert {client.get(each).status_code for each in addresses} == {200}
    read = Disclosure.objects.filter(user=rosa.user).count()
    clock(noor.majority_at)
    # A tab that was open all evening loses its text too.
    assert client.get(tab).status_code == 286
    for each in addresses:
        answer, nobody = (
            client.get(each),
            client.get(each.replace(str(noor.pk), NOBODY)),
        )
        assert answer.status_code == nobody.status_code == 404
        assert bare(answer, noor.pk) == bare(nobody)
    assert str(noor.pk) not in text_of(client.get("/patients/"))
    assert Disclosure.objects.filter(user=rosa.user).count() == read


# What is the child's own ----------------------------------------------------------


@pytest.mark.security("T93", "T94", "L23")
@pytest.mark.parametrize(
    "label",
    [
        "private",
        *(
            pytest.param(n, marks=pytest.mark.slow)
            for n in LABELS.by_name
            if n != "private"
        ),
    ],
)
def test_what_is_a_teenagers_own_is_kept_from_a_parent_without_a_trace(
    client, cast, family, settings, label
):
    """T93, T94: the parent's page is the same with and without it."""
    settings.DEMO = True
    noor, rosa = family
    pages = Pages(client, rosa.user, noor)

    def page() -> bytes:
        return pages.client.get(
            reverse("patients:summary_text", args=[noor.pk])
        ).content

    def same(content: bytes) -> str:
        lines = content.decode().splitlines()
        return "\n".join(line for line in lines if "Printed" not in line)[:-20]

    condition(cast, patient=noor, name="CNRYopen")
    before = same(page())
    assert "CNRYopen" in before
    item = condition(cast, patient=noor, name="CNRYown", labels=LABELS[label])
    assert same(page()) == before
    assert not sees(item, rosa, cast.at)


def test_only_me_of_a_child_holds_too(cast, family):
    noor, rosa = family
    item = condition(cast, patient=noor)
    actions.keep_back(item=item, by=noor.user, at=cast.at)
    assert not sees(item, rosa, cast.at)


@pytest.mark.security("T93")
def test_the_age_from_which_it_is_their_own_is_a_table_of_states(cast):
    """WA says 14 for HIV; a state without rows, or none, follows "*" with 12."""
    began = datetime(2025, 1, 1, tzinfo=UTC)
    for state, age, hidden in (
        ("WA", 13, False),
        ("WA", 14, True),
        ("TX", 11, False),
        ("TX", 12, True),
        ("", 12, True),
    ):
        born = date(2025 - age, 6, 1)
        noor = patient_actions.begin_record(
            name="Noor Haddad", birth_date=born, user=None, at=began, state=state
        )
        rosa = relative(noor, f"Rosa{state}{age} Haddad")
        record(cast, noor, rosa, "parent", at=began)
        item = condition(
            cast, patient=noor, labels=LABELS["hiv"], recorded_by=cast.ines
        )
        at = datetime(2025, 7, 1, tzinfo=UTC)
        assert sees(item, rosa, at) is not hidden, (state, age)


def test_every_label_of_the_rule_has_an_age_in_the_table():
    from carecoord import jurisdiction

    assert set(LABELS.by_name) == jurisdiction.SENSITIVE
    rules = django_settings.JURISDICTION.confidential_from
    assert {rule.label for rule in rules if rule.state == "*"} == set(LABELS.by_name)


def test_in_doubt_about_the_day_the_child_has_had_the_birthday():
    at = datetime(2026, 6, 14, 10, 30, tzinfo=UTC)  # June 15 begins in Kiritimati
    assert representing.born_by(12, at) == date(2014, 6, 15)
    assert representing.born_by(1, datetime(2028, 2, 29, 5, tzinfo=UTC)) == date(
        2027, 2, 28
    )


def test_a_parent_shares_nothing_that_is_the_childs_own(client, cast, family, settings):
    settings.DEMO = True
    noor, rosa = family
    actions.join(
        patient=noor, party=cast.bram, role="psychiatrist", by=rosa.user, at=cast.at
    )
    pages = Pages(client, rosa.user, noor)
    pages.get("grant")
    pages.send(recipient=str(cast.bram.pk))
    page = pages.send(preset="coordination", apart=["hiv"])
    assert "does not cover all of this" in text_of(page)
    page = pages.send(preset="coordination")
    assert "Why do you share it?" in text_of(page)


def test_a_parent_knows_nothing_of_what_a_child_signed_alone(
    client, cast, family, settings
):
    settings.DEMO = True
    noor, rosa = family
    actions.join(
        patient=noor, party=cast.bram, role="psychiatrist", by=noor.user, at=cast.at
    )
    own = actions.grant(
        patient=noor,
        terms=actions.Terms(
            recipient=cast.bram,
            categories=CATEGORIES["goals"],
            labels=LABELS["hiv"],
            purposes=CARE,
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=30),
        ),
        signature=signature(noor),
        by=noor.user,
        at=cast.at,
    )
    shared = signed_by_parent(cast, noor, cast.bram)
    pages = Pages(client, rosa.user, noor)
    for name in ("sharing", "receipts"):
        html = text_of(pages.get(name))
        assert str(own.pk) not in html and "HIV" not in html and own.number not in html
    assert pages.get("receipt", own.pk).status_code == 404
    assert pages.get("revoke", own.pk).status_code == 404
    pages.page = client.get(pages.address("revoke", shared.pk))
    pages.send()
    own.refresh_from_db()
    shared.refresh_from_db()
    assert shared.revoked_at and own.revoked_at is None


# Thirty days on -------------------------------------------------------------------


@pytest.mark.capability("X1")
def test_what_a_parent_signed_for_clinicians_goes_on_thirty_days_unlabelled(
    cast, family
):
    noor, _rosa = family
    actions.join(
        patient=noor, party=cast.bram, role="psychiatrist", by=noor.user, at=cast.at
    )
    signed_by_parent(cast, noor, cast.bram, labels=LABELS["violence"])
    plain = condition(cast, patient=noor)
    labelled = condition(cast, patient=noor, labels=LABELS["violence"])

    def bram(at):
        return Reader(cast.user("bram").pk, "TREAT", at)

    day18, over = noor.majority_at, noor.majority_at + timedelta(days=30)
    # At 17 it is the child's own to sign for already.
    assert not decide(labelled, bram(day18 - TICK)).permitted
    assert not decide(labelled, bram(day18)).permitted
    assert decide(plain, bram(day18)).permitted
    assert decide(plain, bram(over - TICK)).permitted
    assert not decide(plain, bram(over)).permitted
    assert scope(noor.pk, bram(over - TICK)).has("conditions")
    assert not scope(noor.pk, bram(over)).categories


def test_what_a_parent_signed_for_family_ends_on_the_day(cast, family):
    noor, _rosa = family
    aunt = relative(noor, "Hind Haddad")
    actions.join(patient=noor, party=aunt, role="caregiver", by=noor.user, at=cast.at)
    signed_by_parent(cast, noor, aunt, purposes=4)
    item = condition(cast, patient=noor)
    reader = Reader(aunt.user_id, "FAMRQT", noor.majority_at - TICK)
    assert decide(item, reader).permitted
    reader = Reader(aunt.user_id, "FAMRQT", noor.majority_at)
    assert not decide(item, reader).permitted


def test_a_parent_who_stops_sharing_reads_nothing_of_what_a_child_signed_alone(
    client, cast, family, settings
):
    settings.DEMO = True
    noor, rosa = family
    actions.join(
        patient=noor, party=cast.jon, role="primary_care", by=noor.user, at=cast.at
    )
    signed_by_parent(cast, noor, cast.jon)
    permit(noor, cast.harbor.party, at=cast.at)
    pages = Pages(client, rosa.user, noor)
    html = text_of(pages.get("revoke", cast.jon.pk))
    assert "Dr. Jon Ortiz" in html and cast.harbor.party.name not in html


def test_a_corrected_birth_date_gives_nobody_back_what_a_parent_signed(cast, family):
    noor, _rosa = family
    item = condition(cast, patient=noor)
    aunt = relative(noor, "Aunt Haddad")
    actions.join(patient=noor, party=aunt, role="caregiver", by=noor.user, at=cast.at)
    signed_by_parent(cast, noor, aunt, purposes=PURPOSES["FAMRQT"])
    family_reader = Reader(aunt.user_id, "FAMRQT", cast.at)
    assert decide(item, family_reader).permitted
    earlier = noor.birth_date - timedelta(days=60)
    patient_actions.change_details(patient=noor, by=noor.user, birth_date=earlier)
    assert not decide(item, family_reader).permitted
    later = noor.birth_date + timedelta(days=60)
    patient_actions.change_details(patient=noor, by=noor.user, birth_date=later)
    assert not decide(item, family_reader).permitted
