"""The health summary: provably one page, overflow declared, nothing lost (B14, C5)."""

import io
import re
from dataclasses import replace
from functools import cache

import page
import pypdfium2
import pytest
import segno
from django.template.loader import render_to_string

from carecoord import pdf
from patients.one_page import (
    PART2_NOTICE,
    Allergies,
    Fitted,
    Line,
    LostText,
    MedicineRow,
    Section,
    Summary,
    TooLarge,
    fit,
    large_print,
    whole_sheet,
)
from patients.one_page.reductions import shortened
from patients.safe_text import problems
from tests import paper
from tests.patients.summaries import COUNTS, FULL, MEDICINES, summary_of
from tests.safe_html import visible_text

ONE_PAGE = [count for count in COUNTS if count <= 14]
MORE = [count for count in COUNTS if count > 14]
pytestmark = pytest.mark.capability("S3")


@cache
def printed(count: int, size: str = "letter") -> Fitted:
    return fit(summary_of(count), paper=size)


def text_of(fitted: Fitted) -> str:
    return "\n".join(paper.pages_text(fitted.pdf))


def never_dropped(summary: Summary) -> list[str]:
    """The texts that may not be shortened, whatever it takes."""
    parts = [summary.allergies, summary.changes, summary.safety, *summary.duties]
    parts += [row for row in summary.medicines if row.kind != "supplement"]
    parts += [line for line in summary.trials.items if line.dangerous]
    contacts = [summary.emergency_contact, summary.preferred_hospital, summary.phone]
    texts = [text for part in parts for text in part.texts()]
    return [*contacts, *texts, summary.confirmed, summary.permission]


@pytest.mark.slow
@pytest.mark.parametrize("size", ["letter", "a4"])
@pytest.mark.parametrize("count", ONE_PAGE)
def test_up_to_14_medicines_with_full_text_are_exactly_one_page(
    count: int, size: str
) -> None:
    fitted = printed(count, size)
    assert fitted.pages == 1
    assert len(paper.pages_text(fitted.pdf)) == 1
    assert "CONTINUED" not in text_of(fitted)
    assert "Page 1 of 1" in text_of(fitted)
    assert fitted.shown["medicines"] == (count, count)


@pytest.mark.slow
@pytest.mark.parametrize("count", MORE)
def test_more_medicines_go_on_to_page_2_and_the_bar_counts_them(count: int) -> None:
    first, second = paper.pages_text(printed(count).pdf)
    bar = re.search(r"CONTINUED: (\d+) more medicines on page 2", first)
    assert bar
    names = [paper.squeezed(row.name) for row in summary_of(count).medicines]
    table = paper.squeezed(first.partition("CONTINUED")[0])
    moved = [name for name in names if name not in table]
    assert int(bar[1]) == len(moved) > 0
    assert all(name in paper.squeezed(second) for name in moved)
    for words in ("Jordan Alexandra Rivera", "Born Feb 14, 1991", "Page 2 of 2"):
        assert words in second
    assert FULL.permission in " ".join(second.split())


@pytest.mark.slow
@pytest.mark.parametrize("count", COUNTS)
def test_what_may_never_be_dropped_is_on_the_paper(count: int) -> None:
    assert not paper.missing_text(printed(count).pdf, never_dropped(summary_of(count)))


@pytest.mark.security("T38")
@pytest.mark.parametrize("count", [0, 1, 6])
def test_where_nothing_is_cut_every_permitted_text_is_on_the_paper(count: int) -> None:
    whole = whole_sheet(summary_of(count))
    assert not paper.missing_text(printed(count).pdf, whole.texts())


@pytest.mark.slow
@pytest.mark.parametrize("count", COUNTS)
def test_every_cut_is_declared_beside_its_heading(count: int) -> None:
    fitted = printed(count)
    read = text_of(fitted)
    cut = {name: n for name, n in fitted.shown.items() if n[0] != n[1]}
    for shown, of in cut.values():
        assert f"({shown} of {of} shown)" in read
    assert read.count(" shown)") == len(cut)


@pytest.mark.parametrize("count", COUNTS)
def test_no_letter_is_smaller_than_8_5_points_and_body_text_is_9_or_more(
    count: int,
) -> None:
    sizes = paper.letter_sizes(printed(count).pdf)
    assert min(sizes) >= 8.49
    assert sizes.most_common(1)[0][0] >= 8.99


def test_few_medicines_are_printed_in_the_largest_letters() -> None:
    assert printed(0).level == "11pt"
    assert printed(1).level == "11pt"
    assert printed(10).level == "9pt"


@pytest.mark.parametrize("count", COUNTS)
def test_the_page_is_tagged_titled_and_passes_pdf_ua_1(count: int) -> None:
    fitted = printed(count)
    root = paper.opened(fitted.pdf)
    assert str(root.Root.Lang) == "en"
    assert root.Root.MarkInfo.Marked
    assert root.Root.ViewerPreferences.DisplayDocTitle
    assert str(root.docinfo.Title) == "Health summary"
    profile = page.ValidationProfile.PDF_UA_1
    report = page.validate_pdf_bytes(fitted.pdf, profile=profile)
    assert report.is_compliant, [failure.message for failure in report.failures]
    assert all(paper.fonts(fitted.pdf).values())


def test_a_page_without_tags_does_not_pass_pdf_ua_1() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(612, 792)
    file = io.BytesIO()
    document.save(file)
    profile = page.ValidationProfile.PDF_UA_1
    assert not page.is_pdf_compliant_bytes(file.getvalue(), profile=profile)


@pytest.mark.parametrize("count", [1, 14, 25])
def test_tags_are_read_in_the_order_of_the_page(count: int) -> None:
    fitted = printed(count)
    marks = paper.reading_order(fitted.pdf)
    assert marks == sorted(marks)
    read = paper.pages_text(fitted.pdf)[0]
    order = [
        "Health summary", "Jordan Alexandra Rivera", "Medicine list confirmed",
        "Emergency contact", "Known allergies", "Medicines shared with Dr. Ortiz",
        "lamoTRIgine", "Alcohol", "Changed or stopped", "Tried before", "Conditions",
        "Hospital stays", "What is happening now", "Goals", "Daily life", "Safety",
        "What I want decided", "Who does what", "Reported by Jordan", "Page 1 of",
    ]  # fmt: skip
    places = [read.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)
    names = paper.tags(fitted.pdf)
    assert names.count("H1") == 1
    assert "TH" in names


def test_a_screen_reader_meets_no_table_but_the_one_of_the_medicines() -> None:
    assert paper.tags(printed(14).pdf).count("Table") == 1
    assert paper.tags(printed(0).pdf).count("Table") == 0


def test_two_readers_get_two_texts() -> None:
    everything = summary_of(6)
    line = "Allergies: not part of what is shared here. Ask."
    less = replace(
        everything,
        printed="Printed Nov 21, 2026, 2:10 pm, for Sam Okafor.",
        allergies=Allergies(label=line),
        substances=Section(shared=False),
        safety=Section(shared=False),
        conditions=Section(
            items=FULL.conditions.items, shared=False, line="Not shared here. Ask."
        ),
    )
    fitted = fit(less)
    read = " ".join(text_of(fitted).split())
    assert line in read
    assert "for Sam Okafor" in read
    assert "Not shared here. Ask." in read
    for hidden in ("haloperidol: stiff", "Alcohol", "Suicidal", "Safety", "Bipolar"):
        assert hidden not in read
    assert not {"con-1", "sub-1", "all-1", "safe-1"} & set(fitted.ids)
    assert {"con-1", "sub-1", "all-1", "safe-1"} <= set(printed(6).ids)


@pytest.mark.security("T38")
def test_what_is_not_shared_leaves_no_trace_in_the_bytes() -> None:
    without = replace(summary_of(1), conditions=Section(shared=False))
    hidden = Section(items=(Line(text="HIV", id="con-9"),), shared=False)
    assert fit(replace(without, conditions=hidden)).pdf == fit(without).pdf


def test_the_same_summary_gives_the_same_bytes() -> None:
    assert fit(summary_of(6)).pdf == printed(6).pdf


def test_empty_values_say_so() -> None:
    bare = Summary(
        name="Z",
        born="not recorded",
        document_id="AAAA",
        sign_in_url="https://care.example.org/s/A",
        printed="Printed Nov 21, 2026.",
        permission="",
        medicines_heading="Medicines I take now (0)",
    )
    read = " ".join(text_of(fit(bare)).split())
    for words in (
        "Allergies not recorded",
        "Medicines not recorded",
        "Not checked by the patient yet",
        "Emergency contact not recorded",
        "Preferred hospital not recorded",
        "Conditions Not recorded",
    ):
        assert words in read


SCOPE = (
    "The patient signed on May 31, 2026. For: Dr. Min Lee, until the end of March 7, "
    "2027. Why: To treat me. So that the people who treat me can work together. "
    "Allowed by name: treatment for alcohol or drug use. Covers: Medicines, Allergies, "
    "Alcohol, cannabis, nicotine, Diagnoses, Updates, Numbers, Goals, Treatment "
    "history, Safety, Care team, Contacts."
)


@pytest.mark.slow
@pytest.mark.parametrize("make", [fit, large_print])
def test_what_a_part2_permission_covers_stands_once_and_prints(make) -> None:
    """In the foot of each page it left the page, and no such sheet was handed out."""
    sheet = replace(summary_of(25), part2=True, scope=SCOPE)
    drawn = paper.squeezed(text_of(make(sheet)))
    assert drawn.count(paper.squeezed(SCOPE)) == 1
    with pytest.raises(LostText):
        make(replace(sheet, permission=f"{sheet.permission} {SCOPE}", scope=""))


@pytest.mark.slow
@pytest.mark.security("T38", "T88")
def test_part_2_records_carry_the_federal_notice_on_every_page() -> None:
    assert PART2_NOTICE not in " ".join(text_of(printed(25)).split())
    fitted = fit(replace(summary_of(25), part2=True))
    pages = [" ".join(text.split()) for text in paper.pages_text(fitted.pdf)]
    assert len(pages) == 2
    assert all(PART2_NOTICE in text for text in pages)


@pytest.mark.slow
def test_a_trial_that_ended_in_a_dangerous_reaction_always_stays() -> None:
    trials = tuple(Line(strong=f"medicine {n}", text="no benefit") for n in range(20))
    danger = Line(strong="clozapine", text="stopped the heart", dangerous=True)
    crowded = replace(summary_of(14), trials=Section(items=(*trials, danger)))
    read = text_of(fit(crowded))
    assert "stopped the heart" in read
    assert re.search(r"Tried before \(\d+ of 21 shown\)", read)


def test_supplements_merge_with_dose_and_time_and_prescriptions_never_do() -> None:
    read = " ".join(text_of(printed(15)).split())
    assert (
        "Also, in short: vitamin D3 1,000 units, 1 capsule in the morning; omega-3"
        in read
    )
    assert not [row for row in MEDICINES if row.mergeable and row.kind != "supplement"]


def test_goals_are_cut_between_words_and_say_where_the_rest_is() -> None:
    long = Section(items=(Line(text="walk and read " * 40),) * 2)
    crowded = replace(summary_of(14), goals=long)
    read = " ".join(text_of(fit(crowded)).split())
    assert "Goals (more in the app)" in read or "Goals (0 of 1 shown)" in read


@pytest.mark.parametrize("schedule", ["as_needed", "interval", "steps", "other"])
def test_only_a_daily_medicine_can_stand_in_the_time_boxes(schedule: str) -> None:
    times = ("1 tablet", "", "", "")
    with pytest.raises(ValueError):
        MedicineRow(name="x", schedule=schedule, times=times)
    with pytest.raises(ValueError):
        MedicineRow(name="x", schedule=schedule, span="s", a_day="1 mg a day")
    with pytest.raises(ValueError):
        MedicineRow(name="x", span="every 4 weeks", times=times)


@pytest.mark.slow
def test_a_list_beyond_every_measure_still_prints_every_prescription() -> None:
    rows = tuple(
        replace(MEDICINES[0], name=f"medicine number {n}", id=f"m{n}")
        for n in range(100)
    )
    changes = Section(
        items=tuple(Line(strong=f"change {n}", text="w" * 80) for n in range(40))
    )
    fitted = fit(replace(summary_of(0), medicines=rows, changes=changes))
    read = paper.squeezed(text_of(fitted))
    assert fitted.level == "spread"
    assert "CONTINUED:thissummaryislongerthanonepage.Readeverypage." in read
    assert all(paper.squeezed(row.name) in read for row in rows)
    assert all(f"change{n}w" in read for n in range(40))


@pytest.mark.slow
def test_three_pages_of_medicines_are_announced_as_such() -> None:
    rows = tuple(replace(MEDICINES[0], name=f"medicine {n}") for n in range(60))
    fitted = fit(replace(summary_of(0), medicines=rows))
    assert fitted.level == "continued"
    assert f"on pages 2 to {fitted.pages}" in text_of(fitted)


@pytest.mark.security("T49")
def test_input_beyond_the_bounds_is_refused_before_anything_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "lay_out_html", None)
    many = (MEDICINES[0],) * 101
    for wrong in (
        replace(summary_of(1), medicines=many),
        replace(summary_of(1), phone="1" * 601),
        replace(summary_of(1), goals=Section(items=(Line(text="x"),) * 41)),
        replace(summary_of(1), allergies=Allergies(items=(Line(text="x"),) * 41)),
    ):
        with pytest.raises(TooLarge):
            fit(wrong)


@pytest.mark.security("L13")
def test_markup_and_control_characters_in_a_text_are_only_text() -> None:
    nasty = '<img src="http://127.0.0.1:1/x"> &amp; {{ one }} \x00\u202e'
    fitted = fit(replace(summary_of(1), name=nasty))
    assert not paper.missing_text(fitted.pdf, [nasty.rpartition(" ")[0]])
    assert "\u202e" not in text_of(fitted)


@pytest.mark.security("T38")
def test_nothing_is_drawn_invisibly() -> None:
    """What a person sees is what a search finds: no white and no tiny text."""
    whole = "".join(f"{text} " for text in whole_sheet(summary_of(6)).texts())
    allowed = paper.squeezed(whole + FURNITURE)
    words = text_of(printed(6)).split()
    unknown = {paper.squeezed(word).strip("(),.;:") for word in words}
    assert not {word for word in unknown if word not in allowed}


FURNITURE = (
    "Health summary Born Phone Language Emergency contact Preferred hospital "
    "Medicine Each time Morning Noon Evening Bedtime For Prescriber and last change "
    "Who does what Page 1 of 1 , ; •"
)


def test_the_page_on_screen_says_the_same_as_the_paper() -> None:
    sheet = whole_sheet(summary_of(6))
    html = render_to_string("patients/_summary_body.html", {"sheet": sheet})
    seen = visible_text(html).replace("Code that opens the sign-in page", "")
    on_screen = paper.squeezed(seen.replace("printed below it", ""))
    on_paper = paper.squeezed(text_of(printed(6)).replace("Page 1 of 1", ""))
    assert on_screen == on_paper.replace("•", "")
    assert " style=" not in html
    assert "<script" not in html


@pytest.mark.parametrize("count", COUNTS)
def test_the_paper_holds_no_unsafe_medicine_text(count: int) -> None:
    assert not problems(text_of(printed(count)))


def test_the_code_on_the_paper_is_the_sign_in_address_and_22_mm_wide() -> None:
    document = pypdfium2.PdfDocument(printed(6).pdf)
    picture = document[0].render(scale=4, grayscale=True)
    code = segno.make_qr(FULL.sign_in_url, error="m", boost_error=False)
    size = len(code.matrix)
    step = 22 / 25.4 * 72 * 4 / size
    left, top = (612 - 0.45 * 72) * 4 - step * size, 0.45 * 72 * 4

    def dark(x: int, y: int) -> bool:
        row, column = int(top + (y + 0.5) * step), int(left + (x + 0.5) * step)
        return picture.buffer[row * picture.stride + column] < 128

    read = [[dark(x, y) for x in range(size)] for y in range(size)]
    assert read == [[bool(module) for module in row] for row in code.matrix]
    quiet = [dark(x, size + gap) for x in range(size) for gap in range(4)]
    quiet += [dark(-gap - 1, y) for y in range(size) for gap in range(4)]
    assert not any(quiet)


def test_large_print_holds_everything_at_14_points_or_more() -> None:
    fitted = large_print(summary_of(14))
    assert fitted.level == "large-print"
    assert min(paper.letter_sizes(fitted.pdf)) >= 13.99
    assert not paper.missing_text(fitted.pdf, whole_sheet(summary_of(14)).texts())
    for number, text in enumerate(paper.pages_text(fitted.pdf), start=1):
        assert f"Page {number} of {fitted.pages}" in text
        assert "Jordan Alexandra Rivera" in text
    profile = page.ValidationProfile.PDF_UA_1
    assert page.is_pdf_compliant_bytes(fitted.pdf, profile=profile)


def test_no_text_is_torn_apart_where_a_page_ends() -> None:
    """A line goes on to the next page whole: what is torn is said not to be printed."""
    text = "We look at this again when work has begun and nights are calm. " * 7
    many = tuple(Line(text=f"{n}: {text}".strip(), id=f"goal-{n}") for n in range(20))
    summary = replace(summary_of(2), goals=Section(items=many, title="Goals"))
    assert large_print(summary).pages > 3


def test_a_line_that_does_not_fit_is_left_out_and_is_no_stump() -> None:
    goals = Section(items=tuple(Line(text=text) for text in ("Sleep 7 hours", "Work")))
    assert shortened(goals, 17) is goals
    short = shortened(goals, 15)
    assert [line.text for line in short.items] == ["Sleep 7 hours"]
    assert short.note == "more in the app"
    assert [line.text for line in shortened(goals, 9).items] == ["Sleep 7"]
