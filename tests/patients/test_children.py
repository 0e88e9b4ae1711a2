"""A parent begins a child's record; the child's sign-in; addresses; the state (T92)."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailConfirmationHMAC
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from carecoord import adapters
from carecoord.models import OutgoingMail, User
from consents import actions as consents
from consents import reaching
from consents.codes import LABELS
from consents.decisions import Reader, decide
from messaging.models import Notice
from messaging.sweeping import Sweep
from patients.actions import children
from patients.actions.patients import change_details
from patients.models import Patient, SignInOffer
from tests.consents.acting import child, record, relative
from tests.consents.test_decisions import condition
from tests.consents.views.pages import Pages, reply, sign_in, text_of

DAY = timedelta(days=1)


def born(cast, years: int, *, days: int = 40):
    day = cast.at.date() - timedelta(days=days)
    return day.replace(year=day.year - years, day=min(day.day, 28))


@pytest.fixture
def rosa(cast, settings):
    settings.DEMO = True
    user = User.objects.create_user("rosa@mail.example", "x" * 20, name="Rosa Haddad")
    consents.acknowledge_limits(
        limits=settings.JURISDICTION.limits, by=user, at=cast.at
    )
    return user


@pytest.fixture
def at_home(rosa):
    client = Client()
    sign_in(client, rosa)
    return client


def begins(at_home, cast, *, years=14, **answers):
    day = born(cast, years)
    said = {
        "name": "Noor Haddad",
        "birth_date": f"{day:%b} {day.day}, {day.year}",
        "state": "WA",
        "parent": "on",
    } | answers
    return at_home.post(reverse("patients:child_begin"), said)


@pytest.fixture
def noor(at_home, cast):
    begins(at_home, cast)
    return Patient.objects.get(name="Noor Haddad")


def account(email: str) -> User:
    return User.objects.create_user(email, "x" * 20, name="Noor Haddad")


def link_to(patient: Patient) -> str:
    body = OutgoingMail.objects.filter(key__startswith="sign-in-offer").last().body
    return re.search(r"/own-sign-in/[\w-]+/", body).group(0)


# Beginning -------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.capability("X1")
def test_a_parent_begins_acts_at_once_and_the_officer_is_asked_to_check(
    cast, at_home, rosa
):
    answer = begins(at_home, cast)
    noor = Patient.objects.get(name="Noor Haddad")
    assert answer["Location"] == reverse("patients:chart", args=[noor.pk])
    assert (noor.user, noor.state) == (None, "WA")
    page = text_of(at_home.get(answer["Location"]))
    assert "You act for Noor Haddad as parent or guardian of a child." in page
    listed = reverse("patients:medicines", args=[noor.pk])
    assert f'href="{listed}">Medicines: add and change' in page, "the first medicine"
    held = noor.representatives.get()
    assert held.checked_by is None and held.may_sign
    ines = Client()
    sign_in(ines, cast.ines)
    assert "Paper of Rosa Haddad, for Noor Haddad" in text_of(
        ines.get(reverse("consents:privacy"))
    )
    check = reverse("consents:acting_check", args=[held.pk])
    ines.post(check, {"document": "Birth certificate", "seen": "on"})
    held.refresh_from_db()
    assert (held.checked_by, held.document) == (cast.ines, "Birth certificate")


NOT_BEGUN = {
    "no parent": {"parent": ""},
    "an adult": {"birth_date": "Feb 14, 1991"},
    "no such state": {"state": "ZZ"},
    "no name": {"name": ""},
}


@pytest.mark.parametrize("why", NOT_BEGUN)
def test_it_does_not_begin_with(cast, at_home, why):
    assert begins(at_home, cast, **NOT_BEGUN[why]).status_code == 200
    assert not Patient.objects.filter(name="Noor Haddad").exists()


def test_a_child_begins_no_record_for_a_child(cast):
    other = child(cast, born=born(cast, 17))
    with pytest.raises(children.ChildError):
        children.begin_for_child(
            child=children.Child("Ada Haddad", born(cast, 3)),
            by=other.user,
            at=cast.at,
        )


def test_nobody_becomes_a_parent_of_a_record_that_stands(cast, noor):
    user = account("tariq@mail.example")
    close = relative(noor, "Tariq Haddad", user=user)
    with pytest.raises(consents.RuleError):
        consents.begin_as_parent(patient=noor, party=close, by=user, at=cast.at)


# The child's sign-in ----------------------------------------------------------------


def offers(at_home, noor, email):
    address = reverse("patients:child_sign_in", args=[noor.pk])
    return at_home.post(address, {"email": email})


@pytest.mark.capability("X1")
def test_the_child_comes_to_a_sign_in_and_is_told_who_acts(cast, at_home, noor):
    assert offers(at_home, noor, "noor@mail.example").status_code == 302
    body = OutgoingMail.objects.get(key__startswith="sign-in-offer").body
    assert "Noor" not in body and "Rosa" not in body
    mine = Client()
    sign_in(mine, account("noor@mail.example"))
    page = mine.get(link_to(noor), follow=True)
    assert "There is a record about you." in text_of(page)
    take = reverse("patients:own_sign_in")
    wrong = text_of(reply(mine, take, {"birth_date": "Feb 14, 2012"}))
    assert "This is not the birth date that we have." in wrong
    day = noor.birth_date
    reply(mine, take, {"birth_date": f"{day:%b} {day.day}, {day.year}"})
    noor.refresh_from_db()
    assert noor.user.email == "noor@mail.example"
    Sweep(now=lambda: cast.at + DAY).run()
    told = Notice.objects.filter(kind="acts_for", user=noor.user).first()
    assert told.about == noor.representatives.get().pk
    assert (
        "Rosa Haddad can act for you now"
        in text_of(mine.get(reverse("messaging:notices"), follow=True))
        or mine.get(reverse("patients:chart", args=[noor.pk])).status_code == 200
    )
    assert offers(at_home, noor, "other@mail.example").status_code == 200


def test_a_child_without_an_account_comes_from_the_link_to_the_record(
    at_home, noor, settings
):
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    offers(at_home, noor, "noor@mail.example")
    mine = Client()
    page = text_of(mine.get(link_to(noor), follow=True))
    assert "You opened the link to your own sign-in." in page
    assert "for your own list" not in page
    # The page for adults would begin a second record, and is closed to a child.
    assert mine.get(reverse("account_signup")).url == reverse("account_signup_team")
    form = text_of(mine.get(reverse("account_signup_team")))
    assert "This account is for your own record." in form
    assert "clinicians" not in form.split("<main")[1].split("<form")[0]
    said = {"name": "Noor Haddad", "email": "noor@mail.example"}
    said["password1"] = "a quiet path at noon"
    made = mine.post(reverse("account_signup_team"), said)
    assert made.url == reverse("patients:own_sign_in")
    day = noor.birth_date
    born = {"birth_date": f"{day:%b} {day.day}, {day.year}"}
    assert reply(mine, made.url, born).url == reverse("home")
    noor.refresh_from_db()
    assert noor.user.email == "noor@mail.example"


def test_a_link_works_once_for_five_tries_and_three_days(cast, rosa, noor):
    at = noor.created_at
    offer = children.offer_sign_in(
        patient=noor, address="noor@mail.example", by=rosa, at=at
    )
    mine = account("noor@mail.example")
    terms = {"offer": offer, "by": mine}
    with pytest.raises(children.ChildError):
        children.take_sign_in(
            **terms, birth_date=noor.birth_date, at=at + timedelta(days=4)
        )
    for _ in range(children.ATTEMPTS):
        assert not children.take_sign_in(
            **terms, birth_date=noor.birth_date - DAY, at=at
        )
    with pytest.raises(children.ChildError):
        children.take_sign_in(**terms, birth_date=noor.birth_date, at=at)


def test_too_young_for_a_sign_in(cast, at_home):
    begins(at_home, cast, years=12)
    noor = Patient.objects.get(name="Noor Haddad")
    address = reverse("patients:child_sign_in", args=[noor.pk])
    assert "from 13 on" in text_of(at_home.get(address))
    offers(at_home, noor, "noor@mail.example")
    assert not SignInOffer.objects.exists()


def test_who_signs_for_a_child_without_a_sign_in_reads_what_holds_today(
    cast, at_home, noor, rosa
):
    consents.join(
        patient=noor, party=cast.bram, role="psychiatrist", by=rosa, at=cast.at
    )
    pages = Pages(at_home, rosa, noor)
    check = text_of(pages.to_check(cast.bram, what={"preset": "medicines"}))
    assert "Once Noor Haddad has a sign-in, Noor Haddad can see that you did." in check
    assert "We remind you 14 and 2 days before." in check
    signed = pages.sign(signed_name="Rosa Haddad")
    receipt = text_of(at_home.get(signed["Location"]))
    assert "You can stop it at any time." in receipt


# One address for two people (T92, L22) ------------------------------------------------

PARENTS = (
    *("Rosa@Mail.Example", "rosa+noor@mail.example", "r.osa@mail.example"),
    '"rosa"@mail.example',
)


@pytest.mark.security("T92", "L22")
@pytest.mark.parametrize("email", PARENTS)
def test_the_parents_address_is_nobody_elses(cast, at_home, noor, email):
    page = text_of(offers(at_home, noor, email))
    assert "Enter an address that only your child reads." in page
    assert not SignInOffer.objects.exists()


@pytest.mark.security("T92", "L22")
def test_an_account_at_the_parents_mailbox_takes_no_record(cast, rosa, noor):
    at = cast.at + timedelta(minutes=5)
    offer = children.offer_sign_in(
        patient=noor, address="noor@mail.example", by=rosa, at=at
    )
    twin = account("rosa+twin@mail.example")
    with pytest.raises(children.ChildError) as refused:
        children.take_sign_in(offer=offer, birth_date=noor.birth_date, by=twin, at=at)
    assert "Rosa" not in str(refused.value)
    other = account("noor@mail.example")
    other.emailaddress_set.create(email="r.osa@mail.example", verified=True)
    with pytest.raises(children.ChildError):
        children.take_sign_in(offer=offer, birth_date=noor.birth_date, by=other, at=at)
    noor.refresh_from_db()
    assert noor.user is None


@pytest.fixture
def family(cast, rosa):
    noor = child(cast, born=born(cast, 15), phone="(555) 010-0177")
    party = relative(noor, "Rosa Haddad", user=rosa, phone="(555) 010-0188")
    record(cast, noor, party, "parent")
    return noor, party


@pytest.mark.security("T92", "L22")
@pytest.mark.parametrize("whose", ["child", "parent"])
def test_neither_takes_the_others_address_later(cast, family, settings, whose):
    noor, party = family
    user, other = (
        (noor.user, party.user) if whose == "child" else (party.user, noor.user)
    )
    client = Client()
    sign_in(client, user)
    local, _at, domain = other.email.partition("@")
    other.emailaddress_set.create(email="second@mail.example", verified=True)
    for taken in (f"{local}+x@{domain}", "sec.ond@mail.example"):
        page = client.post(
            reverse("account_email"), {"email": taken, "action_add": ""}, follow=True
        )
        words = "Enter an e-mail address of your own: one that nobody else reads."
        assert words in text_of(page)
        assert not user.emailaddress_set.filter(email=taken).exists()
    free = {"email": "free@mail.example", "action_add": ""}
    # A free one goes on: to the proof of who it is.
    assert client.post(reverse("account_email"), free).status_code == 302


def _confirms(user, address: str) -> bool:
    """With the link that was mailed for an address added before anybody acted."""
    row = user.emailaddress_set.create(email=address, verified=False)
    key = EmailConfirmationHMAC(row).key
    Client().post(reverse("account_confirm_email", args=[key]))
    row.refresh_from_db()
    return row.verified


@pytest.mark.security("T92", "L22")
@pytest.mark.parametrize("whose", ["child", "parent"])
def test_an_address_added_before_is_not_confirmed_after(family, whose):
    noor, party = family
    users = [noor.user, party.user]
    user, other = users if whose == "child" else reversed(users)
    local, _at, domain = other.email.partition("@")
    assert not _confirms(user, f"{local}+x@{domain}")
    assert _confirms(user, "free@mail.example")


def test_the_test_of_that_fails_where_it_is_asked_when_added_alone(family, monkeypatch):
    noor, party = family
    monkeypatch.setattr(adapters.reaching, "shares_mailbox", lambda *asked: False)
    local, _at, domain = party.user.email.partition("@")
    assert _confirms(noor.user, f"{local}+x@{domain}")


def test_a_stranger_may_have_any_address(cast, family):
    assert not reaching.shares_mailbox(cast.gus.user, "rosa+x@mail.example", cast.at)


@pytest.mark.security("T92", "L22")
def test_the_childs_number_is_never_the_parents_later(cast, family):
    noor, _party = family
    with pytest.raises(consents.RuleError):
        change_details(patient=noor, by=noor.user, phone="+1 555 010 0188")
    client = Client()
    sign_in(client, noor.user)
    address = reverse("patients:details", args=[noor.pk])
    seen = re.search(r'name="seen" value="(\w+)"', text_of(client.get(address)))
    day = noor.birth_date
    said = {
        "seen": seen.group(1),
        "name": noor.name,
        "birth_date": f"{day:%b} {day.day}, {day.year}",
        "phone": "555-010-0188",
        "language": "English",
        "time_zone": noor.time_zone,
    }
    page = text_of(client.post(address, said))
    assert "Enter a number of your own" in page and "Rosa" not in page
    assert client.post(address, said | {"phone": "555-010-0111"}).status_code == 302


# The state -----------------------------------------------------------------------


def test_a_state_says_first_what_it_opens_to_a_parent(cast, family):
    noor, party = family
    change_details(patient=noor, by=noor.user, birth_date=born(cast, 13))
    noor.refresh_from_db()
    item = condition(cast, patient=noor, labels=LABELS["hiv"])
    acting = Reader(party.user_id, "PWATRNY", cast.at)
    assert not decide(item, acting).permitted
    client = Client()
    sign_in(client, noor.user)
    address = reverse("patients:state", args=[noor.pk])
    asked = text_of(client.post(address, {"state": "WA"}))
    assert "A parent who acts for you will then see: HIV." in asked
    assert "Hiv" not in asked
    noor.refresh_from_db()
    assert noor.state == "" and not decide(item, acting).permitted
    client.post(address, {"state": "WA", "sure": "sure-WA"})
    assert decide(item, acting).permitted
    back = text_of(client.post(address, {"state": ""}))
    assert "A parent who acts for you will no longer see: HIV." in back


def test_an_adult_reads_that_nothing_changes(cast, client, settings):
    settings.DEMO = True
    sign_in(client, cast.amina.user)
    address = reverse("patients:state", args=[cast.amina.pk])
    assert "For you nothing changes" in text_of(client.post(address, {"state": "WA"}))


def test_a_parent_does_not_move_the_child(cast, at_home, family):
    noor, _party = family
    address = reverse("patients:state", args=[noor.pk])
    assert at_home.get(address).status_code == 404
    answer = at_home.post(address, {"state": "WA", "sure": "sure-WA"})
    assert answer.status_code == 404


# An authority that ended --------------------------------------------------------------


def _taken_after_the_end(cast, rosa, noor, *, by) -> bool:
    """Rosa mails a link, is stopped as a parent, and somebody opens it."""
    at = cast.at + timedelta(minutes=1)
    offer = children.offer_sign_in(
        patient=noor, address="second@mail.example", by=rosa, at=at
    )
    consents.end_representative(
        representative=noor.representatives.get(), by=cast.ines, at=at
    )
    terms = {"offer": offer, "birth_date": noor.birth_date, "by": by, "at": at}
    try:
        return bool(children.take_sign_in(**terms))
    except children.ChildError:
        return False


@pytest.mark.security("T93")
def test_no_link_outlives_the_authority_of_whoever_sent_it(cast, rosa, noor):
    """Who was never a parent could take the whole record by a link sent before."""
    second = User.objects.create_user("second@mail.example", name="Second")
    assert not _taken_after_the_end(cast, rosa, noor, by=second)


def test_the_test_of_that_fails_where_only_the_link_counts(
    cast, rosa, noor, monkeypatch
):
    monkeypatch.setattr("patients.actions.children.offered_by_right", lambda at: Q())
    second = User.objects.create_user("second@mail.example", name="Second")
    assert _taken_after_the_end(cast, rosa, noor, by=second)


def test_whoever_acted_once_takes_no_record_with_their_own_account(
    cast, rosa, noor, monkeypatch
):
    monkeypatch.setattr("patients.actions.children.offered_by_right", lambda at: Q())
    assert not _taken_after_the_end(cast, rosa, noor, by=rosa)


def test_the_form_sent_twice_begins_one_record(cast, rosa, noor):
    child = children.Child(noor.name, noor.birth_date)
    again = children.begin_for_child(
        child=child, by=rosa, at=cast.at + timedelta(seconds=1)
    )
    assert again == noor
    other = children.Child("Sami Haddad", noor.birth_date)
    twin = children.begin_for_child(
        child=other, by=rosa, at=cast.at + timedelta(seconds=1)
    )
    assert twin != noor
