"""T94, L23: nothing restricted is copied into what is less restricted.

Words of a Part 2 programme, and of what the patient keeps to herself, are followed into
every form in which a record leaves the page: the sheet, its plain text, its paper, the
list, an update copied as plain text. They are there with a permission that covers them,
and then the federal notice is with them; without one they are nowhere (T25 for what is
suggested while one types).
"""

from __future__ import annotations

import io

import pypdfium2
import pytest
from django.urls import reverse

from consents import actions, part2
from consents.codes import CATEGORIES, LABELS
from messaging.models import Update
from patients.models import Condition, MedicationStatement
from tests.cast import permit
from tests.messaging import writing
from tests.patients import medicines_world, records

PROGRAMME, OWN, SAID = "CNRYprogramme", "CNRYonlyme", "CNRYupdate"
NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
FORMS = (
    *("patients:chart", "patients:summary", "patients:summary_text"),
    *("patients:summary_pdf", "patients:summary_large", "patients:master_list"),
)


@pytest.fixture
def taint(cast, settings, monkeypatch):
    """Words of a programme and of the patient alone, in a record that Bram reads."""
    settings.DEMO = True
    monkeypatch.setattr("carecoord.pdf.MAX_SECONDS", 60.0)
    label = LABELS["substance_use"]
    put = (Condition, cast.amina, "conditions", cast.at)
    records.item(*put, name=PROGRAMME, part2_origin=True, labels=label)
    own = records.item(*put, name=OWN)
    actions.keep_back(item=own, by=cast.amina.user, at=cast.at)
    cast.update = writing.send(
        cast,
        "jon",
        "bram",
        said=writing.content(what_changed=SAID, part2_origin=True, labels=label),
    )
    return cast


def said_to(client, cast) -> dict[str, str]:
    """Every form of the record, as text."""
    client.force_login(cast.user("bram"))
    told = {name: [reverse(name, args=[cast.amina.pk])] for name in FORMS}
    for name in ("messaging:update", "messaging:update_text"):
        told[name] = [reverse(name, args=[cast.amina.pk, cast.update.pk])]
    return {name: text_of(client.get(*address)) for name, address in told.items()}


def text_of(answer) -> str:
    if not answer["Content-Type"].startswith("application/pdf"):
        return " ".join(answer.content.decode().split())
    paper = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    pages = [page.get_textpage().get_text_bounded() for page in paper]
    return " ".join(" ".join(pages).split())


def covering(cast) -> None:
    everything = CATEGORIES.all
    label = LABELS["substance_use"]
    permit(cast.amina, cast.bram, at=cast.at, categories=everything, labels=label)


def unaccompanied(said: dict[str, str]) -> list[str]:
    """Forms that hold a word of the programme without the notice."""
    return [
        name
        for name, text in said.items()
        if (PROGRAMME in text or SAID in text) and NOTICE not in text
    ]


@pytest.mark.slow
@pytest.mark.security("T94", "T88", "L23")
def test_without_a_permission_no_form_holds_a_word_of_it(taint, client):
    for name, text in said_to(client, taint).items():
        assert not {word for word in (PROGRAMME, OWN, SAID) if word in text}, name
        assert NOTICE not in text, name


@pytest.mark.slow
@pytest.mark.security("T94", "T88", "L23")
def test_with_one_every_form_that_holds_it_brings_the_notice(taint, client):
    covering(taint)
    writing.send(taint, "jon", "bram", said=writing.content(what_changed="x"))
    taint.update.refresh_from_db()
    said = said_to(client, taint)
    assert not [name for name, text in said.items() if OWN in text]
    holding = {name for name, text in said.items() if PROGRAMME in text}
    assert {"patients:summary", "patients:summary_text", "patients:summary_pdf"} <= (
        holding
    )
    assert SAID in said["messaging:update_text"]
    assert unaccompanied(said) == []


@pytest.mark.slow
@pytest.mark.security("T94", "T88")
def test_a_form_that_forgets_the_notice_is_found(taint, client, monkeypatch):
    """The vulnerable twin."""
    covering(taint)
    monkeypatch.setattr(part2, "notice_of", lambda *args, **kwargs: None)
    found = unaccompanied(said_to(client, taint))
    assert found


@pytest.mark.security("T94", "L23")
def test_a_correction_keeps_what_the_first_version_was_marked_with(taint):
    """An author corrects the words; only the patient takes a label off."""
    again = writing.send(
        taint,
        "jon",
        "bram",
        corrects=taint.update,
        said=writing.content(what_changed=SAID, labels=0),
    )
    assert again.labels & taint.update.labels == taint.update.labels
    assert again.part2_origin
    assert Update.objects.filter(lineage=taint.update.lineage).count() == 2


@pytest.mark.security("T25")
def test_what_is_suggested_comes_from_no_record(taint, client):
    """Names of medicines: the same with and without one that the patient has."""
    client.force_login(taint.user("bram"))
    address = reverse("patients:medicine_names", args=[taint.amina.pk])

    def suggested() -> list[bytes]:
        typed = ("CNRY", "CNRYhid", "quetiapin", "Amina", "Gus")
        return [client.post(address, {"name": name}).content for name in typed]

    before = suggested()
    medicines_world.add_hidden(taint, "CNRYhidden")
    records.medicine(taint.gus, taint.at, "CNRYhidgus")
    assert MedicationStatement.objects.filter(name__startswith="CNRYhid").count() == 2
    assert suggested() == before
    assert not any(b"CNRYhid" in answer.replace(b'"CNRYhid"', b"") for answer in before)
