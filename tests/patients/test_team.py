"""The care team page: who helps, what they own, and how it ends."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carecoord.models import User
from consents import actions as consents
from consents.codes import CATEGORIES
from consents.decisions import Reader
from consents.models import Consent, Disclosure
from consents.scopes import scope
from patients import duties
from patients.actions import team as actions
from patients.actions.team import PaperPerson
from patients.models import Condition
from providers import actions as providers
from providers.models import CareTeamParticipant, PractitionerRole
from tests.cast import permit
from tests.consents.tabs import GONE, STILL, asked, tab
from tests.patients import records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def look(client, cast, who="amina") -> str:
    client.force_login(cast.user(who))
    return client.get(f"/patients/{cast.amina.pk}/team/").content.decode()


def member(cast, who) -> CareTeamParticipant:
    return CareTeamParticipant.objects.current().get(
        patient=cast.amina, party=getattr(cast, who)
    )


def send(client, cast, address, **answers):
    client.force_login(cast.amina.user)
    return client.post(f"/patients/{cast.amina.pk}/team/{address}", answers)


@pytest.mark.capability("S7")
def test_each_card_says_role_numbers_and_what_is_shared(client, cast):
    practitioner = cast.bram.practitioner
    practitioner.best_way, practitioner.reply_time = "Fax 555 0199", "2 working days"
    practitioner.after_hours_phone = "Answering service, 555 0111"
    practitioner.save()
    page = look(client, cast)
    for words in (
        "Dr. Bram Visser",
        "Decides on medicines for mental health and answers updates.",
        "(555) 010-0110",
        "Answering service, 555 0111",
        "Fax 555 0199",
        "2 working days",
        "Not given",
        "Sharing until",
        "Not shared",
    ):
        assert words in page
    assert 'href="tel:5550100110"' in page


@pytest.mark.security("T52")
def test_a_name_in_letters_that_look_like_another_is_said_to_its_patient(client, cast):
    assert "written in other letters" not in look(client, cast)
    for who, name in (("jon", "Dr. Eva Poe"), ("chidi", "Dr. Еѵа Рое")):
        type(getattr(cast, who)).objects.filter(pk=getattr(cast, who).pk).update(
            name=name
        )
    page = look(client, cast)
    assert page.count("is written in other letters") == 2
    assert "looks like Dr. Eva Poe" in page and "looks like Dr. Еѵа Рое" in page
    permit(cast.amina, cast.bram, at=cast.at, categories=CATEGORIES["care_team"])
    assert "other letters" not in look(client, cast, "bram")


def test_an_empty_team_asks_for_the_first_person(client, cast):
    client.force_login(cast.gus.user)
    CareTeamParticipant.objects.filter(patient=cast.gus).delete()
    page = client.get(f"/patients/{cast.gus.pk}/team/").content.decode()
    assert "Add the first person who helps with your care." in page


def test_somebody_on_paper_can_be_called_and_sees_nothing(client, cast):
    send(
        client,
        cast,
        "add/",
        name="Dr. Pia Paper",
        role="primary_care",
        phone="555 0123",
        duties=["labs"],
        other_duties="thyroid",
    )
    found = CareTeamParticipant.objects.get(party__name="Dr. Pia Paper")
    assert found.party.user is None
    assert found.owns == "Labs and weight; thyroid"
    page = look(client, cast)
    assert "On paper only" in page
    assert "555 0123" in page


@pytest.mark.capability("S35")
def test_each_row_has_one_owner_and_an_empty_one_is_visible(client, cast):
    page = look(client, cast)
    assert page.count("No one yet: ask at your next visit") == len(duties.DUTIES)
    send(
        client, cast, f"{member(cast, 'bram').pk}/change/", duties=["medicines", "labs"]
    )
    send(client, cast, f"{member(cast, 'jon').pk}/change/", duties=["labs"])
    assert member(cast, "bram").owns == "Changes mental health medicines"
    assert member(cast, "jon").owns == "Labs and weight"
    page = look(client, cast)
    assert page.count("No one yet: ask at your next visit") == len(duties.DUTIES) - 2


@pytest.mark.capability("S12")
def test_the_medicine_list_has_a_named_owner(client, cast):
    send(client, cast, "list-owner/", owner=str(member(cast, "jon").pk))
    cast.amina.refresh_from_db()
    assert cast.amina.list_owner == cast.jon
    page = look(client, cast)
    assert "Keeps the medicine list" in page
    send(client, cast, "list-owner/", owner="patient")
    cast.amina.refresh_from_db()
    assert cast.amina.list_owner is None


@pytest.mark.parametrize(
    "owner", ["", "nobody", "00000000-0000-4000-8000-000000000000"]
)
def test_only_somebody_of_the_team_keeps_the_list(client, cast, owner):
    response = send(client, cast, "list-owner/", owner=owner)
    assert response.status_code == 200
    cast.amina.refresh_from_db()
    assert cast.amina.list_owner is None


@pytest.mark.parametrize("how", ["remove", "block"])
def test_removing_ends_membership_and_sharing_in_one_second(client, cast, how):
    gone = member(cast, "bram")
    cast.amina.list_owner = cast.bram
    cast.amina.save()
    send(client, cast, f"{gone.pk}/remove/", how=how)
    gone.refresh_from_db()
    assert gone.end_reason == ("blocked" if how == "block" else "ended_by_patient")
    assert gone.ended_by == cast.amina.user
    cast.amina_to_bram.refresh_from_db()
    assert cast.amina_to_bram.revoked_by == cast.amina.user
    cast.amina.refresh_from_db()
    assert cast.amina.list_owner is None
    client.force_login(cast.bram.user)
    assert client.get(f"/patients/{cast.amina.pk}/team/").status_code == 404
    page = look(client, cast)
    assert "No longer on your care team (2)" in page  # and Fatou, who left


def test_a_new_permission_to_a_removed_person_opens_nothing(cast):
    actions.remove(participant=member(cast, "bram"), by=cast.amina.user, at=cast.at)
    permit(cast.amina, cast.bram, at=cast.at)
    reader = Reader(cast.bram.user_id, "TREAT", cast.at)
    assert scope(cast.amina.pk, reader).categories == 0


def test_membership_is_ended_and_never_deleted(cast):
    before = CareTeamParticipant.objects.count(), Consent.objects.count()
    actions.remove(participant=member(cast, "jon"), by=cast.amina.user, at=cast.at)
    assert (CareTeamParticipant.objects.count(), Consent.objects.count()) == before


def test_if_sharing_cannot_be_ended_nobody_leaves(cast, monkeypatch):
    def fails(**kwargs):
        raise RuntimeError

    monkeypatch.setattr(actions.consents, "leave", fails)
    with pytest.raises(RuntimeError):
        actions.remove(participant=member(cast, "bram"), by=cast.amina.user, at=cast.at)
    cast.amina_to_bram.refresh_from_db()
    assert cast.amina_to_bram.revoked_at is None


def test_the_roster_is_shared_only_by_name_and_is_logged(client, cast):
    page = look(client, cast, "bram")
    assert "Chidi Okafor" in page
    row = Disclosure.objects.filter(patient=cast.amina, user=cast.bram.user).last()
    assert row.categories == CATEGORIES["care_team"]
    assert row.consents == [str(cast.amina_to_bram.pk)]
    assert row.basis == "consent"


@pytest.mark.security("T32", "L06")
@pytest.mark.parametrize("who", ["chidi", "hana"])
def test_without_the_roster_shared_nobody_is_named(client, cast, who):
    page = look(client, cast, who)
    assert "The care team is not part of what is shared with you. Ask." in page
    names = {"Dr. Bram Visser", "Dr. Jon Ortiz", "Hana Diallo", "Chidi Okafor"}
    own = {"chidi": "Chidi Okafor", "hana": "Hana Diallo"}[who]
    for name in names - {own}:
        assert name not in page
    assert "Who does what" not in page


def test_a_permission_without_the_roster_does_not_open_it(client, cast):
    permit(cast.amina, cast.chidi, at=cast.at, categories=CATEGORIES["medications"])
    assert "Dr. Bram Visser" not in look(client, cast, "chidi")


def test_another_reader_gets_no_buttons_and_no_states(client, cast):
    page = look(client, cast, "bram")
    for words in ("Invite someone", "Remove", "Sharing until", "Not shared"):
        assert words not in page


@pytest.mark.security("L06")
@pytest.mark.parametrize("address", ["add/", "list-owner/"])
def test_only_the_patient_changes_the_team(client, cast, address):
    for who in ("bram", "chidi", "hana", "dana", "edo", "gus"):
        client.force_login(cast.user(who))
        url = f"/patients/{cast.amina.pk}/team/{address}"
        assert client.post(url).status_code == 404
    for address in ("change/", "remove/"):
        client.force_login(cast.bram.user)
        url = f"/patients/{cast.amina.pk}/team/{member(cast, 'jon').pk}/{address}"
        assert client.post(url).status_code == 404
        client.force_login(cast.gus.user)
        url = f"/patients/{cast.gus.pk}/team/{member(cast, 'jon').pk}/{address}"
        assert client.post(url).status_code == 404
    assert member(cast, "jon").ended_at is None


def test_the_card_of_somebody_who_signs_in_is_their_own(cast):
    with pytest.raises(ValueError, match="keeps their own card"):
        actions.change_paper_card(
            participant=member(cast, "bram"), phone="1", after_hours_phone=""
        )


@pytest.mark.parametrize("who", ["amina", "bram"])
def test_the_page_costs_the_same_for_4_and_for_24(client, cast, who):
    look(client, cast, who)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            look(client, cast, who)
        counts.append(len(found))
        for number in range(20):
            actions.add_on_paper(
                patient=cast.amina,
                person=PaperPerson(f"Person {number}", "therapist"),
                by=cast.amina.user,
                at=cast.at,
            )
    assert counts[0] == counts[1]


def test_duties_are_read_back_as_they_were_written():
    text = duties.text_of(["labs", "medicines"], "CBT;  thyroid ")
    assert text == "Changes mental health medicines; Labs and weight; CBT; thyroid"
    assert duties.duties_in(text) == {"labs", "medicines"}
    assert duties.other_in(text) == "CBT; thyroid"
    with pytest.raises(KeyError):
        duties.text_of(["nothing"], "")


# Staff ------------------------------------------------------------------------------


def test_a_clinician_joins_an_organization_once(cast, capsys):
    call_command("join_organization", "dana@cast.example", "harbor clinic")
    call_command("join_organization", "dana@cast.example", "Harbor Clinic")
    said = capsys.readouterr().out
    assert "works for Harbor Clinic" in said
    assert "worked for already" in said
    assert "slip" not in said
    call_command("join_organization", "dana@cast.example", "Harbor Clinik")
    assert "Nobody else works for Harbor Clinik." in capsys.readouterr().out
    assert (
        PractitionerRole.objects.filter(
            practitioner=cast.dana.practitioner, organization=cast.harbor
        ).count()
        == 1
    )


def test_joining_an_organization_puts_nobody_on_a_care_team(cast):
    permit(cast.amina, cast.harbor.party, at=cast.at)
    call_command("join_organization", "dana@cast.example", "Harbor Clinic")
    reader = Reader(cast.dana.user_id, "TREAT", cast.at)
    assert scope(cast.amina.pk, reader).categories == 0
    consents.join(
        patient=cast.amina,
        party=cast.dana,
        role="psychiatrist",
        by=cast.amina.user,
        at=cast.at,
    )
    assert scope(cast.amina.pk, reader).categories


@pytest.mark.parametrize(
    ("email", "name", "said"),
    [
        ("nobody@cast.example", "Harbor Clinic", "Nobody signs in as"),
        ("amina@cast.example", "Harbor Clinic", "is not a clinician"),
        ("dana@cast.example", "  ", "Name the organization"),
    ],
)
def test_joining_says_what_is_wrong(cast, email, name, said):
    with pytest.raises(CommandError, match=said):
        call_command("join_organization", email, name)


@pytest.mark.security("L18", "T16", "T23")
def test_whoever_leaves_an_organization_loses_what_it_was_given(cast, settings):
    """At the next request, in an open tab, and with no day to wait for."""
    settings.DEMO = True
    records.item(Condition, cast.amina, "conditions", cast.at, name="CNRYseen")
    call_command("join_organization", "dana@cast.example", "Harbor Clinic")
    permit(cast.amina, cast.harbor.party, at=cast.at)
    by = {"by": cast.amina.user, "at": cast.at}
    consents.join(patient=cast.amina, party=cast.dana, role="psychiatrist", **by)
    dana, shown = tab(cast, "dana")
    chart = f"/patients/{cast.amina.pk}/"
    assert b"CNRYseen" in dana.get(chart).content and asked(dana, shown) == STILL
    who = ("leave_organization", "dana@cast.example", "harbor clinic")
    call_command(*who, by="ines@cast.example")
    assert asked(dana, shown) == GONE
    assert b"CNRYseen" not in dana.get(chart).content
    with pytest.raises(CommandError, match="does not work for"):
        call_command(*who, by="ines@cast.example")


@pytest.mark.security("T23")
def test_without_the_gate_the_tab_stays_open(cast, settings, monkeypatch):
    """The vulnerable twin: the role ends, and no gate is told."""
    from patients.actions import people

    monkeypatch.setattr(people.gate, "bump", lambda patient_id: 1)
    with pytest.raises(AssertionError, match="204 == 286"):
        test_whoever_leaves_an_organization_loses_what_it_was_given(cast, settings)


# Settings ---------------------------------------------------------------------------

SETTINGS = {"time_zone": "America/Denver", "mail_when": "any"}


def test_everyone_sets_zone_and_discreet_messages(client, cast):
    for who in ("amina", "bram", "hana", "ines", "edo"):
        user = cast.user(who)
        client.force_login(user)
        answers = SETTINGS | {"name": user.name, "discreet": "on"}
        assert client.post("/settings/", answers).status_code == 302
        user.refresh_from_db()
        assert (user.time_zone, user.discreet) == ("America/Denver", True)
    cast.amina.refresh_from_db()
    assert cast.amina.time_zone == "America/Denver"


def test_an_unknown_zone_is_refused(client, cast):
    client.force_login(cast.amina.user)
    page = client.post("/settings/", {"time_zone": "Mars/Olympus"}).content.decode()
    assert "Choose a time zone from the list." in page


def test_a_clinicians_new_name_has_to_be_checked_again(client, cast):
    practitioner = cast.bram.practitioner
    practitioner.licence_checked_at, practitioner.licence_checked_by = (
        cast.at,
        cast.ines,
    )
    practitioner.save()
    client.force_login(cast.bram.user)
    answers = SETTINGS | {"name": "Dr. Bram Visser"}
    client.post("/settings/", answers)
    practitioner.refresh_from_db()
    assert practitioner.licence_checked_at == cast.at
    client.post("/settings/", answers | {"name": "Dr. Somebody Else"})
    practitioner.refresh_from_db()
    cast.bram.refresh_from_db()
    assert cast.bram.name == "Dr. Somebody Else"
    assert practitioner.licence_checked_at is None


def test_a_patients_name_is_changed_in_the_record_and_not_here(client, cast):
    client.force_login(cast.amina.user)
    answers = SETTINGS | {"name": "Another"}
    client.post("/settings/", answers)
    assert User.objects.get(pk=cast.amina.user_id).name == "Amina Diallo"


@pytest.mark.capability("S55")
def test_a_clinicians_card_is_said_once_and_read_by_the_patient(client, cast):
    client.force_login(cast.chidi.user)
    card = {"phone": "555 0177", "reply_time": "Two working days"}
    client.post("/settings/card/", card | {"best_way": "Call before noon"})
    page = look(client, cast)
    for words in ("555 0177", "Two working days", "Call before noon"):
        assert words in page


def test_who_is_no_clinician_has_no_card(client, cast):
    client.force_login(cast.hana.user)
    assert client.get("/settings/card/")["Location"] == "/settings/"


def test_two_organizations_of_one_name_are_one(cast):
    providers.add_organization(name="River Clinic")
    call_command("join_organization", "dana@cast.example", "RIVER CLINIC")
    assert (
        PractitionerRole.objects.filter(
            organization__party__name__iexact="river clinic"
        ).count()
        == 1
    )


def places(cast) -> list[str]:
    """Where Dana works now."""
    now = PractitionerRole.objects.filter(practitioner__party=cast.dana, ended_at=None)
    return sorted(now.values_list("organization__party__name", flat=True))


def test_a_name_in_other_capitals_is_the_same_place_in_every_language(cast):
    """Found: SQLite knows no capitals but those of English, and began a second one."""
    dana = ("dana@cast.example",)
    call_command("join_organization", *dana, "Clínica Águila")
    call_command("join_organization", *dana, "CLÍNICA  A\u0301GUILA")
    assert places(cast) == ["Clínica Águila", "Far Hospital"]
    call_command("leave_organization", *dana, "clínica águila", by="ines@cast.example")
    assert places(cast) == ["Far Hospital"]


@pytest.mark.security("L18")
def test_leaving_ends_every_role_at_places_of_that_name(cast):
    """Found: two began at once under one name, and one role went on."""
    dana = cast.dana.practitioner
    for name in ("River Clinic", "RIVER CLINIC"):
        providers.join_organization(
            practitioner=dana,
            organization=providers.add_organization(name=name),
            by=dana.party.user,
            at=cast.at,
        )
    who = ("leave_organization", "dana@cast.example", "river clinic")
    call_command(*who, by="ines@cast.example")
    assert places(cast) == ["Far Hospital"]
