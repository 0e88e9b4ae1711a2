"""The health summary through its addresses: page, paper, large print, text."""

import uuid
from datetime import timedelta
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carecoord.pdf import RenderTimeout
from consents import actions as consents
from consents.codes import CATEGORIES
from consents.models import Disclosure
from patients import models
from patients.documents import sheet as builder
from patients.safe_text import problems
from patients.views import summary as views
from tests import cast as people
from tests.patients.records import fill, item, medicine
from tests.patients.views.test_chart import (
    STRANGERS,
    address,
    hide_one_of_everything,
    more_of_everything,
    page,
    read,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
FORMS = ("summary/", "summary.pdf", "summary-large.pdf", "summary.txt")


@pytest.fixture(autouse=True)
def one_document_id(monkeypatch):
    """The id is random; here it is always the same, so that bytes can be compared."""
    monkeypatch.setattr(builder, "new_document_id", lambda: "AAAA-BBBB-CCCC")


@pytest.fixture
def one_minute(monkeypatch, cast):
    """Every page is read at the same instant."""
    monkeypatch.setattr("consents.access.reading.database_now", lambda: cast.at)


def text_of(response) -> str:
    document = pypdfium2.PdfDocument(response.content)
    pages = [document[place].get_textpage() for place in range(len(document))]
    return "\n".join(each.get_text_bounded() for each in pages)


def pages_of(response) -> int:
    return len(pypdfium2.PdfDocument(response.content))


# Who comes in -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("amina", 200), ("bram", 200), ("jon", 200), ("chidi", 404), ("hana", 404)],
)
def test_whoever_something_is_shared_with_can_have_a_summary(client, cast, who, status):
    for rest in FORMS:
        assert read(client, cast, who, address(cast.amina, rest)).status_code == status


@pytest.mark.security("L04")
@pytest.mark.parametrize("who", STRANGERS)
def test_for_strangers_there_is_no_such_file(client, cast, who):
    for rest in FORMS:
        real = read(client, cast, who, address(cast.amina, rest))
        absent = client.get(f"/patients/{uuid.uuid4()}/{rest}")
        assert real.status_code == absent.status_code == 404
        assert len(real.content) == len(absent.content)
    assert not Disclosure.objects.filter(user=cast.user(who)).exists()


def test_a_file_is_never_written_by_looking_ahead(client, cast):
    client.force_login(cast.user("bram"))
    assert client.head(address(cast.amina, "summary.pdf")).status_code == 405
    assert not Disclosure.objects.exists()


# What stands on it --------------------------------------------------------------------

S3 = {
    "current symptoms": "waking at 3 am",
    "onset": "since Oct 25",
    "better": "Better: walking, therapy skills",
    "worse": "Worse: night shifts",
    "treatments tried": "light therapy",
    "medicines tried": "sertraline",
    "medicines with doses": "150 mg",
    "allergies": "sulfa antibiotics",
    "conditions": "bipolar 2 disorder (2019)",
    "hospital stays": "6 days, February 2019",
    "emergency contacts": "Ana Rivera (sister)",
    "work schedule": "Nights, Thursday to Sunday",
    "sleep pattern": "9 am to 2 pm after a shift",
    "in person or tele": "By video",
}


@pytest.mark.capability("S3")
@pytest.mark.parametrize("who", ["amina", "bram"])
def test_every_field_of_the_summary_is_on_page_and_paper(client, cast, who):
    fill(cast.amina, cast.at, psychiatrist=cast.bram)
    on_screen = page(client, cast, who, address(cast.amina, "summary/"))
    printed = client.get(address(cast.amina, "summary.pdf"))
    assert pages_of(printed) == 1
    flat = " ".join(text_of(printed).split())
    for field, words in S3.items():
        screen = on_screen.replace("</b>", "").replace("\N{NO-BREAK SPACE}", " ")
        assert words in screen, field
        assert words in flat, field


@pytest.mark.slow
def test_the_page_on_paper_is_one_page_on_both_papers(client, cast):
    fill(cast.amina, cast.at)
    for place in range(8):
        medicine(cast.amina, cast.at, f"medicine number {place}")
    client.force_login(cast.user("jon"))
    for paper, height in (("letter", 792), ("a4", 842)):
        printed = client.get(address(cast.amina, f"summary.pdf?paper={paper}"))
        document = pypdfium2.PdfDocument(printed.content)
        assert len(document) == 1
        assert round(document[0].get_height()) == height


@pytest.mark.slow
def test_fifteen_medicines_declare_their_second_page(client, cast):
    for place in range(25):
        medicine(cast.amina, cast.at, f"medicine number {place}")
    printed = read(client, cast, "bram", address(cast.amina, "summary.pdf"))
    assert pages_of(printed) == 2
    assert "CONTINUED" in text_of(printed)


def test_a_long_form_stands_across_the_boxes_and_no_word_breaks_in_one(client, cast):
    medicine(cast.amina, cast.at, "glycerin", form="suppository")
    medicine(cast.amina, cast.at, "vitamin D3", form="capsule")
    printed = text_of(read(client, cast, "bram", address(cast.amina, "summary.pdf")))
    assert "1 capsule" in printed.replace("\N{NO-BREAK SPACE}", " ")
    assert "suppository" in printed
    text = page(client, cast, "bram", address(cast.amina, "summary.txt"))
    flat = text.replace("\N{NO-BREAK SPACE}", " ")
    assert "50 mg (1 suppository) in the morning" in flat
    assert "50 mg (50 mg a day): Morning 1 capsule" in flat


def safety_of(client, cast, who: str) -> str:
    text = page(client, cast, who, address(cast.amina, "summary.txt"))
    return " ".join(
        (text.partition("SAFETY")[2] or text.partition("Safety")[2]).split()
    )


def test_no_safety_answer_reads_as_a_question_and_never_as_an_answer(client, cast):
    none = "No answer about suicidal thoughts is shared with you. Ask."
    assert safety_of(client, cast, "bram").startswith(none)
    only = CATEGORIES.mask("medications", "allergies")
    people.permit(cast.amina, cast.chidi, at=cast.at, categories=only)
    apart = "Answers about suicidal thoughts are not part of what is shared here. Ask."
    assert safety_of(client, cast, "chidi").startswith(apart)


def test_an_unknown_paper_is_letter(client, cast):
    printed = read(client, cast, "bram", address(cast.amina, "summary.pdf?paper=../x"))
    assert round(pypdfium2.PdfDocument(printed.content)[0].get_height()) == 792


def test_the_sheet_names_its_reader_and_the_permission(client, cast):
    fill(cast.amina, cast.at)
    printed = " ".join(
        text_of(read(client, cast, "jon", address(cast.amina, "summary.pdf"))).split()
    )
    assert "for Dr. Jon Ortiz." in printed
    assert "Medicines shared with Dr. Jon Ortiz (6)." in printed
    assert "Shared for treatment with the patient's permission of" in printed
    assert "Please ask before sending it further." in printed
    assert "42 CFR" not in printed


def test_the_patients_own_sheet_is_written_in_the_first_person(client, cast):
    fill(cast.amina, cast.at)
    printed = text_of(read(client, cast, "amina", address(cast.amina, "summary.pdf")))
    assert "Medicines I take now (6)" in printed
    assert "Alcohol" in printed
    assert "shared with" not in printed


@pytest.mark.slow
@pytest.mark.security("T26", "L04")
@pytest.mark.usefixtures("one_minute")
def test_what_a_reader_may_not_see_changes_no_byte_of_any_form(client, cast):
    fill(cast.amina, cast.at, psychiatrist=cast.bram)
    before = {rest: page_bytes(client, cast, rest) for rest in FORMS}
    hide_one_of_everything(cast)
    after = {rest: page_bytes(client, cast, rest) for rest in FORMS}
    assert after == before
    own = read(client, cast, "amina", address(cast.amina, "summary.txt"))
    assert b"SECRET" in own.content


def page_bytes(client, cast, rest: str):
    if rest == "summary/":
        return page(client, cast, "bram", address(cast.amina, rest))
    return read(client, cast, "bram", address(cast.amina, rest)).content


@pytest.mark.security("T88")
def test_the_federal_notice_comes_with_an_item_of_part_2_origin_only(client, cast):
    fill(cast.amina, cast.at)
    hidden = item(
        models.Condition,
        cast.amina,
        "conditions",
        cast.at,
        name="SECRET programme",
        part2_origin=True,
    )
    consents.keep_back(item=hidden, by=cast.amina.user, at=cast.at)
    where = address(cast.amina, "summary.txt")
    assert "42 CFR part 2" not in page(client, cast, "bram", where)
    item(
        models.Condition,
        cast.amina,
        "conditions",
        cast.at,
        name="a programme",
        part2_origin=True,
    )
    text = page(client, cast, "bram", where)
    assert "42 CFR part 2 prohibits unauthorized use or disclosure" in text
    assert "The patient signed on" in text
    assert "For: Dr. Bram Visser, until the end of" in text


def test_a_cut_of_forty_lines_is_declared_and_never_takes_a_dangerous_trial(
    client, cast
):
    put = {"patient": cast.amina, "category": "medications", "at": cast.at}
    for place in range(45):
        item(models.MedicineTrial, name=f"trial{place}", year=2020, **put)
    item(models.MedicineTrial, name="haloperidol", dangerous=True, year=1990, **put)
    text = page(client, cast, "bram", address(cast.amina, "summary.txt"))
    assert "Tried before (40 of 46 shown)" in text
    assert "haloperidol" in text


def test_a_long_text_says_that_there_is_more(client, cast):
    item(models.Goal, cast.amina, "goals", cast.at, what="walk every day " * 60)
    text = page(client, cast, "bram", address(cast.amina, "summary.txt"))
    assert "(more in the app)" in text
    assert pages_of(read(client, cast, "bram", address(cast.amina, "summary.pdf"))) == 1


@pytest.mark.parametrize("who", ["amina", "bram", "jon"])
def test_every_word_is_safe_to_read_as_a_dose(client, cast, who):
    fill(cast.amina, cast.at, psychiatrist=cast.bram)
    text = page(client, cast, who, address(cast.amina, "summary.txt"))
    assert problems(text) == []


# The file itself ----------------------------------------------------------------------


@pytest.mark.security("T33", "T38")
def test_the_file_names_nobody(client, cast):
    fill(cast.amina, cast.at)
    printed = read(client, cast, "bram", address(cast.amina, "summary.pdf"))
    day = cast.at.date()
    names = {
        f'inline; filename="summary-{day - timedelta(days=back)}.pdf"'
        for back in (0, 1)
    }
    assert printed["Content-Disposition"] in names
    assert printed["Cache-Control"] == "no-store"
    assert printed["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(printed.content)) as document:
        assert str(document.docinfo["/Title"]) == "Health summary"
        assert "/Author" not in document.docinfo
        assert "/Producer" not in document.docinfo


def test_the_square_code_leads_to_this_service_and_says_nothing_else(
    client, cast, settings
):
    settings.SITE_URL = "https://care.example.org"
    printed = read(client, cast, "bram", address(cast.amina, "summary.pdf"))
    assert "care.example.org" in text_of(printed)
    assert str(cast.amina.pk) not in text_of(printed)


# The log ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "channel"),
    [
        ("summary/", "web"),
        ("summary.pdf", "pdf"),
        ("summary-large.pdf", "pdf"),
        ("summary.txt", "export"),
    ],
)
def test_each_form_is_logged_as_what_it_is(client, cast, rest, channel):
    fill(cast.amina, cast.at)
    read(client, cast, "bram", address(cast.amina, rest))
    row = Disclosure.objects.get(user=cast.user("bram"))
    assert row.channel == channel
    assert row.purpose == "TREAT"
    assert row.consents == [str(cast.amina_to_bram.pk)]
    assert row.outcome == "shown"


def test_a_render_that_fails_is_in_the_log_as_not_delivered(client, cast, monkeypatch):
    fill(cast.amina, cast.at)

    def breaks(*_args, **_kwargs):
        raise RenderTimeout("Printing took too long.")

    monkeypatch.setattr(views, "fit", breaks)
    answer = read(client, cast, "bram", address(cast.amina, "summary.pdf"))
    assert answer.status_code == 503
    assert "The summary was not printed" in answer.content.decode()
    outcomes = Disclosure.objects.order_by("seq").values_list("outcome", flat=True)
    assert list(outcomes) == ["shown", "not_delivered"]


def test_printing_happens_outside_of_any_transaction(client, cast, monkeypatch):
    depth = len(connection.savepoint_ids)
    seen = []

    def looks(*_args, **_kwargs):
        seen.append((len(connection.savepoint_ids), Disclosure.objects.count()))
        raise RenderTimeout("enough")

    fill(cast.amina, cast.at)
    monkeypatch.setattr(views, "fit", looks)
    read(client, cast, "bram", address(cast.amina, "summary.pdf"))
    assert seen == [(depth, 1)]


@pytest.mark.security("T19")
def test_after_the_stop_there_is_no_file(client, cast):
    fill(cast.amina, cast.at)
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    for rest in FORMS:
        assert read(client, cast, "bram", address(cast.amina, rest)).status_code == 404


@pytest.mark.security("T58")
def test_the_summary_costs_the_same_for_one_row_and_for_twenty(client, cast):
    more_of_everything(cast, 1)
    where = address(cast.amina, "summary/")
    read(client, cast, "bram", where)
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    more_of_everything(cast, 19)
    with CaptureQueriesContext(connection) as many:
        client.get(where)
    assert len(many) == len(few)


def test_document_ids_are_random_and_without_look_alikes(monkeypatch):
    monkeypatch.undo()
    ids = {builder.new_document_id() for _place in range(50)}
    assert len(ids) == 50
    assert not set("".join(ids)) & set("O0I1")
