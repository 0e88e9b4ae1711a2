"""Permissions to and from other systems, on the patient's own pages."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from carecoord import zones
from consents import actions
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.fhir import writing
from consents.models import Consent, ImportedConsent
from tests.cast import permit, signature
from tests.consents.acting import record, relative
from tests.consents.fhir import files
from tests.consents.views.pages import Pages, text_of

pytestmark = pytest.mark.usefixtures("demo")


def upload(pages: Pages, value: object) -> str:
    """Sends a file, follows to where it leads, and gives that page."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    file = SimpleUploadedFile("p.json", raw, "application/json")
    answer = pages.client.post(pages.address("bring_in"), {"file": file}, follow=True)
    return text_of(answer)


def away(cast, consent: Consent) -> dict:
    """A permission as it was before it was stopped: what another system still has."""
    found = writing.consent(consent, cast.amina, cast.at, unnamed=())
    actions.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    return found


def test_a_permission_from_elsewhere_is_checked_and_signed_here(amina, cast):
    old = permit(
        cast.amina,
        cast.chidi,
        at=cast.at,
        categories=CATEGORIES.mask("conditions", "goals"),
        labels=LABELS["hiv"],
        purposes=PURPOSES["TREAT"],
    )
    page = upload(amina, away(cast, old))
    assert "The file says: share with Chidi Okafor" in page
    assert "Nothing counts before you sign it here." in page
    draft = ImportedConsent.objects.get()
    assert not Consent.objects.signed().filter(recipient=cast.chidi).exists()
    what = text_of(amina.get("grant", imported=draft.pk))
    for name in ("conditions", "goals", "hiv"):
        assert _is_ticked(what, name)
    amina.send(preset="own", kinds=["conditions", "goals"], apart=["hiv"])
    why = text_of(amina.page)
    assert _is_ticked(why, "TREAT")
    amina.send(purposes=["TREAT"], ends="6")
    receipt = amina.sign()["Location"]
    # "Back" to the draft that was signed is no page that cannot be found.
    assert amina.get("imported", draft.pk)["Location"] == receipt
    new = Consent.objects.get(pk=draft.pk)
    assert (new.categories, new.labels) == (old.categories, old.labels)
    assert "Patient: Amina Diallo." in new.text, "signed with the text of these pages"


def test_the_draft_says_how_far_back_the_file_goes(amina, cast):
    old = permit(
        cast.amina,
        cast.chidi,
        at=cast.at,
        categories=CATEGORIES["measures"],
        items_from=cast.at - timedelta(days=100),
    )
    page = upload(amina, away(cast, old))
    # The next whole day: a draft is never wider than its file.
    day = zones.today(cast.at, cast.amina.time_zone) - timedelta(days=99)
    assert "How far back" in page
    assert f"From {day:%b} {day.day}, {day.year} on" in page


def _is_ticked(html: str, value: str) -> bool:
    tag = next(each for each in html.split("<input") if f'value="{value}"' in each)
    return "checked" in tag.split(">")[0]


def test_a_never_from_elsewhere_is_signed_on_its_own_page(amina, cast):
    terms = actions.Terms(
        recipient=cast.bram,
        categories=CATEGORIES.all,
        labels=LABELS["violence"],
        purposes=PURPOSES.all,
        starts_at=cast.at,
        ends_at=cast.amina_to_bram.ends_at,
    )
    old = actions.deny(
        patient=cast.amina,
        terms=terms,
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
    )
    assert "never share with Dr. Bram Visser" in upload(amina, away(cast, old))
    draft = ImportedConsent.objects.get()
    page = text_of(amina.get("never", cast.bram.pk, imported=draft.pk))
    assert _is_ticked(page, "topics")
    assert _is_ticked(page, "violence")
    amina.send(
        extent="topics", topics=["violence"], signed_name="Amina Diallo", agree="on"
    )
    new = Consent.objects.get(pk=draft.pk)
    assert (new.decision, new.labels) == ("deny", LABELS["violence"])
    # Its page opens for nobody else's name and not again.
    assert amina.get("never", cast.jon.pk, imported=draft.pk).status_code == 404


def test_a_draft_that_fits_nobody_asks_who_and_one_that_ended_cannot_be_signed(
    amina, cast
):
    in_a_year = (timezone.localdate() + timedelta(days=365)).isoformat()
    page = upload(amina, files.consent(files.permit(period={"end": in_a_year})))
    assert "The file names Dr. Pia Ortiz. Choose who that is here." in page
    draft = ImportedConsent.objects.get()
    who = text_of(amina.get("grant", imported=draft.pk))
    assert "Who do you want to share with?" in who
    assert "checked" not in who
    ended = files.consent(files.permit(period={"end": "2026-01-01"}))
    page = upload(amina, ended)
    assert "This cannot be signed here." in page
    other = ImportedConsent.objects.exclude(pk=draft.pk).get()
    assert amina.get("grant", imported=other.pk).status_code == 404
    assert not Consent.objects.filter(pk__in=[draft.pk, other.pk]).exists()


def test_a_draft_is_thrown_away_and_the_same_file_is_read_once(amina, cast):
    for _again in range(2):
        upload(amina, files.consent())
    draft = ImportedConsent.objects.get()
    assert "(1 waits for you)" in text_of(amina.get("sharing"))
    amina.client.post(amina.address("imported_drop", draft.pk))
    assert amina.get("imported", draft.pk).status_code == 404
    assert amina.get("grant", imported=draft.pk).status_code == 404
    assert "Waiting for you" not in text_of(amina.get("bring_in"))


def test_only_so_many_wait_however_many_files_come(amina, cast, monkeypatch, tmp_path):
    """Each file is bounded; so is what all of them together put before a patient."""
    monkeypatch.setattr(actions.imported, "MOST_WAITING", 1)
    upload(amina, files.consent())
    draft = ImportedConsent.objects.get()
    other = files.consent(files.permit(period={"end": "2026-12-31"}))
    page = upload(amina, other)
    assert "Too many permissions wait for you." in page
    assert 'aria-invalid="true"' in page
    path = tmp_path / "p.json"
    path.write_text(json.dumps(other))
    with pytest.raises(CommandError, match="Too many"):
        call_command("import_consent", str(path), patient=str(cast.amina.pk))
    assert ImportedConsent.objects.get() == draft
    amina.client.post(amina.address("imported_drop", draft.pk))
    upload(amina, other)
    assert ImportedConsent.objects.filter(dropped_at=None).count() == 1


@pytest.mark.parametrize(
    "raw", [b"", b"no", b"{}", b"[" * 9_000, b" " * 1_000_001, b"%PDF-1.7"]
)
def test_a_broken_file_is_a_sentence_and_changes_nothing(amina, cast, raw):
    page = upload(amina, raw)
    assert 'aria-invalid="true"' in page
    assert not ImportedConsent.objects.exists()


def test_markup_in_a_name_is_words(amina, cast):
    value = files.consent()
    value["contained"][0]["name"] = [{"text": "<script>alert(1)</script>"}]
    actor = value["provision"]["provision"][0]["actor"][0]
    actor["reference"].pop("display")
    assert "<script>alert" not in upload(amina, value)
    assert ImportedConsent.objects.exists()


def test_a_receipt_leaves_as_a_file_with_the_text_as_signed(amina, cast):
    amina.share(cast.chidi)
    consent = Consent.objects.get(recipient=cast.chidi)
    page = text_of(amina.get("receipt", consent.pk))
    assert "Download for another system" in page
    answer = amina.get("receipt_file", consent.pk)
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer["Content-Disposition"] == 'attachment; filename="permission.json"'
    found = json.loads(answer.content)
    assert found["verification"][0]["verified"] is True
    assert found["performer"] == [{"reference": "#patient", "display": "Amina Diallo"}]
    assert found["sourceAttachment"]["contentType"].startswith("text/plain")
    many = amina.get("receipts_file")
    bundle = json.loads(many.content)
    mine = Consent.objects.filter(patient=cast.amina).count()
    assert len(bundle["entry"]) == mine
    assert "Gus" not in many.content.decode()


def test_the_commands_write_and_read(cast, tmp_path):
    printed = StringIO()
    call_command("export_consents", patient=str(cast.amina.pk), stdout=printed)
    assert json.loads(printed.getvalue())["type"] == "collection"
    file = tmp_path / "p.json"
    file.write_text(printed.getvalue())
    said = StringIO()
    call_command("import_consent", str(file), patient=str(cast.amina.pk), stdout=said)
    assert "wait for the patient. Nothing is shared." in said.getvalue()
    standing = Consent.objects.filter(patient=cast.amina, revoked_at=None)
    assert ImportedConsent.objects.count() == standing.count()
    for patient, path in ((cast.gus, file), (cast.amina, tmp_path / "none.json")):
        with pytest.raises(CommandError):
            call_command("import_consent", str(path), patient=str(patient.pk))
    with pytest.raises(CommandError):
        call_command("export_consents", patient="x")


def test_what_waits_for_the_patient_is_filled_in_for_nobody_else(client, cast, amina):
    """Not even for who acts, who signs on the same pages."""
    upload(amina, away(cast, permit(cast.amina, cast.chidi, at=cast.at)))
    waiting = ImportedConsent.objects.get()
    assert amina.get("grant", imported=str(waiting.pk)).status_code == 200
    rosa = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, rosa, "agent")
    pages = Pages(client, rosa.user, cast.amina)
    assert pages.get("grant").status_code == 200
    assert pages.get("grant", imported=str(waiting.pk)).status_code == 404
