"""T93: somebody turned 18 who never signed in. The officer gives the sign-in."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from carecoord.models import OutgoingMail, User
from consents import actions as consents
from consents.access import Reading
from consents.models import Disclosure
from messaging.access.notices import lines_for
from messaging.actions.coming_of_age import remind_of_majority
from patients.actions import children
from patients.models import Patient, SignInOffer
from tests.consents.acting import record, relative, small_child
from tests.consents.views.pages import sign_in, text_of

DAY = timedelta(days=1)
OWN = "mia@mail.example"


@pytest.fixture
def mia(cast, settings):
    """Her mother acts for her; she is 18 in some months, and has no sign-in."""
    settings.DEMO = True
    mia = small_child(cast, 17)
    record(cast, mia, relative(mia, "Rosa Haddad"), "parent")
    return mia


@pytest.fixture
def day(mia):
    with time_machine.travel(mia.majority_at + DAY, tick=False):
        yield mia.majority_at + DAY


def officers(cast) -> Client:
    client = Client()
    sign_in(client, cast.ines)
    return client


def address_of(mia) -> str:
    return reverse("patients:give_sign_in", args=[mia.pk])


def gives(client, mia, address=OWN):
    return client.post(address_of(mia), {"email": address, "seen": "on"}, follow=True)


def account(address=OWN) -> User:
    user = User.objects.create_user(address, "x" * 20, name="Mia Haddad")
    user.emailaddress_set.create(email=address, verified=True, primary=True)
    return user


@pytest.mark.security("T93")
@pytest.mark.capability("X1")
def test_the_officer_gives_a_grown_child_the_record_that_was_nobodys(cast, mia, day):
    client = officers(cast)
    found = reverse("consents:acting_patient", args=[mia.pk])
    assert address_of(mia) in text_of(client.get(found))
    assert "Enter the patient’s e-mail address." in text_of(gives(client, mia, ""))
    assert "on its way" in text_of(gives(client, mia))
    (mail,) = [each for each in OutgoingMail.objects.all() if each.address == OWN]
    assert "Haddad" not in mail.subject + mail.body
    own = Client()
    token = mail.body.split("/own-sign-in/")[1].split("/")[0]
    link = reverse("patients:own_sign_in_link", args=[token])
    sign_in(own, account())
    page = text_of(own.get(link, follow=True))
    assert "You decide who sees what" in page and "a parent who acts" not in page
    offer = SignInOffer.objects.get()
    said = {"offer": str(offer.pk), "birth_date": f"{mia.birth_date:%b %d, %Y}"}
    own.post(reverse("patients:own_sign_in"), said)
    mia.refresh_from_db()
    assert mia.user.email == OWN
    assert own.get(reverse("patients:chart", args=[mia.pk])).status_code == 200
    assert address_of(mia) not in text_of(client.get(found))


@pytest.mark.security("T93", "T92")
@pytest.mark.parametrize("address", ["rosa", "officer"])
def test_it_goes_to_no_mailbox_of_a_parents_or_of_the_officers(cast, mia, day, address):
    rosa = mia.representatives.get().party.user
    local, _at, domain = (rosa if address == "rosa" else cast.ines).email.partition("@")
    said = text_of(gives(officers(cast), mia, f"{local}+x@{domain}"))
    assert "only the patient reads" in said
    assert not SignInOffer.objects.exists()


@pytest.mark.security("T93")
def test_neither_the_officer_nor_a_parent_takes_it(cast, mia, day):
    offer = children.give_sign_in(patient=mia, address=OWN, by=cast.ines, at=day)
    rosa = mia.representatives.get().party.user
    for user in (cast.ines, rosa):
        with pytest.raises(children.ChildError):
            children.take_sign_in(
                offer=offer, birth_date=mia.birth_date, by=user, at=day
            )


@pytest.mark.security("T93")
def test_it_is_given_by_an_officer_only_and_not_before_the_day(cast, mia):
    client = officers(cast)
    assert "needs no sign-in from you" in text_of(gives(client, mia))
    assert not SignInOffer.objects.exists()
    over = mia.majority_at + DAY
    rosa = mia.representatives.get().party.user
    with pytest.raises(children.ChildError):
        children.give_sign_in(patient=mia, address=OWN, by=cast.ines, at=cast.at)
    for user in (rosa, cast.user("bram")):
        with pytest.raises(consents.RuleError):
            children.give_sign_in(patient=mia, address=OWN, by=user, at=over)
    with time_machine.travel(over, tick=False):
        for user in (rosa, cast.user("bram"), cast.amina.user):
            other = Client()
            sign_in(other, user)
            assert other.get(address_of(mia)).status_code == 404


@pytest.mark.security("T93")
def test_who_is_no_officer_any_more_opens_nothing_by_a_link_sent_before(cast, mia, day):
    offer = children.give_sign_in(patient=mia, address=OWN, by=cast.ines, at=day)
    User.objects.filter(pk=cast.ines.pk).update(is_privacy_officer=False)
    with pytest.raises(children.ChildError):
        children.take_sign_in(
            offer=offer, birth_date=mia.birth_date, by=account(), at=day
        )


@pytest.mark.security("T93")
def test_the_parent_is_told_before_to_give_it(cast, mia):
    rosa, at = mia.representatives.get().party.user, mia.majority_at - 5 * DAY
    remind_of_majority(at=at)
    reading = Reading(user=rosa, entrance="messaging:notices")
    reading.at = at
    said = " ".join(line.text for line in lines_for(reading))
    assert "Give them a sign-in of their own before" in said


# What waits on the officer's first page ----------------------------------------------

WAITS = "Mia Haddad is an adult now, and nobody signs in"


def first_page(cast) -> str:
    return text_of(officers(cast).get(reverse("consents:privacy")))


@pytest.mark.security("T93")
@pytest.mark.capability("X1")
def test_it_waits_on_the_officers_first_page_until_it_is_given(cast, mia):
    assert WAITS not in first_page(cast)
    with time_machine.travel(mia.majority_at + DAY, tick=False) as hands:
        read = Disclosure.objects.filter(patient=mia)
        before = read.count()
        page = first_page(cast)
        assert WAITS in page and "18 since" in page
        assert reverse("consents:acting_patient", args=[mia.pk]) in page
        assert read.count() == before, "a list is not logged line by line (ADR 20)"
        gives(officers(cast), mia)
        assert WAITS not in first_page(cast)
        hands.move_to(SignInOffer.objects.get().expires_at)
        assert WAITS in first_page(cast), "nobody took the link"
        (offer,) = SignInOffer.objects.all()
        mia.user = account()
        mia.save(update_fields=["user"])
        assert offer.taken_at is None and WAITS not in first_page(cast)


@pytest.mark.parametrize("why", ["a guardian acts", "died", "the officer's own"])
def test_whom_somebody_acts_for_does_not_wait(cast, mia, why):
    if why == "a guardian acts":
        rosa = mia.representatives.get().party
        record(cast, mia, rosa, "guardian", from_majority=True)
    if why == "died":
        consents.record_death(
            patient=mia, died_at=cast.at, document="x", by=cast.ines, at=cast.at
        )
    if why == "the officer's own":
        relative(mia, "Ines", user=cast.ines)
    with time_machine.travel(mia.majority_at + DAY, tick=False):
        assert WAITS not in first_page(cast)


def test_a_record_of_an_adult_from_a_file_does_not_wait(cast, mia, day):
    Patient.objects.filter(pk=mia.pk).update(created_at=day)
    assert WAITS not in first_page(cast)


@pytest.mark.security("T93")
def test_a_paper_that_waits_keeps_no_link_alive_of_who_was_stopped(cast, mia):
    """A parent who was stopped, and is to be the guardian on that day."""
    mother = mia.representatives.get()
    sent = {"by": mother.party.user, "at": cast.at}
    offer = children.offer_sign_in(patient=mia, address=OWN, **sent)
    record(cast, mia, mother.party, "guardian", from_majority=True)
    consents.end_representative(representative=mother, by=cast.ines, at=cast.at)
    said = {"birth_date": mia.birth_date, "by": account(), "at": cast.at}
    with pytest.raises(children.ChildError):
        children.take_sign_in(offer=offer, **said)
