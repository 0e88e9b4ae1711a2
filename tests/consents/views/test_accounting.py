"""The accounting of disclosures: 45 CFR 164.528 and 42 CFR 2.25."""

import csv
import io
from datetime import date, timedelta

import pypdfium2
import pytest
import time_machine
from django.urls import reverse

from carecoord import pdf, tables, zones
from consents import actions, log
from consents.access import Reading
from consents.access.accounting import Line
from consents.models import AccountingSuspension
from tests import paper
from tests.consents import excepted
from tests.consents.test_log import entry
from tests.consents.views.pages import sign_in, text_of

pytestmark = pytest.mark.usefixtures("demo")


@pytest.fixture
def ines(cast):
    from django.test import Client

    client = Client()
    client.force_login(cast.ines)
    return client


def lines(amina):
    return amina.get("accounting").context["accounting"].lines


def test_what_consent_covers_is_not_on_it_and_words_say_so(amina, cast):
    log.write([entry(cast, cast.amina, 0)])
    html = text_of(amina.get("accounting"))
    assert "Nothing was given to anyone without your permission." in html
    assert "What is not on this list" in html
    assert amina.address("log") in html
    assert "60 days" in html


def test_a_row_says_when_to_whom_where_what_and_on_which_ground(amina, cast):
    excepted.told(cast, cast.amina)
    (line,) = lines(amina)
    assert (line.recipient, line.address) == ("Officer Kay", "City Police, 1 Main St")
    assert line.what == "Diagnoses"
    assert line.why == "To prevent serious harm (45 CFR 164.512(j))"
    assert line.days == zones.day_words(zones.today(cast.at, cast.amina.time_zone))


def test_what_was_told_in_a_talk_stands_apart_from_what_was_looked_at(amina, cast):
    """A look never reads as a talk, on the page, on paper or in the table."""
    known = excepted.case(cast, cast.amina)
    inside = {"about": None, "recipient_id": cast.jon.pk}
    said = {"channel": "phone", "categories": 0, "items": []}
    excepted.told(cast, cast.amina, known=known, days_ago=2, **inside, **said)
    excepted.told(cast, cast.amina, known=known, channel="web", **inside)
    told, looked = lines(amina)
    assert told.what == "Told in a talk by Dr. Bram Visser. Ask them what was said."
    assert looked.what == "Diagnoses" and looked.count == told.count == 1
    table = amina.client.get(amina.address("accounting_csv")).content.decode()
    assert "told in a talk" not in table and table.count("Told in a talk") == 1


def test_repeated_disclosures_are_summed_up_with_first_number_and_last(amina, cast):
    known = excepted.case(cast, cast.amina)
    for days in (9, 5, 1):
        excepted.told(cast, cast.amina, known=known, days_ago=days)
    (line,) = lines(amina)
    assert line.count == 3 and "in all 3 times, last on" in line.days


def test_a_recipient_with_an_account_has_the_address_of_their_place(amina, cast):
    type(cast.harbor).objects.filter(pk=cast.harbor.pk).update(address="1 Harbor Way")
    excepted.told(cast, cast.amina, about=None, recipient_id=cast.jon.pk)
    (line,) = lines(amina)
    assert line.recipient == "Dr. Jon Ortiz"
    assert line.address == "Harbor Clinic, 1 Harbor Way"


def test_six_years_back_and_no_further(amina, cast):
    known = excepted.case(cast, cast.amina)
    excepted.told(cast, cast.amina, known=known, days_ago=6 * 366 + 2)
    assert lines(amina) == []
    excepted.told(cast, cast.amina, known=known, days_ago=6 * 365 - 2)
    assert len(lines(amina)) == 1


def test_a_packet_that_was_not_handed_over_is_not_on_it(amina, cast):
    row = excepted.told(cast, cast.amina)
    Reading(user=row.user, entrance=row.entrance).not_delivered([row])
    assert lines(amina) == []


def test_records_of_a_part_2_programme_have_a_list_of_three_years(amina, cast):
    old, new = entry(cast, cast.amina, 0), entry(cast, cast.amina, 1)
    old.at -= timedelta(days=3 * 366)
    for row in (old, new):
        row.part2 = True
        row.consents = [str(cast.amina_to_bram.pk)]
        log.write([row])
    (line,) = amina.get("accounting").context["accounting"].part2
    assert line.recipient == "Dr. Bram Visser" and line.count == 1
    assert "Your permission of" in line.why


def test_the_paper_says_the_same_and_its_file_says_nothing(amina, cast):
    pdf.warm()
    excepted.told(cast, cast.amina)
    response = amina.client.get(amina.address("accounting_pdf"))
    assert response["Content-Disposition"] == 'attachment; filename="accounting.pdf"'
    document = pypdfium2.PdfDocument(response.content)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    for part in ("Officer Kay", "City Police, 1 Main St", "Diagnoses", "164.512(j)"):
        assert part in text
    told = {**document.get_metadata_dict()}
    assert told.get("Title") == "Accounting"
    assert not any(told.get(name) for name in ("Author", "Subject", "Keywords"))
    assert b"/Annots" not in response.content
    everything = paper.everything(response.content)
    assert b"pdfuaid" in everything and b"WeasyPrint" not in everything
    assert "/H1" in paper.tags(response.content) or "H1" in paper.tags(response.content)


@pytest.mark.security("T47")
@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'quoted", "\uff1d1"]
)
def test_the_table_never_holds_a_formula_and_loses_nothing(amina, cast, name):
    """T47."""
    known = excepted.case(cast, cast.amina, name=name, place='a "b", c\nd')
    excepted.told(cast, cast.amina, known=known)
    response = amina.client.get(amina.address("accounting_csv"))
    assert 'filename="accounting.csv"' in response["Content-Disposition"]
    text = response.content.decode("utf-8-sig")
    _head, row = csv.reader(io.StringIO(text, newline=""))
    assert not any(cell.startswith(tables.FORMULAS) for cell in row)
    assert tables.plain(row[4]) == name
    assert tables.plain(row[5]) == 'a "b", c\nd, 1 Main St'


@pytest.mark.security("T47")
def test_a_cell_left_as_it_is_would_be_a_formula():
    assert tables.cell("=1+1").startswith(tables.MARK)
    assert tables.cell("Bram") == "Bram" and tables.cell(3) == "3"


# Held back -------------------------------------------------------------------------


def suspend(ines, row, **answers):
    form = {
        "agency": "Inspector",
        "official": "A. Chief",
        "basis": "written",
        "statement": "It would warn the suspect.",
        "until": "2099-01-01",
    } | answers
    return ines.post(reverse("consents:suspend", args=[row.pk]), form)


def test_an_agency_can_have_rows_held_back_until_it_ends(amina, ines, cast):
    known = excepted.case(cast, cast.amina)
    row = excepted.told(cast, cast.amina, known=known)
    other = excepted.told(cast, cast.amina)
    page = text_of(ines.get(reverse("consents:suspensions")))
    assert "Officer Kay, City Police" in page and "Diagnoses" not in page
    assert suspend(ines, row).status_code == 302
    # Nor a later one to the same recipient, in any list.
    excepted.told(cast, cast.amina, known=known)
    assert [line.count for line in lines(amina)] == [1]
    assert amina.get("log").context["page"].looks[0].downloads == ["downloaded"]
    assert "Held back for Amina Diallo" in text_of(
        ines.get(reverse("consents:privacy"))
    )

    suspension = AccountingSuspension.objects.get()
    ines.post(reverse("consents:suspension_end", args=[suspension.pk]))
    assert sum(line.count for line in lines(amina)) == 3
    assert other.pk != row.pk


def test_what_became_of_a_row_is_held_back_with_it(amina, cast):
    """ "Not delivered" tells that there was something to deliver."""
    row = excepted.told(cast, cast.amina)
    reading = Reading(user=cast.user("bram"), entrance="consents:case_packet")
    reading.not_delivered([row])
    (look,) = amina.get("log").context["page"].looks
    assert look.failed == 1
    until = cast.at + timedelta(days=20)
    said = actions.AgencyStatement("Agency", "Officer", "oral", "x", until)
    actions.suspend(row=row, said=said, by=cast.ines, at=cast.at)
    assert amina.get("log").context["page"].looks == []


def test_it_ends_by_itself(amina, cast):
    row = excepted.told(cast, cast.amina)
    until = cast.at + timedelta(days=10)
    said = actions.AgencyStatement("Agency", "Officer", "oral", "x", until)
    actions.suspend(row=row, said=said, by=cast.ines, at=cast.at)
    assert lines(amina) == []
    with time_machine.travel(until, tick=False):
        sign_in(amina.client, cast.user("amina"))
        assert len(lines(amina)) == 1


def held_back(cast, row, *, days: int, after: int = 0, **said):
    at = cast.at + timedelta(days=after)
    words = {
        "agency": "Agency",
        "official": "Officer",
        "basis": "oral",
        "statement": f"On day {after}.",
    } | said
    until = at + timedelta(days=days)
    return actions.suspend(
        row=row,
        said=actions.AgencyStatement(**words, ends_at=until),
        by=cast.ines,
        at=at,
    )


def test_words_said_again_and_again_hold_nothing_back_for_longer(cast):
    """45 CFR 164.528(a)(2)(ii)(C): no longer than 30 days from the first of them."""
    known = excepted.case(cast, cast.amina)
    row = excepted.told(cast, cast.amina, known=known)
    second = excepted.told(cast, cast.amina, known=known)
    held_back(cast, row, days=20)
    held_back(cast, row, days=10, after=20)
    for each in (row, second):
        with pytest.raises(actions.RuleError, match="30 days at most"):
            held_back(cast, each, days=10, after=29)
    assert held_back(cast, row, days=90, after=29, basis="written")
    other = excepted.told(cast, cast.amina)
    assert held_back(cast, other, days=30, after=29), "another recipient, another count"


def test_a_double_click_holds_back_once(ines, cast):
    row = excepted.told(cast, cast.amina)
    for _click in range(2):
        assert suspend(ines, row).status_code == 302
    assert AccountingSuspension.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"basis": "oral"}, "What was only said holds for 30 days at most."),
        ({"until": "2001-01-01"}, "This time is over already."),
        ({"agency": ""}, "Write the name of the agency."),
        ({"statement": ""}, "Write what was stated."),
        ({"basis": ""}, "Choose how it was asked."),
    ],
)
def test_what_the_law_does_not_let_is_refused(ines, cast, answers, said):
    row = excepted.told(cast, cast.amina)
    assert said in text_of(suspend(ines, row, **answers))
    assert not AccountingSuspension.objects.exists()


def test_only_disclosures_without_permission_can_be_held_back(ines, cast):
    (row,) = log.write([entry(cast, cast.amina, 0)])
    assert suspend(ines, row).status_code == 404


def test_one_day_is_not_said_twice():
    day = date(2026, 11, 26)
    line = Line(day, day, 3, "Dr. Bram Visser", "", "Updates", "Treatment")
    assert line.days == "Nov 26, 2026, 3 times"
    line.first = date(2026, 11, 20)
    assert line.days == "Nov 20, 2026, in all 3 times, last on Nov 26, 2026"
