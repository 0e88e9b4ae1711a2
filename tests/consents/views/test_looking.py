"""View as: the real pages as somebody else gets them, before and after signing."""

from __future__ import annotations

import re
from datetime import timedelta

import pypdfium2
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from carecoord.models import OutgoingMail, User
from consents import actions, decisions, harvest, scopes
from consents.codes import CATEGORIES, LABELS, PURPOSES, Relation
from consents.decisions import Reader
from consents.disclosable import model_of
from consents.models import AccessRefusal, Consent, Disclosure, ReadingAlarm
from messaging.models import Opening
from patients.models import Condition, MedicationStatement
from tests.cast import CARE, Cast, permit, signature
from tests.consents.views.pages import Pages, hidden, text_of
from tests.messaging import writing
from tests.patients import records
from tests.sweeps import tables

PAGES = ("", "medicines/", "updates/", "summary/", "list/", "allergies/", "team/")


@pytest.fixture
def told(cast: Cast, settings, monkeypatch) -> Cast:
    """A record with something in every section, and an update to Jon."""
    settings.DEMO = True
    # No lot is drawn between two printings.
    monkeypatch.setattr("patients.documents.sheet.new_document_id", lambda: "ABCD")
    records.fill(cast.amina, cast.at, psychiatrist=cast.bram)
    cast.update = writing.send(cast, "bram", "jon")
    return cast


def main_of(response) -> str:
    """The main part of a page, but for what links and forms lead to."""
    html = response.content.decode()
    inner = re.search(r'<div class="look stack">(.*)</div>\s*</main>', html, re.DOTALL)
    whole = re.search(r"<main[^>]*>(.*)</main>", html, re.DOTALL)
    return plain((inner or whole).group(1))


def plain(html: str) -> str:
    html = re.sub(r"\d+:\d\d [ap]\.?m\.?", "", html)
    html = re.sub(r'<input[^>]*name="csrfmiddlewaretoken"[^>]*>', "", html)
    html = re.sub(r"<(?:a|button)\b[^>]*>", "<lead>", html)
    html = re.sub(r"</(?:a|button)>", "</lead>", html)
    html = re.sub(r"<(?:form|fieldset)\b[^>]*>", "<form>", html)
    html = html.replace("</fieldset>", "</form>")
    return re.sub(r"\s+", " ", html).strip()


def signed_in(user: User) -> Client:
    """A browser whose session was begun, so that a look writes nothing of it."""
    client = Client(headers={"X-Poll": "1"})
    client.force_login(user)
    client.get("/healthz")
    return client


def look_at(cast: Cast, who, page: str, client: Client | None = None, **draft: str):
    """The preview of one page, as Amina opens it."""
    client = client or signed_in(cast.amina.user)
    address = reverse("consents:look", args=[cast.amina.pk, who.pk]) + page
    return client.post(address, draft) if draft else client.get(address)


def own_page(cast: Cast, user: User, page: str):
    """The same page, as the person gets it; nothing of that stays."""
    client = Client()
    client.force_login(user)
    with transaction.atomic():
        response = client.get(f"/patients/{cast.amina.pk}/{page}")
        transaction.set_rollback(True)
    return response


def assert_same(preview, own) -> None:
    assert preview.status_code == 200
    if own.status_code == 404:
        assert "does not get this page" in text_of(preview)
        return
    assert main_of(preview) == main_of(own)


# The states of a record -------------------------------------------------------------


def as_it_is(cast: Cast, who) -> None:
    """Bram and Jon have a permission; Chidi and Hana have none."""


def denied(cast: Cast, who) -> None:
    actions.deny(
        patient=cast.amina,
        terms=actions.Terms(
            recipient=who,
            categories=CATEGORIES["conditions"],
            purposes=PURPOSES.all,
            starts_at=cast.at - timedelta(days=1),
            ends_at=cast.at + timedelta(days=9),
        ),
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
    )


def labelled(cast: Cast, who) -> None:
    for item in MedicationStatement.objects.filter(patient=cast.amina)[:2]:
        item.labels = LABELS["substance_use"]
        item._history_user = cast.amina.user
        item.save(update_fields=["labels"])


def kept_back(cast: Cast, who) -> None:
    medicine = MedicationStatement.objects.filter(patient=cast.amina).first()
    actions.keep_back(item=medicine, by=cast.amina.user, at=cast.at)
    condition = Condition.objects.filter(patient=cast.amina).first()
    actions.keep_back(item=condition, by=cast.amina.user, at=cast.at, party=who)


def stopped(cast: Cast, who) -> None:
    actions.stop_sharing(
        patient=cast.amina, recipient=who, by=cast.amina.user, at=cast.at
    )


def medicines_only(cast: Cast, who) -> None:
    stopped(cast, who)
    purposes = PURPOSES["FAMRQT"] if who == cast.hana else CARE
    kinds = CATEGORIES.mask("medications", "allergies")
    permit(cast.amina, who, at=cast.at, categories=kinds, purposes=purposes)


STATES = (as_it_is, denied, labelled, kept_back, stopped, medicines_only)


CASES = [("bram", state) for state in STATES] + [
    ("jon", as_it_is),
    ("chidi", as_it_is),
    ("chidi", medicines_only),
    ("hana", as_it_is),
    ("hana", medicines_only),
]


@pytest.mark.slow
@pytest.mark.parametrize(("who", "state"), CASES)
@pytest.mark.capability("S54")
def test_the_preview_is_the_page_that_the_person_gets(told: Cast, who: str, state):
    party = getattr(told, who)
    state(told, party)
    for page in (*PAGES, f"updates/{told.update.pk}/"):
        before = Disclosure.objects.count()
        preview = look_at(told, party, page)
        logged = items_of(Disclosure.objects.order_by("at", "seq")[before:])
        with transaction.atomic():
            own = own_page(told, party.user, page)
        assert_same(preview, own)
        assert logged == permitted_of(told, party.user, logged)


def items_of(rows) -> set[tuple[str, str]]:
    return {(label, pk) for row in rows for label, pk, _version in row.items}


# The care team is no item: it is shared whole, by the kind of that name.
ROSTER = "providers.careteamparticipant"


def permitted_of(cast: Cast, user: User, items: set) -> set[tuple[str, str]]:
    """Those of the items that permitted() returns for this person."""
    found = set()
    for label, pk in items:
        if label == ROSTER:
            reader = Reader(user_id=user.pk, purpose="TREAT", at=cast.at)
            if scopes.scope(cast.amina.pk, reader).has("care_team"):
                found.add((label, pk))
            continue
        rows = model_of(label).objects.filter(pk=pk)
        for purpose in ("TREAT", "COC", "FAMRQT"):
            reader = Reader(user_id=user.pk, purpose=purpose, at=cast.at)
            if decisions.permitted(rows, reader).exists():
                found.add((label, pk))
    return found


@pytest.mark.security("T10")
def test_the_medicines_of_a_preview_are_those_of_the_rule(told: Cast):
    kept_back(told, told.bram)
    look_at(told, told.bram, "medicines/")
    shown = {
        pk
        for label, pk in items_of(Disclosure.objects.filter(patient=told.amina))
        if label == "patients.medicationstatement"
    }
    reader = Reader(user_id=told.bram.user_id, purpose="TREAT", at=told.at)
    rule = decisions.permitted(
        MedicationStatement.objects.filter(patient=told.amina), reader
    )
    assert shown == {str(pk) for pk in rule.values_list("pk", flat=True)}
    assert len(shown) < MedicationStatement.objects.filter(patient=told.amina).count()


# Whose reading it is ----------------------------------------------------------------


def test_a_preview_is_the_patients_own_reading_and_leaves_nothing_else(told: Cast):
    client = signed_in(told.amina.user)
    with tables.unchanged():
        for page in (*PAGES, f"updates/{told.update.pk}/"):
            look_at(told, told.jon, page, client)
        look_at(told, told.harbor.party, "new/therapist/", client)
    rows = Disclosure.objects.filter(patient=told.amina)
    assert {(row.user_id, row.relation, row.recipient_id) for row in rows} == {
        (told.amina.user_id, Relation.PATIENT, None)
    }
    assert not AccessRefusal.objects.exists()
    assert not Opening.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_the_person_is_not_told_and_the_log_says_you(told: Cast):
    look_at(told, told.jon, "")
    client = Client()
    client.force_login(told.amina.user)
    log = text_of(client.get(reverse("consents:log", args=[told.amina.pk])))
    assert "You" in log
    assert "Dr. Jon Ortiz" not in log.split("<main")[1]


# Before signing ----------------------------------------------------------------------


def test_a_preview_of_somebody_who_was_slowed_down_raises_no_alarm(
    told: Cast, monkeypatch
):
    monkeypatch.setattr(harvest, "MOST_CHARTS", 0)
    assert look_at(told, told.bram, "").status_code == 200
    assert not ReadingAlarm.objects.exists()


def draft_of(pages: Pages) -> str:
    return hidden(pages.page.content.decode())["draft"]


@pytest.mark.parametrize("page", ["", "medicines/", "updates/", "summary/"])
def test_before_signing_it_is_the_page_after_signing(told: Cast, page: str):
    pages = Pages(Client(), told.amina.user, told.amina)
    pages.to_check(told.chidi)
    preview = look_at(told, told.chidi, page, draft=draft_of(pages))
    assert "Nothing is shared yet" in text_of(preview)
    assert not Consent.objects.filter(recipient=told.chidi).exists()
    pages.sign()
    own = own_page(told, told.chidi.user, page)
    assert own.status_code == 200
    assert_same(preview, own)


def test_a_change_is_seen_before_it_is_signed(told: Cast):
    medicines_only(told, told.bram)
    consent = told.amina.consents.get(recipient=told.bram, revoked_at=None)
    pages = Pages(Client(), told.amina.user, told.amina)
    pages.get("change", consent.pk)
    pages.send(preset="own", kinds=["medications", "conditions"])
    preview = look_at(told, told.bram, "", draft=draft_of(pages))
    assert "Nothing is shared yet" in text_of(preview)
    pages.sign()
    assert_same(preview, own_page(told, told.bram.user, ""))


def test_a_draft_that_was_made_up_previews_nothing(told: Cast):
    response = look_at(told, told.chidi, "", draft="made-up")
    assert response.status_code == 302
    pages = Pages(Client(), told.amina.user, told.amina)
    pages.get("grant")
    # Nothing was chosen yet: there is nothing to sign.
    assert look_at(told, told.chidi, "", draft=draft_of(pages)).status_code == 302


# An organization ----------------------------------------------------------------------


def test_for_an_organization_one_of_its_people_is_chosen(told: Cast):
    stopped(told, told.bram)
    stopped(told, told.jon)
    permit(told.amina, told.harbor.party, at=told.at)
    text = text_of(look_at(told, told.harbor.party, ""))
    assert "Whose pages do you want to see?" in text
    assert "Dr. Bram Visser" in text
    assert "New person (therapist)" in text
    assert "New person (supervisor)" not in text
    assert_same(look_at(told, told.bram, ""), own_page(told, told.bram.user, ""))


def test_a_new_person_of_a_role_gets_what_the_role_needs(told: Cast):
    permit(told.amina, told.harbor.party, at=told.at)
    page = look_at(told, told.harbor.party, "new/care_coordinator/")
    newcomer = join_as(told, "care_coordinator")
    assert_same(page, own_page(told, newcomer, ""))


def join_as(cast: Cast, role: str) -> User:
    """Somebody who really joins, under the name of the preview."""
    from providers import actions as providers

    name = "New person (care coordinator)"
    user = User.objects.create_user("new@cast.example", "long enough", name=name)
    person = providers.add_practitioner(name=name, profession="other", user=user)
    providers.join_organization(
        practitioner=person, organization=cast.harbor, by=user, at=cast.at
    )
    actions.join(patient=cast.amina, party=person.party, role=role, by=user, at=cast.at)
    return user


def test_who_has_no_sign_in_yet_is_seen_as_if_they_had_one(told: Cast):
    from providers import actions as providers

    paper = providers.add_practitioner(name="Dr. Una Page", profession="psychiatrist")
    actions.join(
        patient=told.amina,
        party=paper.party,
        role="psychiatrist",
        by=told.amina.user,
        at=told.at,
    )
    permit(told.amina, paper.party, at=told.at)
    text = text_of(look_at(told, paper.party, "medicines/"))
    assert "has no sign-in here yet" in text
    assert "Medicines shared with Dr. Una Page" in text
    paper.party.refresh_from_db()
    assert paper.party.user is None


# Paper --------------------------------------------------------------------------------


def words_of(response) -> list[str]:
    document = pypdfium2.PdfDocument(response.content)
    return [
        re.sub(r"\d+:\d\d [ap]\.?m\.?", "", line.strip())
        for page in document
        for line in page.get_textpage().get_text_bounded().splitlines()
    ]


MARK = "Preview for the patient. Not to be handed on."


@pytest.mark.slow
@pytest.mark.parametrize("paper", ["summary.pdf", "list.pdf"])
def test_the_paper_is_the_persons_own_with_a_mark(told: Cast, paper: str):
    kept_back(told, told.bram)
    preview = look_at(told, told.bram, paper)
    assert preview["Content-Disposition"] == f'inline; filename="preview-{paper}"'
    with transaction.atomic():
        own = own_page(told, told.bram.user, paper)
        transaction.set_rollback(True)
    words = words_of(preview)
    assert MARK in words
    assert [word for word in words if word != MARK] == words_of(own)
    row = Disclosure.objects.get(patient=told.amina)
    assert (row.relation, row.channel) == (Relation.PATIENT, "pdf")


@pytest.mark.slow
def test_paper_before_signing_signs_nothing(told: Cast):
    pages = Pages(Client(), told.amina.user, told.amina)
    pages.to_check(told.chidi)
    preview = look_at(told, told.chidi, "summary.pdf", draft=draft_of(pages))
    assert not Consent.objects.filter(recipient=told.chidi).exists()
    pages.sign()
    own = own_page(told, told.chidi.user, "summary.pdf")
    assert [word for word in words_of(preview) if word != MARK] == words_of(own)


def test_no_paper_where_the_person_gets_none(told: Cast):
    response = look_at(told, told.chidi, "summary.pdf")
    assert "does not get this page" in text_of(response)


def test_a_paper_that_was_not_printed_is_said_so_in_the_log(told: Cast, monkeypatch):
    monkeypatch.setattr("carecoord.pdf.MAX_HTML_CHARACTERS", 10)
    response = look_at(told, told.bram, "summary.pdf")
    assert response.status_code == 503
    assert "The preview was not printed" in text_of(response)
    outcomes = Disclosure.objects.filter(patient=told.amina).order_by("seq")
    assert [row.outcome for row in outcomes] == ["shown", "not_delivered"]


# No way out ---------------------------------------------------------------------------


@pytest.mark.slow
def test_links_stay_inside_and_buttons_are_off(told: Cast):
    base = reverse("consents:look", args=[told.amina.pk, told.bram.pk])
    for page in (*PAGES, f"updates/{told.update.pk}/"):
        html = look_at(told, told.bram, page).content.decode()
        body = re.search(
            r'<div class="look stack">(.*)</div>\s*</main>', html, re.DOTALL
        )[1]
        links = re.findall(r'<a [^>]*href="([^"]*)"', body)
        assert [each for each in links if not each.startswith((base, "#"))] == []
        assert "<form" not in body
        assert "hx-" not in body
        # The reader's own tabs would lead out, under the same words.
        assert 'aria-label="Main"' not in html
        for link in links:
            if link.startswith(base) and ".pdf" not in link:
                assert look_at(told, told.bram, link[len(base) :]).status_code == 200


@pytest.mark.parametrize(
    "page", ["sharing/", "medicines/add/", "updates/new/", "nowhere/", "more/"]
)
def test_pages_that_others_do_not_get_have_no_preview(told: Cast, page: str):
    assert look_at(told, told.bram, page).status_code == 404


def test_nobody_else_looks_through_other_eyes(told: Cast):
    address = reverse("consents:look", args=[told.amina.pk, told.bram.pk])
    for who in ("bram", "jon", "chidi", "hana", "edo", "gus"):
        client = Client()
        client.force_login(told.user(who))
        assert client.get(address).status_code == 404, who
    assert look_at(told, told.dana, "").status_code == 404
