"""X1: who acts for an adult patient, by which document; and what a death closes."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from carecoord import contacts
from carecoord.models import User
from consents import actions, log
from consents.access import reports
from consents.answers import Reason
from consents.codes import CATEGORIES, LABELS, Basis
from consents.decisions import Reader, decide
from consents.models import Consent, Disclosure
from consents.scopes import scope
from messaging.models import Notice
from messaging.sweeping import Sweep
from tests.cast import permit
from tests.consents.acting import record, relative
from tests.consents.guests import make, use
from tests.consents.test_decisions import condition, says
from tests.consents.views.pages import Pages, text_of
from tests.patients import records

DAY = timedelta(days=1)


@pytest.fixture
def rosa(cast):
    """Amina's health-care agent: on no care team."""
    return relative(cast.amina, "Rosa Diallo")


def reads(party, at, purpose="PWATRNY") -> Reader:
    return Reader(party.user_id, purpose, at)


# The rule ------------------------------------------------------------------------


@pytest.mark.capability("X1")
def test_an_agent_sees_what_the_document_covers_labelled_or_not(cast, rosa):
    record(cast, cast.amina, rosa, "agent", categories=CATEGORIES["conditions"])
    item = condition(cast, labels=LABELS["hiv"])
    goal = condition(cast, categories=CATEGORIES["goals"])
    assert says(item, reads(rosa, cast.at)) == Reason.REPRESENTATIVE
    assert not decide(goal, reads(rosa, cast.at)).permitted


def test_only_through_the_entrance_of_that_purpose(cast, rosa):
    record(cast, cast.amina, rosa, "agent")
    item = condition(cast)
    for purpose in ("TREAT", "COC", "FAMRQT", "PATRQT", "ETREAT"):
        assert not decide(item, reads(rosa, cast.at, purpose)).permitted


def test_nobody_else_gains_by_the_purpose(cast, rosa):
    record(cast, cast.amina, rosa, "agent")
    item = condition(cast)
    for who in ("bram", "chidi", "dana", "hana", "edo", "ines"):
        party = Reader(cast.user(who).pk, "PWATRNY", cast.at)
        assert not decide(item, party).permitted, who
    other = condition(cast, patient=cast.gus)
    assert not decide(other, reads(rosa, cast.at)).permitted


def test_what_the_patient_keeps_back_holds_against_the_agent(cast, rosa):
    record(cast, cast.amina, rosa, "agent")
    item, other = condition(cast), condition(cast, categories=CATEGORIES["goals"])
    actions.keep_back(item=item, by=cast.amina.user, at=cast.at)
    actions.deny(
        patient=cast.amina,
        terms=actions.Terms(rosa, CATEGORIES["goals"], 1, cast.at, cast.at + DAY),
        signature=actions.Signature("x", "x", "x", "x"),
        by=cast.amina.user,
        at=cast.at,
    )
    assert not decide(item, reads(rosa, cast.at)).permitted
    assert not decide(other, reads(rosa, cast.at)).permitted


@pytest.mark.parametrize("when", [-DAY, timedelta(days=30), timedelta(days=31)])
def test_it_has_a_start_and_an_end(cast, rosa, when):
    record(cast, cast.amina, rosa, "guardian", ends_at=cast.at + timedelta(days=30))
    item = condition(cast)
    assert decide(item, reads(rosa, cast.at)).permitted
    assert decide(item, reads(rosa, cast.at + timedelta(days=29))).permitted
    assert not decide(item, reads(rosa, cast.at + when)).permitted


def test_ended_is_over_in_the_same_second(cast, rosa):
    held = record(cast, cast.amina, rosa, "agent")
    item = condition(cast)
    actions.end_representative(representative=held, by=cast.ines, at=cast.at)
    assert not decide(item, reads(rosa, cast.at)).permitted


def test_the_scope_never_says_the_whole_of_a_part(cast, rosa):
    held = record(cast, cast.amina, rosa, "agent", labels=0)
    from consents.scopes import by_document

    assert by_document(held, cast.at).whole == 0
    assert scope(cast.amina.pk, reads(rosa, cast.at)).categories == 0


# Recording -----------------------------------------------------------------------


REFUSALS = {
    "a patient records": lambda cast, rosa: {"by": cast.amina.user},
    "a clinician records": lambda cast, rosa: {"by": cast.user("bram")},
    "a superuser records": lambda cast, rosa: {"by": cast.edo},
    "nobody stated it": lambda cast, rosa: {"stated_by": None},
    "a stranger stated it": lambda cast, rosa: {"stated_by": cast.dana},
    "family stated it": lambda cast, rosa: {"stated_by": cast.hana},
    "no document": lambda cast, rosa: {"document": "  "},
}


@pytest.mark.capability("X1")
@pytest.mark.parametrize("why", REFUSALS)
def test_it_is_not_recorded_when(cast, rosa, why):
    with pytest.raises(actions.RuleError):
        record(cast, cast.amina, rosa, "agent", **REFUSALS[why](cast, rosa))


@pytest.mark.security("T92")
def test_nobody_acts_by_an_account_whose_address_nobody_confirmed(cast, rosa):
    """Somebody else may have begun it with her address, and wait for a paper."""
    own = EmailAddress.objects.create(user=rosa.user, email=rosa.user.email)
    with pytest.raises(actions.RuleError, match="cannot be recorded here"):
        record(cast, cast.amina, rosa, "guardian")
    own.verified = True
    own.save()
    assert record(cast, cast.amina, rosa, "guardian")


def test_only_somebody_close_with_a_sign_in_can_act(cast):
    for party in (cast.bram, relative(cast.gus, "Rosa Diallo")):
        with pytest.raises(actions.RuleError):
            record(cast, cast.amina, party, "agent")


SAME = [
    ("Amina+Mum@Cast.Example", ""),
    ("amina+mum@cast.example", ""),
    ("a.mi.na@cast.example", ""),
    ("rosa@cast.example", "+1 555 010 0199"),
]


def with_account(cast, email: str, phone: str = ""):
    """Rosa, close to Amina, who is reached there."""
    user = User(email=email, name="Rosa Diallo")
    user.set_unusable_password()
    user.save()
    return relative(cast.amina, "Rosa Diallo", user=user, phone=phone)


def is_refused(cast, party) -> bool:
    """With words that say nothing of whose it is."""
    try:
        record(cast, cast.amina, party, "agent")
    except actions.RuleError as refused:
        assert "Amina" not in str(refused) and "same" not in str(refused)
        return True
    return False


@pytest.mark.security("T92", "L22")
@pytest.mark.parametrize(("email", "phone"), SAME)
def test_patient_and_representative_share_no_address_and_no_number(cast, email, phone):
    assert is_refused(cast, with_account(cast, email, phone))


@pytest.mark.security("T92", "L22")
@pytest.mark.parametrize("whose", ["rosa", "amina"])
def test_no_second_address_of_an_account_is_the_others_mailbox(cast, whose):
    """It signs in, and chooses a new password: also after it is no more written to."""
    rosa = with_account(cast, "rosa@mail.example")
    user, address = {
        "rosa": (rosa.user, "amina+r@cast.example"),
        "amina": (cast.amina.user, "ro.sa@mail.example"),
    }[whose]
    added = user.emailaddress_set.create(email=address, verified=True)
    assert is_refused(cast, rosa)
    # Anybody can type anybody's address: it counts once it was confirmed.
    type(added).objects.filter(pk=added.pk).update(verified=False)
    assert not is_refused(cast, rosa)


@pytest.mark.security("T92", "L22")
def test_the_test_of_that_fails_where_only_one_address_is_looked_at(cast, monkeypatch):
    """The vulnerable twin: an account is reached at the address it is written to."""
    rosa = with_account(cast, "rosa@mail.example")
    address = {"email": "amina+r@cast.example", "verified": True}
    rosa.user.emailaddress_set.create(**address)
    monkeypatch.setattr(contacts, "addresses_of", lambda user: {user.email})
    assert not is_refused(cast, rosa)


# In the pages --------------------------------------------------------------------


@pytest.fixture
def browser(client, cast, rosa, settings):
    settings.DEMO = True
    record(cast, cast.amina, rosa, "agent")
    return Pages(client, rosa.user, cast.amina)


@pytest.mark.capability("X1")
def test_the_chart_says_for_whom_and_the_log_by_which_right(browser, cast, rosa):
    condition(cast, name="CNRYlabelled", labels=LABELS["hiv"])
    kept = condition(cast, name="CNRYkept")
    actions.keep_back(item=kept, by=cast.amina.user, at=cast.at)
    page = browser.client.get(reverse("patients:chart", args=[cast.amina.pk]))
    html = text_of(page)
    assert "You act for Amina Diallo as health-care agent." in html
    assert "CNRYlabelled" in html and "CNRYkept" not in html
    row = Disclosure.objects.get(user=rosa.user)
    assert (row.relation, row.basis, row.purpose, row.recipient) == (
        "representative",
        "representative",
        "PWATRNY",
        rosa,
    )
    assert list(log.verify()) == []
    assert str(cast.amina.pk) in text_of(browser.client.get("/patients/"))


def test_the_patient_keeps_the_sign_in_and_sees_the_log(browser, cast, rosa):
    condition(cast)
    browser.client.get(reverse("patients:chart", args=[cast.amina.pk]))
    amina = Pages(Client(), cast.user("amina"), cast.amina)
    assert "Rosa Diallo" in text_of(amina.get("log"))


def test_the_first_look_of_whoever_acts_is_told_like_anybody_elses(browser, cast, rosa):
    condition(cast)
    browser.client.get(reverse("patients:chart", args=[cast.amina.pk]))
    Sweep(now=lambda: cast.at + DAY).run()
    told = Notice.objects.filter(kind="first_access", user=cast.user("amina"))
    looks = Disclosure.objects.filter(pk__in=told.values("about"))
    assert {row.user for row in looks} == {rosa.user}


def test_every_right_to_look_has_words_for_the_privacy_officer():
    assert set(reports.BASES) == set(Basis)


@pytest.mark.capability("X1")
def test_a_permission_is_signed_for_the_patient_and_says_so_everywhere(
    browser, cast, rosa
):
    page = browser.to_check(cast.chidi)
    assert "Signed by Rosa Diallo for Amina Diallo." in text_of(page)
    browser.sign(signed_name="Rosa Diallo")
    consent = Consent.objects.latest("signed_at")
    assert consent.signed_by == rosa.user and consent.authority == "health-care agent"
    assert consent.representative.party == rosa
    assert "Rosa Diallo signs as health-care agent." in consent.text
    amina = Pages(Client(), cast.user("amina"), cast.amina)
    assert "health-care agent" in text_of(amina.get("receipt", consent.pk))
    browser.page = browser.client.get(browser.address("revoke", consent.pk))
    browser.send()
    consent.refresh_from_db()
    assert consent.revoked_by == rosa.user
    receipt = text_of(amina.get("receipt", consent.pk))
    assert "Rosa Diallo for Amina Diallo" in receipt


def test_an_agent_shares_no_more_than_the_document_covers(client, cast, rosa, settings):
    settings.DEMO = True
    record(cast, cast.amina, rosa, "agent", categories=CATEGORIES["goals"], labels=0)
    pages = Pages(client, rosa.user, cast.amina)
    pages.get("grant")
    pages.send(recipient=str(cast.jon.pk))
    assert "does not cover all of this" in text_of(pages.send(preset="coordination"))


@pytest.mark.security("T20")
def test_a_document_that_became_smaller_meanwhile_signs_no_more(browser, cast, rosa):
    """Between the page that asks what and the signature; and it is said, not a 500."""
    browser.to_check(cast.chidi)
    grant_page = browser.page
    browser.get("code_make")
    code_page = browser.send(
        page="emergency", topics=["hiv"], ends="0", visits="1", whom=""
    )
    held = cast.amina.representatives.get()
    actions.end_representative(representative=held, by=cast.ines, at=cast.at)
    record(cast, cast.amina, rosa, "agent", categories=CATEGORIES["care_team"])
    for page in (grant_page, code_page):
        browser.page = page
        again = browser.sign(signed_name="Rosa Diallo")
        assert "Something changed since this page was made" in text_of(again)
        signed = browser.sign(signed_name="Rosa Diallo")
        assert "does not cover all of this" in text_of(signed)
    assert not Consent.objects.filter(signed_by=rosa.user).exists()


PATIENTS_ALONE = ["accounting", "emergency_choice", "grown_up"]


@pytest.mark.parametrize("name", PATIENTS_ALONE)
def test_what_is_the_patients_alone_stays_so(browser, name):
    assert browser.get(name).status_code == 404


def test_without_the_right_to_sign_nothing_is_offered(client, cast, rosa, settings):
    settings.DEMO = True
    record(cast, cast.amina, rosa, "agent", may_sign=False)
    pages = Pages(client, rosa.user, cast.amina)
    assert pages.address("grant") not in text_of(pages.get("sharing"))
    pages.get("grant")
    pages.send(recipient=str(cast.chidi.pk))
    page = pages.send(preset="coordination")
    assert "does not let you sign" in text_of(page)


def test_once_ended_every_page_is_the_strangers_404(browser, cast, rosa):
    condition(cast)
    held = cast.amina.representatives.get()
    actions.end_representative(representative=held, by=cast.ines, at=cast.at)
    for name in ("patients:chart", "patients:summary", "consents:sharing"):
        address = reverse(name, args=[cast.amina.pk])
        assert browser.client.get(address).status_code == 404


# Death ---------------------------------------------------------------------------


@pytest.mark.capability("X1")
def test_a_death_closes_sharing_and_leaves_what_each_wrote(cast, rosa, client):
    records.fill(cast.amina, cast.at)
    record(cast, cast.amina, rosa, "agent")
    code = make(cast.amina, at=cast.at)
    item = condition(cast)
    own = condition(cast, author=cast.bram, categories=CATEGORIES["goals"])
    actions.record_death(
        patient=cast.amina,
        died_at=cast.at - DAY,
        by=cast.ines,
        at=cast.at,
        document="x",
    )
    bram = Reader(cast.user("bram").pk, "TREAT", cast.at)
    assert not decide(item, bram).permitted
    assert scope(cast.amina.pk, bram).categories == 0
    assert decide(own, bram).permitted
    assert not decide(item, reads(rosa, cast.at)).permitted
    assert use(code.code, at=cast.at, birth_date=cast.amina.birth_date) is None
    assert not client.login(email="amina@cast.example", password="x")
    cast.amina.user.refresh_from_db()
    assert not cast.amina.user.is_active


@pytest.mark.capability("X1")
def test_after_it_only_the_estate_acts_by_document(cast, rosa):
    item = condition(cast)
    with pytest.raises(actions.RuleError):
        record(cast, cast.amina, rosa, "estate")
    actions.record_death(
        patient=cast.amina,
        died_at=cast.at,
        by=cast.ines,
        at=cast.at,
        document="x",
    )
    with pytest.raises(actions.RuleError):
        record(cast, cast.amina, rosa, "guardian")
    record(cast, cast.amina, rosa, "estate", may_sign=False)
    assert decide(item, reads(rosa, cast.at)).permitted


def test_only_the_privacy_officer_records_a_death_and_once(cast):
    for by in (cast.amina.user, cast.user("bram"), cast.edo):
        with pytest.raises(actions.RuleError):
            actions.record_death(
                patient=cast.amina,
                died_at=cast.at,
                by=by,
                at=cast.at,
                document="x",
            )
    actions.record_death(
        patient=cast.amina,
        died_at=cast.at,
        by=cast.ines,
        at=cast.at,
        document="x",
    )
    with pytest.raises(actions.RuleError):
        actions.record_death(
            patient=cast.amina,
            died_at=cast.at,
            by=cast.ines,
            at=cast.at,
            document="x",
        )


def test_a_new_permission_after_a_death_opens_nothing(cast):
    item = condition(cast)
    actions.record_death(
        patient=cast.amina,
        died_at=cast.at,
        by=cast.ines,
        at=cast.at,
        document="x",
    )
    permit(cast.amina, cast.chidi, at=cast.at)
    assert not decide(item, Reader(cast.user("chidi").pk, "TREAT", cast.at)).permitted
