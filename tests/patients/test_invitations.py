"""Someone is invited, accepts, is confirmed: and nothing opens a step too early."""

import hashlib
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models import F

from carecoord.models import OutgoingMail, User
from consents.codes import CATEGORIES
from consents.models import Consent, ConsentRequest, Invitation
from patients.models import Patient
from providers.models import CareTeamParticipant, Party
from tests.cast import COORDINATION
from tests.consents.views.pages import reply, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
LEE = {
    "name": "Dr. Lee",
    "role": "psychiatrist",
    "address": "lee@example.org",
    "share": "coordination",
}
ACCEPT = "/invitation/accept/"
DETAILS = {"profession": "psychiatrist", "licence_state": "NY", "licence_number": "77"}


def form_key() -> str:
    return str(uuid.uuid4())


def invite(client, cast, **answers):
    """Amina invites; returns the page that she sees once."""
    client.force_login(cast.amina.user)
    address = f"/patients/{cast.amina.pk}/team/invite/"
    return client.post(address, LEE | {"form_key": form_key()} | answers)


def link_in(mail: OutgoingMail) -> str:
    line = next(line for line in mail.body.splitlines() if "://" in line)
    return "/" + line.split("/", 3)[3]


def sent_link(client, cast, **answers) -> str:
    invite(client, cast, **answers)
    return link_in(OutgoingMail.objects.get(key__startswith="invitation:"))


def accepted(client, cast, name="Dr. Pat Lee", **answers) -> User:
    """Somebody new opens the link, signs in, says who they are, accepts."""
    link = sent_link(client, cast, **answers)
    someone = User.objects.create_user("lee@example.org", name=name)
    client.force_login(someone)
    client.get(link)
    details = {} if answers.get("role") == "caregiver" else DETAILS
    assert reply(client, ACCEPT, details).status_code == 302
    return someone


def confirm(client, cast, **answers):
    client.force_login(cast.amina.user)
    pk = Invitation.objects.get().pk
    address = f"/patients/{cast.amina.pk}/team/invitations/{pk}/"
    return client.post(address, {"answer": "yes"} | answers)


@pytest.mark.security("T34", "L20")
def test_the_mail_names_no_person_no_role_and_no_illness(client, cast):
    invite(client, cast, message="See you on Monday")
    mail = OutgoingMail.objects.get()
    text = f"{mail.subject}\n{mail.body}".lower()
    words = (
        "amina diallo lee monday psychiatr therap mental doctor medic patient health"
    )
    assert [word for word in words.split() if word in text] == []
    assert mail.address == "lee@example.org"
    assert mail.body.count("://") == 1


@pytest.mark.security("T34", "L20")
def test_every_invitation_mail_reads_the_same_but_for_the_link(client, cast):
    invite(client, cast)
    invite(client, cast, role="caregiver", name="Ana", address="ana@example.org")
    bodies = {
        "\n".join(line for line in mail.body.splitlines() if "://" not in line)
        for mail in OutgoingMail.objects.all()
    }
    assert len(bodies) == 1


def test_the_link_and_the_code_are_stored_as_hashes_only(client, cast):
    page = invite(client, cast, address="").content.decode()
    token = page.split("/invitation/link/")[1].split("/")[0]
    code = page.split('class="nowrap">')[1][:7].replace(" ", "")
    assert len(token) >= 43
    assert code.isdigit()
    invitation = Invitation.objects.get()
    assert invitation.token_hash == hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM consents_invitation")
        stored = repr(cursor.fetchall())
    assert token not in stored
    assert f"'{code}'" not in stored
    assert "Dr. Lee" not in stored


def test_a_second_click_sends_nothing_twice(client, cast):
    key = form_key()
    invite(client, cast, form_key=key)
    assert invite(client, cast, form_key=key)["Location"].endswith("/team/")
    assert Invitation.objects.count() == OutgoingMail.objects.count() == 1


@pytest.mark.security("T28", "T29")
def test_a_known_address_is_invited_like_an_unknown_one(client, cast):
    """T29: same status, same text, same number of mails."""

    def page(address):
        found = invite(client, cast, address=address)
        text = found.content.decode().replace(address, "ADDRESS")
        code = text.split('class="nowrap">')[1][:7]
        return found.status_code, text.replace(code, "CODE")

    known, unknown = page("bram@cast.example"), page("nobody@cast.example")
    strip = "csrfmiddlewaretoken"
    lines = [
        [line for line in text.splitlines() if strip not in line]
        for _status, text in (known, unknown)
    ]
    assert known[0] == unknown[0] == 200
    assert lines[0] == lines[1]
    assert OutgoingMail.objects.count() == 2


def test_the_form_asks_for_what_is_missing_and_selects_nothing(client, cast):
    client.force_login(cast.amina.user)
    address = f"/patients/{cast.amina.pk}/team/invite/"
    assert " checked" not in client.get(address).content.decode()
    page = client.post(
        address, {"form_key": form_key(), "address": "x"}
    ).content.decode()
    for sentence in (
        "Enter the name of the person.",
        "Choose what they are to you.",
        "Enter an e-mail address",
        "Choose one. Nothing is shared until you sign.",
    ):
        assert sentence in page
    assert not Invitation.objects.exists()


def test_twenty_invitations_a_day_are_enough(client, cast):
    for _ in range(20):
        invite(client, cast)
    page = invite(client, cast).content.decode()
    assert "You sent 20 invitations today." in page
    assert Invitation.objects.count() == 20


def test_behind_the_link_stand_first_name_role_and_plan_and_nothing_more(client, cast):
    link = sent_link(client, cast, message="See you on Monday")
    client.logout()
    page = client.get(link, follow=True).content.decode()
    assert "Amina invites you as psychiatrist" in page
    assert "Medicines" in page
    assert "See you on Monday" in page
    for word in ("Diallo", "Dr. Lee", "lee@example.org", "1991", str(cast.amina.pk)):
        assert word not in page


def test_opening_the_link_often_uses_nothing_up(client, cast):
    link = sent_link(client, cast)
    client.logout()
    for _ in range(3):
        assert client.get(link, follow=True).status_code == 200
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize("how", ["unknown", "expired", "used", "cancelled", "not me"])
def test_used_ended_and_unknown_links_say_the_same(client, cast, how):
    link = sent_link(client, cast)
    at = Invitation.objects.get().sent_at
    if how == "expired":  # the clock is the database's: the invitation is made older
        earlier = timedelta(hours=72)
        times = {"sent_at": F("sent_at") - earlier}
        times["expires_at"] = F("expires_at") - earlier
        Invitation.objects.update(**times)
    if how == "unknown":
        link = "/invitation/link/nothing-of-the-kind/"
    if how == "used":
        Invitation.objects.update(accepted_at=at, accepted_by=cast.dana.user)
    if how == "cancelled":
        Invitation.objects.update(cancelled_at=at, cancelled_by=cast.amina.user)
    if how == "not me":
        Invitation.objects.update(not_me_at=at)
    client.logout()
    page = client.get(link, follow=True)
    assert page.status_code == 404
    assert "This link does not work any more" in page.content.decode()
    assert "Amina" not in page.content.decode()


def test_this_is_not_me_closes_the_link_and_tells_whoever_sent_it(client, cast):
    link = sent_link(client, cast)
    client.logout()
    client.get(link)
    closed = reply(client, "/invitation/", to="/invitation/not-me/").url
    assert "The link is closed" in text_of(client.get(closed))
    assert client.get(link, follow=True).status_code == 404
    mail = OutgoingMail.objects.get(key__startswith="not-me:")
    assert mail.address == "amina@cast.example"
    assert "Amina" not in mail.body + mail.subject
    client.force_login(cast.amina.user)
    team = client.get(f"/patients/{cast.amina.pk}/team/").content.decode()
    assert "this is not me" in team


@pytest.mark.capability("S1")
@pytest.mark.security("T52")
def test_whoever_accepts_in_letters_that_look_like_another_is_marked(client, cast):
    """Before the patient says yes: by nobody's name on the record, or by one."""
    member = cast.amina.care_team.get(party=cast.bram).party
    type(member).objects.filter(pk=member.pk).update(name="Dr. Eva Poe")
    accepted(client, cast, name="Dr. Еѵа Рое")
    client.force_login(cast.amina.user)
    address = (
        f"/patients/{cast.amina.pk}/team/invitations/{Invitation.objects.get().pk}/"
    )
    assert "This name looks like Dr. Eva Poe" in client.get(address).content.decode()
    type(member).objects.filter(pk=member.pk).update(name="Dr. Eva Hope")
    assert "other letters" not in client.get(address).content.decode()


def test_nothing_opens_until_the_patient_says_that_it_is_they(client, cast):
    someone = accepted(client, cast)
    chart = f"/patients/{cast.amina.pk}/"
    assert client.get(f"{chart}team/").status_code == 404
    assert not CareTeamParticipant.objects.filter(party__user=someone).exists()

    client.force_login(cast.amina.user)
    page = client.get(f"{chart}team/invitations/{Invitation.objects.get().pk}/")
    text = page.content.decode()
    assert "Is this your clinician?" in text
    assert "Dr. Pat Lee" in text
    assert "License NY 77, not checked" in text
    assert "They use the e-mail address that you wrote to." in text

    response = confirm(client, cast)
    assert response["Location"].startswith(f"{chart}sharing/grant/?invitation=")
    member = CareTeamParticipant.objects.get(party__user=someone)
    assert (member.role, member.ended_at) == ("psychiatrist", None)
    client.force_login(someone)
    page = client.get(f"{chart}team/")
    assert page.status_code == 200
    assert "The care team is not part of what is shared with you." in (
        page.content.decode()
    )


def test_the_plan_waits_for_a_signature_and_is_filled_in(client, cast):
    someone = accepted(client, cast)
    before = Consent.objects.count()
    page = client.get(confirm(client, cast)["Location"]).content.decode()
    assert Consent.objects.count() == before
    assert "What do you want to share?" in page and "Dr. Pat Lee" in page
    assert not Consent.objects.filter(recipient__user=someone).exists()


def test_an_invitation_of_another_patient_fills_in_nothing(client, cast):
    accepted(client, cast)
    confirm(client, cast)
    client.force_login(cast.gus.user)
    pk = Invitation.objects.get().pk
    grant = f"/patients/{cast.gus.pk}/sharing/grant/?invitation={pk}"
    assert client.get(grant).status_code == 404


def test_i_do_not_know_this_person_closes_it_for_good(client, cast):
    someone = accepted(client, cast)
    assert confirm(client, cast, answer="no")["Location"].endswith("/team/")
    assert confirm(client, cast).status_code == 404
    client.force_login(someone)
    assert client.get(f"/patients/{cast.amina.pk}/team/").status_code == 404
    wait = client.get(f"/invitation/{Invitation.objects.get().pk}/").content.decode()
    assert "This invitation has ended" in wait


def test_an_invitation_is_accepted_once(client, cast):
    link = sent_link(client, cast)
    for first, status in ((True, 302), (False, 404)):
        someone = User.objects.create_user(f"{first}@example.org", name="Some One")
        client.force_login(someone)
        client.get(link)
        assert reply(client, ACCEPT, DETAILS).status_code == status
    assert Party.objects.filter(name="Some One").count() == 1


def test_nobody_accepts_their_own_invitation(client, cast):
    link = sent_link(client, cast)
    client.get(link)
    page = reply(client, ACCEPT, DETAILS)
    assert page.status_code == 409 and "your own invitation" in text_of(page)
    assert Invitation.objects.get().accepted_at is None
    assert not cast.amina.user.parties.exists()


def test_another_profession_never_takes_the_place_of_a_prescriber(client, cast):
    link = sent_link(client, cast)
    someone = User.objects.create_user("other@example.org", name="Kim Poe")
    client.force_login(someone)
    client.get(link)
    reply(client, ACCEPT, DETAILS | {"profession": "therapist"})
    client.force_login(cast.amina.user)
    pk = Invitation.objects.get().pk
    text = text_of(client.get(f"/patients/{cast.amina.pk}/team/invitations/{pk}/"))
    assert "You invited them as psychiatrist. They would join as therapist." in text
    assert "another e-mail address" in text
    confirm(client, cast)
    assert CareTeamParticipant.objects.get(party__user=someone).role == "therapist"


def test_family_is_asked_for_by_relation_and_joins_as_family(client, cast):
    someone = accepted(client, cast, name="Ana Diallo", role="caregiver")
    assert confirm(client, cast).status_code == 200  # who are they to you?
    confirm(client, cast, relationship="SIB")
    member = CareTeamParticipant.objects.get(party__user=someone)
    assert member.role == "caregiver"
    assert member.party.related_person.relationship == "SIB"


def voice_code(page) -> str:
    return page.content.decode().split('class="nowrap">')[1][:7].replace(" ", "")


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def by_voice(client, cast):
    page = invite(client, cast)
    link = link_in(OutgoingMail.objects.get())
    someone = User.objects.create_user("lee@example.org", name="Dr. Pat Lee")
    client.force_login(someone)
    client.get(link)
    wait = reply(client, ACCEPT, DETAILS)["Location"]
    return voice_code(page), wait, someone


def test_the_code_given_by_voice_joins_at_once_and_still_shares_nothing(client, cast):
    code, wait, someone = by_voice(client, cast)
    assert client.post(wait, {"code": wrong(code)}).status_code == 200
    spaced = f"{code[:3]} {code[3:]}"
    assert client.post(wait, {"code": spaced})["Location"].endswith(f"{cast.amina.pk}/")
    assert CareTeamParticipant.objects.filter(party__user=someone).count() == 1
    assert not Consent.objects.filter(recipient__user=someone).exists()


def test_after_five_wrong_codes_the_right_one_does_not_help(client, cast):
    code, wait, someone = by_voice(client, cast)
    for _ in range(5):
        client.post(wait, {"code": wrong(code)})
    page = client.post(wait, {"code": code}).content.decode()
    assert "typed wrong 5 times" in page
    assert not CareTeamParticipant.objects.filter(party__user=someone).exists()
    confirm(client, cast)
    assert CareTeamParticipant.objects.filter(party__user=someone).exists()


def test_the_code_given_by_voice_ends_with_its_invitation(client, cast):
    """Found: accepted in time, it let in for years, whoever had it by then."""
    code, wait, someone = by_voice(client, cast)
    ends = Invitation.objects.get().expires_at
    with time_machine.travel(ends, tick=False):
        client.force_login(someone)
        page = client.post(wait, {"code": code}).content.decode()
    assert "This code has ended. Ask the patient to confirm you." in page
    assert not CareTeamParticipant.objects.filter(party__user=someone).exists()
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        client.force_login(someone)
        assert client.post(wait, {"code": code}).status_code == 302


def test_the_code_is_of_use_to_nobody_else(client, cast):
    code, wait, _someone = by_voice(client, cast)
    client.force_login(cast.dana.user)
    assert client.post(wait, {"code": code}).status_code == 404


def test_a_clinician_invites_a_patient_who_starts_the_record(client, cast):
    client.force_login(cast.bram.user)
    answers = {"form_key": form_key(), "name": "Jo", "address": "jo@example.org"}
    client.post("/patients/invite/", answers | {"share": "coordination"})
    link = link_in(OutgoingMail.objects.get())
    client.logout()
    page = client.get(link, follow=True).content.decode()
    assert "Bram invites you to keep your own list" in page
    assert "Visser" not in page

    someone = User.objects.create_user("jo@example.org", name="Jo Park")
    client.force_login(someone)
    page = client.get("/invitation/accept/").content.decode()
    assert "Is this your clinician?" in page
    assert "Dr. Bram Visser" in page
    assert "License not given" in page
    response = reply(client, ACCEPT, {"birth_date": "Mar 1, 1980"})

    patient = Patient.objects.get(user=someone)
    request = ConsentRequest.objects.get(patient=patient)
    assert response["Location"].endswith(f"/sharing/grant/?request={request.pk}")
    assert request.recipient == cast.bram
    assert request.categories == COORDINATION
    member = CareTeamParticipant.objects.get(patient=patient)
    assert (member.party, member.role) == (cast.bram, "psychiatrist")
    assert not Consent.objects.filter(patient=patient).exists()
    assert client.get(response["Location"]).status_code == 200


def test_a_patient_with_a_record_accepts_without_starting_another(client, cast):
    client.force_login(cast.dana.user)
    answers = {"form_key": form_key(), "name": "Amina", "address": "a@example.org"}
    client.post("/patients/invite/", answers | {"share": "later"})
    client.force_login(cast.amina.user)
    client.get(link_in(OutgoingMail.objects.get()))
    assert reply(client, ACCEPT)["Location"].endswith("/team/")
    assert Patient.objects.filter(user=cast.amina.user).count() == 1
    assert not ConsentRequest.objects.exists()
    assert CareTeamParticipant.objects.filter(
        patient=cast.amina, party=cast.dana
    ).exists()


def test_only_clinicians_invite_patients_and_only_the_patient_their_team(client, cast):
    for who in ("amina", "hana", "edo", "ines"):
        client.force_login(cast.user(who))
        assert client.get("/patients/invite/").status_code == 404
    for who in ("bram", "chidi", "dana", "hana", "edo", "gus"):
        client.force_login(cast.user(who))
        assert client.get(f"/patients/{cast.amina.pk}/team/invite/").status_code == 404


def test_an_invitation_proposes_no_more_than_the_preset(client, cast):
    invite(client, cast, share="medicines")
    assert Invitation.objects.get().categories == CATEGORIES.mask(
        "medications", "allergies"
    )
    assert Invitation.objects.get().labels == 0
