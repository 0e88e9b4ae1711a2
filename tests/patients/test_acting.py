"""What somebody who acts for a patient does beyond sharing, and what stays unseen."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.models import Consent, Disclosure, GuestCode
from patients.actions import allergies, medicines, substances
from patients.actions.allergies import Reaction
from patients.actions.medicines import Details
from patients.actions.substances import Use
from patients.models import MedicationStatement, TimelineEvent
from tests.cast import COORDINATION, asks, permit
from tests.consents.acting import record, relative
from tests.consents.excepted import told
from tests.consents.test_decisions import condition
from tests.consents.views.pages import Pages, bare, sign_in, text_of
from tests.patients.medicines_world import DAILY

WITHOUT_TEAM = CATEGORIES.all & ~CATEGORIES["care_team"]


def begins(cast, patient, party, kind="parent", **fields):
    """Rosa's browser, acting by a document."""
    record(cast, patient, party, kind, **fields)
    client = Client()
    sign_in(client, party.user)
    return client


def add(patient, name, by, at, labels=0):
    return medicines.add(
        patient=patient,
        details=Details(name=name),
        dosage=DAILY,
        labels=labels,
        by=by,
        at=at,
    ).item


def typed(client, address, **answers):
    """Sends the form of a page, with what it carries; returns where it leads."""
    page = text_of(client.get(address))
    version = re.search(r'name="version" value="(\d+)"', page)
    carried = {"version": version.group(1)} if version else {}
    return client.post(address, carried | answers)


# The medicine list -----------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.capability("X1")
def test_a_parent_adds_a_medicine_and_it_says_who_for_whom(cast, noor, mother):
    client = begins(cast, noor, mother)
    page = text_of(client.get(reverse("patients:medicines", args=[noor.pk])))
    add_url = reverse("patients:medicine_add", args=[noor.pk])
    assert add_url in page
    answer = client.post(add_url, {"name": "sertraline", "schedule": "daily"})
    dose = answer["Location"]
    answer = client.post(
        dose,
        {"form": "tablet", "strength": "50", "unit": "mg", "bedtime": "2", "sure": "1"},
    )
    answer = client.post(answer["Location"], {"source": "unsure"})
    check = answer["Location"]
    said = text_of(client.get(check))
    # What is written to be checked, and taken back, was shown to nobody.
    assert not Disclosure.objects.filter(
        patient=noor, entrance="patients:medicine_add_check"
    )
    assert "You write it for Noor Haddad, as parent or guardian of a child." in said
    assert "Dr. Bram" not in said and "Keep it from someone" not in said
    saved = client.post(check, {}, follow=True)
    assert "Saved for Noor." in text_of(saved)
    item = MedicationStatement.objects.get(patient=noor)
    assert item.recorded_by == mother.user
    own = Client()
    sign_in(own, noor.user)
    history = reverse("patients:medicine_history", args=[noor.pk, item.pk])
    assert "Rosa Haddad, for Noor, as parent or guardian of a child" in text_of(
        own.get(history)
    )


@pytest.mark.slow
def test_a_guardian_stops_and_corrects_and_says_the_list_is_right(cast, settings):
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    client = begins(cast, cast.amina, rosa, "guardian")
    item = add(cast.amina, "lithium", cast.amina.user, cast.at)
    stop = reverse("patients:medicine_stop", args=[cast.amina.pk, item.pk])
    assert "lithium" in text_of(client.get(stop))
    check = reverse("patients:medicines_check", args=[cast.amina.pk])
    assert client.post(check, {}).status_code == 302
    who = "Rosa Diallo, for Amina, as court-appointed guardian"
    shown = reverse("patients:medicines", args=[cast.amina.pk])
    assert f"{who} last checked this list on" in text_of(client.get(shown))
    sheet = reverse("patients:summary", args=[cast.amina.pk])
    assert f"Medicine list confirmed by {who} on" in text_of(client.get(sheet))
    event = TimelineEvent.objects.get(patient=cast.amina, kind="list_confirmed")
    assert event.title == f"Medicine list checked by {who}"
    own = Client()
    sign_in(own, cast.amina.user)
    assert f"{who} last checked this list on" in text_of(own.get(shown))
    wrong = reverse("patients:medicine_mistake", args=[cast.amina.pk, item.pk])
    typed(client, wrong)
    item.refresh_from_db()
    assert item.entered_in_error_at


CLOSED = {
    "the paper leaves medicines out": {"categories": CATEGORIES["goals"]},
    "the paper lets them look only": {"may_sign": False},
}


@pytest.mark.parametrize("why", CLOSED)
def test_the_list_is_not_theirs_to_keep_where(cast, noor, mother, why):
    client = begins(cast, noor, mother, **CLOSED[why])
    item = add(noor, "lithium", noor.user, cast.at)
    for name, args in (
        ("medicine_add", []),
        ("medicine_change", [item.pk]),
        ("medicine_stop", [item.pk]),
        ("medicine_mistake", [item.pk]),
        ("medicines_check", []),
    ):
        address = reverse(f"patients:{name}", args=[noor.pk, *args])
        assert client.get(address).status_code == 404, name
        assert client.post(address, {}).status_code == 404, name


def test_what_is_the_childs_own_cannot_be_named_by_a_parent(cast, noor, mother):
    client = begins(cast, noor, mother)
    own = add(noor, "CNRYhidden", noor.user, cast.at, LABELS["substance_use"])
    for name in ("medicine_change", "medicine_stop", "medicine_mistake"):
        nobody = uuid.uuid4()
        absent = reverse(f"patients:{name}", args=[noor.pk, nobody])
        hidden = reverse(f"patients:{name}", args=[noor.pk, own.pk])
        one, other = client.get(hidden), client.get(absent)
        assert one.status_code == other.status_code == 404
        assert bare(one, own.pk) == bare(other, nobody)


# A world with what is the child's own is, to the parent, the world without -----------

PAGES = (
    "patients:chart",
    "patients:medicines",
    "patients:medicine_add",
    "patients:summary",
    "patients:allergies",
    "patients:team",
    "patients:record",
    "patients:substances",
    "consents:sharing",
    "consents:grant",
    "consents:receipts",
    "consents:codes",
    "consents:log",
    "consents:representatives",
)


@pytest.mark.slow
@pytest.mark.security("T93", "T94", "L23")
@pytest.mark.capability("X1")
def test_to_a_parent_the_childs_own_changes_no_byte(cast, noor, mother):
    client = begins(cast, noor, mother)
    signs(cast, noor, mother, cast.bram)
    add(noor, "lithium", noor.user, cast.at)
    looks(cast, noor)
    before = {name: read(client, name, noor) for name in PAGES}
    assert "lithium" in before["patients:medicines"]
    assert "Dr. Bram Visser" in before["consents:log"]
    for label in LABELS:
        add(noor, "CNRYhidden", noor.user, cast.at, label.bit)
        condition(cast, patient=noor, name="CNRYhidden", labels=label.bit)
        hides(noor, label, cast.at)
    permit(noor, cast.bram, at=cast.at, labels=LABELS.all)
    permit(noor, cast.dana, at=cast.at, labels=LABELS.all)
    asks(noor, cast.jon, at=cast.at)
    looks(cast, noor)
    for name, was in before.items():
        now = read(client, name, noor)
        assert "CNRYhidden" not in now, name
        assert now == was, name


def read(client, name, patient) -> str:
    page = client.get(reverse(name, args=[patient.pk]))
    assert page.status_code == 200, name
    # Bram's times of looking are the parent's to know; here they are the test's own.
    html = re.sub(r"\d{1,2}:\d\d [ap]m(, )?", "", bare(page))
    # Each summary has a number of its own.
    html = re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", "", html)
    # What was typed travels sealed, with the time in it.
    return re.sub(r'name="draft" value="[^"]*"', "", html)


def hides(patient, label, at):
    """What is the child's own among allergies and substances."""
    own = {"patient": patient, "by": patient.user, "at": at, "labels": label.bit}
    allergies.add(reaction=Reaction(f"CNRYhidden {label.name}"), **own)
    substances.add(use=Use("other", "CNRYhidden"), **own)


def looks(cast, patient):
    bram = Client()
    sign_in(bram, cast.user("bram"))
    assert bram.get(reverse("patients:chart", args=[patient.pk])).status_code == 200


def signs(cast, patient, party, recipient, **terms) -> Consent:
    held = patient.representatives.get()
    return consents.grant(
        patient=patient,
        terms=consents.Terms(
            recipient=recipient,
            categories=COORDINATION,
            purposes=PURPOSES.mask("TREAT", "COC"),
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=300),
            **terms,
        ),
        signature=consents.Signature(
            "Rosa Haddad", "password", "x", "test", held.get_kind_display(), held
        ),
        by=party.user,
        at=cast.at,
    )


def test_the_log_of_who_acts_leaves_out_people_they_may_not_know_of(cast, noor, mother):
    client = begins(cast, noor, mother)
    add(noor, "lithium", noor.user, cast.at)
    permit(noor, cast.bram, at=cast.at)
    looks(cast, noor)
    page = text_of(client.get(reverse("consents:log", args=[noor.pk])))
    assert "Bram" not in page
    assert "Nobody has looked" in page


def test_the_log_of_who_acts_tells_of_no_exception_and_no_call(cast, settings):
    """A case is told to the patient, in its own time; to nobody else."""
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    client = begins(cast, cast.amina, rosa, "guardian")
    seen = condition(cast)
    to_bram = {"recipient_id": cast.bram.pk, "about": None}
    rows = {"items": [["patients.condition", str(seen.pk), 1]], **to_bram}
    address = reverse("consents:log", args=[cast.amina.pk])
    told(cast, cast.amina, **rows)
    assert "Nobody has looked" in text_of(client.get(address))
    told(cast, cast.amina, basis="consent", exception=None, channel="phone", **rows)
    assert "Nobody has looked" in text_of(client.get(address))
    told(cast, cast.amina, basis="consent", exception=None, channel="web", **rows)
    assert "Dr. Bram Visser" in text_of(client.get(address))


# Whom they may know of ---------------------------------------------------------------


@pytest.mark.capability("X1")
def test_a_paper_that_leaves_the_team_out_shows_only_whom_it_is_about(cast, settings):
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    client = begins(cast, cast.amina, rosa, "guardian", categories=WITHOUT_TEAM)
    pages = Pages(client, rosa.user, cast.amina)
    shown = [text_of(pages.get(name)) for name in ("sharing", "grant")]
    for html in shown:
        assert "Dr. Bram Visser" in html, "has a permission"
        assert "Chidi" not in html and "Hana" not in html and "Harbor" not in html
    assert "Chidi" not in text_of(
        client.get(reverse("patients:medicine_add", args=[cast.amina.pk]))
    )
    ask = asks(cast.amina, cast.chidi, at=cast.at)
    assert "Chidi Okafor" in text_of(pages.get("sharing")), "asks something of them"
    assert pages.get("request", ask.pk).status_code == 200


@pytest.mark.capability("X1")
def test_a_request_is_answered_for_the_patient_and_says_so(cast, settings):
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    client = begins(cast, cast.amina, rosa, "guardian")
    ask = asks(cast.amina, cast.chidi, at=cast.at)
    pages = Pages(client, rosa.user, cast.amina)
    pages.get("request", ask.pk)
    receipt = pages.send()
    ask.refresh_from_db()
    assert ask.answered_at and receipt.status_code == 302
    answer = Consent.objects.get(decision="refusal")
    assert answer.signed_by == rosa.user
    assert answer.authority == "court-appointed guardian"
    offered = text_of(pages.get("grant"))
    assert str(cast.chidi.pk) in offered and str(rosa.pk) not in offered


def test_no_on_the_last_page_answers_the_request_too(cast, settings):
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    client = begins(cast, cast.amina, rosa, "guardian")
    ask = asks(cast.amina, cast.chidi, at=cast.at)
    pages = Pages(client, rosa.user, cast.amina)
    pages.get("grant", request=str(ask.pk))
    pages.send(preset="own", kinds=["goals"])
    check = text_of(pages.send(purposes=["TREAT"], ends="3"))
    # By the words of the permission: no count tells of what Amina keeps back.
    assert "Chidi Okafor may see by it" in check and "<span>Goals</span>" in check
    assert "Look at the pages as Chidi Okafor would get them" in check
    assert "Amina Diallo, and anyone on the care team." in check
    assert "Amina Diallo is reminded 14 and 2 days before." in check
    pages.send(answer="refuse")
    ask.refresh_from_db()
    assert ask.consent and ask.consent.decision == "refusal"
    assert ask.consent.authority == "court-appointed guardian"


def test_what_a_paper_does_not_cover_is_not_asked_of_them(cast, settings):
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    client = begins(
        cast, cast.amina, rosa, "guardian", categories=CATEGORIES["medications"]
    )
    ask = asks(cast.amina, cast.chidi, at=cast.at)
    pages = Pages(client, rosa.user, cast.amina)
    assert "Chidi" not in text_of(pages.get("sharing"))
    assert pages.get("request", ask.pk).status_code == 404


def test_what_is_asked_of_a_child_who_signs_in_is_the_childs(cast, noor, mother):
    client = begins(cast, noor, mother)
    ask = asks(noor, cast.jon, at=cast.at)
    pages = Pages(client, mother.user, noor)
    assert pages.get("request", ask.pk).status_code == 404
    signs(cast, noor, mother, cast.jon)
    assert pages.get("request", ask.pk).status_code == 200


# Codes -------------------------------------------------------------------------------


def code_of(client, patient, **answers):
    pages = Pages(client, answers.pop("user"), patient)
    pages.get("code_make")
    page = pages.send(
        **{
            "page": "summary",
            "kinds": ["medications", "allergies"],
            "ends": "2",
            "visits": "1",
        }
        | answers
    )
    return pages, page


@pytest.mark.capability("X1")
def test_a_code_is_made_for_the_patient_within_the_paper(cast, noor, mother):
    client = begins(cast, noor, mother)
    pages, check = code_of(client, noor, user=mother.user)
    html = text_of(check)
    assert "Signed by Rosa Haddad for Noor Haddad." in html
    assert "Stands on the page" not in html, "a count tells of what is not shared"
    pages.send(signed_name="Rosa Haddad", agree="on")
    made = GuestCode.objects.get(patient=noor)
    assert made.consent.representative.party == mother
    assert made.made_by == mother.user
    assert pages.get("code", made.pk).status_code == 200


def test_a_code_for_what_is_the_childs_own_is_not_a_parents_to_make(cast, noor, mother):
    client = begins(cast, noor, mother)
    _pages, page = code_of(client, noor, user=mother.user, topics=["substance_use"])
    assert "does not cover all of this" in text_of(page)
    assert not GuestCode.objects.exists()


def test_a_childs_own_code_is_not_on_a_parents_list(cast, noor, mother):
    from tests.consents import guests

    client = begins(cast, noor, mother)
    own = guests.make(noor, at=cast.at).guest_code
    pages = Pages(client, mother.user, noor)
    assert str(own.pk) not in text_of(pages.get("codes"))
    assert pages.get("code", own.pk).status_code == 404
