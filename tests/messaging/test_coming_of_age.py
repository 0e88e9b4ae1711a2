"""T93, X1: told 90, 30 and 7 days before; then keep, change or stop."""

import uuid
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from carecoord import zones
from carecoord.models import User
from consents import actions
from consents.access import Reading
from consents.codes import CATEGORIES
from consents.models import Consent, Representative
from messaging.access.notices import lines_for
from messaging.actions.coming_of_age import remind_of_majority
from messaging.models import Notice
from patients.actions import invitations
from tests.cast import CARE
from tests.consents.acting import child, record, relative
from tests.consents.views.pages import Pages, text_of

DAY = timedelta(days=1)


@pytest.fixture
def family(cast):
    """Noor turns 18 in about 200 days."""
    born = (cast.at + timedelta(days=200)).date()
    noor = child(cast, born=date(born.year - 18, born.month, min(born.day, 28)))
    rosa = relative(noor, "Rosa Haddad")
    record(cast, noor, rosa, "parent")
    return noor, rosa


def lines(user, at) -> list[str]:
    reading = Reading(user=user, entrance="messaging:notices")
    reading.at = at
    return [line.text for line in lines_for(reading)]


@pytest.mark.security("T93")
@pytest.mark.capability("X1")
def test_child_and_parent_are_told_three_times_and_not_after_it(family):
    noor, rosa = family
    over = noor.majority_at
    assert remind_of_majority(at=over - 91 * DAY) == 0
    for days in (90, 60, 30, 10, 7, 1):
        remind_of_majority(at=over - days * DAY)
    mine = Notice.objects.filter(kind="coming_of_age", channel="in_app")
    assert mine.filter(user=noor.user).count() == 3
    assert mine.filter(user=rosa.user).count() == 3
    assert "you alone decide" in lines(noor.user, over - DAY)[0]
    assert "no longer act for them" in lines(rosa.user, over - DAY)[0]
    assert lines(rosa.user, over) == [] and lines(noor.user, over) == []
    assert remind_of_majority(at=over) == 0


@pytest.mark.security("T93")
def test_an_ended_parent_is_told_nothing(cast, family):
    noor, rosa = family
    remind_of_majority(at=noor.majority_at - 20 * DAY)
    held = noor.representatives.get()
    actions.end_representative(representative=held, by=cast.ines, at=cast.at)
    assert lines(rosa.user, noor.majority_at - 10 * DAY) == []


@pytest.mark.parametrize("who", ["parent", "nobody"])
def test_the_birthday_stands_on_the_childs_home_from_90_days_before(cast, client, who):
    born = (cast.at + timedelta(days=80)).date()
    noor = child(cast, born=date(born.year - 18, born.month, min(born.day, 28)))
    if who == "parent":
        record(cast, noor, relative(noor, "Rosa Haddad"), "parent")
    html = text_of(Pages(client, noor.user, noor).client.get(noor_home(noor)))
    assert ("you alone decide who sees what" in html) is (who == "parent")


def test_a_far_birthday_does_not_stand_on_the_home(family, client):
    noor, _rosa = family
    html = text_of(Pages(client, noor.user, noor).client.get(noor_home(noor)))
    assert "you alone decide who sees what" not in html


def test_what_ends_then_stands_where_the_notice_leads(family, client):
    """A child of 17 was told to see it, and came to a page without a word of it."""
    noor, rosa = family
    remind_of_majority(at=noor.majority_at - 6 * DAY)
    pages = Pages(client, noor.user, noor)
    reading = Reading(user=noor.user, entrance="messaging:notices")
    reading.at = noor.majority_at - 6 * DAY
    assert lines_for(reading)[0].url == pages.address("representatives")
    html = text_of(pages.get("representatives"))
    day, carried = noor.majority_at, noor.carried_until - DAY
    assert f"What ends on {day:%b} {day.day}, {day.year}" in html
    assert f"goes on until {carried:%b} {carried.day}, {carried.year}" in html
    parent = Pages(Client(), rosa.user, noor)
    assert "What ends on" not in text_of(parent.get("representatives"))


def noor_home(noor) -> str:
    return reverse("patients:chart", args=[noor.pk])


# Keep, change or stop ---------------------------------------------------------------


@pytest.fixture
def adult(cast, family, settings, monkeypatch):
    """The day after: Noor signs in. Her mother had signed for Bram."""
    settings.DEMO = True
    noor, _rosa = family
    held = noor.representatives.get()
    actions.join(
        patient=noor, party=cast.bram, role="psychiatrist", by=noor.user, at=cast.at
    )
    actions.grant(
        patient=noor,
        terms=actions.Terms(
            cast.bram, CATEGORIES["goals"], CARE, cast.at, cast.at + 400 * DAY
        ),
        signature=actions.Signature("Rosa Haddad", "x", "x", "test", "parent", held),
        by=held.party.user,
        at=cast.at,
    )
    actions.acknowledge_limits(
        limits=settings.JURISDICTION.limits, by=noor.user, at=cast.at
    )
    after = noor.majority_at + timedelta(hours=9)
    monkeypatch.setattr("consents.access.reading.database_now", lambda: after)
    return Pages(Client(), noor.user, noor)


@pytest.mark.capability("X1")
def test_the_first_page_of_a_new_adult_is_keep_change_or_stop(adult):
    assert adult.client.get("/").url == adult.address("grown_up")
    html = text_of(adult.get("grown_up"))
    consent = Consent.objects.latest("signed_at")
    assert "Signed for you by Rosa Haddad" in html
    assert adult.address("revoke", consent.pk) in html
    assert f"{adult.address('grant')}?again={consent.pk}" in html


@pytest.mark.capability("X1")
def test_nobody_is_told_to_be_an_adult_before_the_day(adult, monkeypatch):
    """A patient of 15 read there that her parents see nothing any more."""
    day_before = adult.patient.majority_at - DAY
    monkeypatch.setattr("consents.access.reading.database_now", lambda: day_before)
    assert adult.get("grown_up").status_code == 404
    assert "an adult" not in text_of(adult.page)


@pytest.mark.capability("X1")
def test_every_page_says_the_same_end_of_what_a_parent_signed(adult, monkeypatch):
    """The day on which the rule stops it, not the later one that was signed."""
    noor = adult.patient
    until = zones.day_words(zones.last_day(noor.carried_until, noor.time_zone))
    home = reverse("patients:chart", args=[noor.pk])
    assert f"It goes on until {until}." in text_of(adult.get("grown_up"))
    assert f"Sharing until {until}" in text_of(adult.get("sharing"))
    assert f"Sharing until {until}" in text_of(adult.client.get(home))
    over = noor.carried_until + timedelta(hours=1)
    monkeypatch.setattr("consents.access.reading.database_now", lambda: over)
    assert "Sharing until" not in text_of(adult.get("sharing"))


def test_keeping_takes_the_own_signature(adult, cast):
    old = Consent.objects.latest("signed_at")
    adult.get("grant", again=old.pk)
    adult.send(preset="own", kinds=["goals"])
    adult.send(purposes=["TREAT", "COC"], ends="6")
    adult.sign(signed_name="Noor Haddad")
    new = Consent.objects.latest("signed_at")
    assert new.supersedes == old and new.representative is None
    assert adult.client.get("/").url == reverse(
        "patients:chart", args=[adult.patient.pk]
    )


def test_stopping_it_is_one_page(adult):
    old = Consent.objects.latest("signed_at")
    adult.page = adult.client.get(adult.address("revoke", old.pk))
    adult.send()
    old.refresh_from_db()
    assert old.revoked_at
    assert "Nothing that others signed" in text_of(adult.get("grown_up"))


def test_it_is_never_carried_on_under_the_parents_signature(adult, cast):
    old = Consent.objects.latest("signed_at")
    assert adult.get("change", old.pk).status_code == 404
    terms = actions.Terms(
        cast.bram, CATEGORIES["goals"], CARE, old.starts_at, old.ends_at
    )
    blank = actions.Signature("x", "x", "x", "x")
    with pytest.raises(actions.RuleError):
        actions.narrow(
            consent=old, terms=terms, signature=blank, by=old.signed_by, at=cast.at
        )


# The privacy officer's commands ------------------------------------------------------


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_officer_records_and_ends_by_command(cast):
    rosa = relative(cast.amina, "Rosa Diallo")
    words = [
        *("--patient", str(cast.amina.pk), "--person", str(rosa.pk)),
        *("--kind", "guardian", "--document", "Order of Jan 5", "--may-sign"),
        *("--categories", "goals", "--until", "2030-01-31"),
    ]
    with pytest.raises(CommandError):
        run("record_representative", *words, "--by", cast.user("bram").email)
    run("record_representative", *words, "--by", cast.ines.email)
    held = Representative.objects.get()
    assert held.categories == CATEGORIES["goals"] and held.may_sign
    assert held.ends_at.isoformat() == "2030-02-01T05:00:00+00:00"
    with pytest.raises(CommandError):
        run("end_representative", str(held.pk), "--by", cast.edo.email)
    run("end_representative", str(held.pk), "--by", cast.ines.email)
    held.refresh_from_db()
    assert held.ended_at
    run(
        *("record_death", "--patient", str(cast.amina.pk)),
        *("--document", "Certificate of Jan 9"),
        *("--day", "2026-01-31", "--by", cast.ines.email),
    )
    cast.amina.refresh_from_db()
    assert cast.amina.died_at


@pytest.mark.security("T92", "L22")
def test_what_is_shared_already_is_listed_without_the_address(cast):
    user = User.objects.create_user("a.mina+hana@cast.example", "x" * 20, name="H D")
    close = relative(cast.amina, "H Diallo", user=user)
    phone = relative(cast.amina, "Lou Diallo", phone="+1 555 010 0199")
    relative(cast.amina, "Al Diallo", phone="+1 555 010 0198")
    said = run("shared_contacts")
    assert f"patient {cast.amina.pk}, person {close.pk}: same address" in said
    assert f"patient {cast.amina.pk}, person {phone.pk}: same number" in said
    assert "@" not in said and "0199" not in said and "2 found." in said


@pytest.mark.security("T92", "L22")
@pytest.mark.parametrize("email", ["AMINA+x@cast.example", "a.m.i.n.a@cast.example"])
def test_family_cannot_join_with_the_patients_own_mailbox(cast, email):
    user = User.objects.create_user(email, "x" * 20, name="Hana Two")
    sent = invitations.invite(
        role="caregiver",
        invitee=invitations.Invitee(name="Hana Two"),
        categories=0,
        by=cast.amina.user,
        at=cast.at,
        key=uuid.uuid4(),
        patient=cast.amina,
    )
    with pytest.raises(invitations.InvitationError) as refused:
        invitations.accept(invitation=sent.invitation, by=user, at=cast.at)
    assert "of your own" in str(refused.value)
