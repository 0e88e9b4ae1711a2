"""T88: the federal notice comes with what is of Part 2 origin, and only with it."""

from datetime import date, timedelta
from html import unescape

import pytest

from carecoord import zones
from consents import part2, texts
from consents.codes import CATEGORIES, LABELS
from consents.models import Disclosure
from consents.texts import WordingError
from patients.models import Condition
from patients.views.medicines.master import master_context
from tests.consents.acting import child, record, relative
from tests.consents.guests import make
from tests.patients import records

NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


def condition(cast, *, origin: bool, labels: int = 0):
    return records.item(
        Condition,
        cast.amina,
        "conditions",
        cast.at,
        name="asthma",
        part2_origin=origin,
        labels=labels,
    )


@pytest.fixture
def bram(client, cast, demo):
    client.force_login(cast.user("bram"))
    return client


def address(cast, rest=""):
    return f"/patients/{cast.amina.pk}/{rest}"


def pages(client, cast, rest=""):
    return client.get(address(cast, rest)).content.decode()


@pytest.mark.security("T88")
@pytest.mark.parametrize("rest", ["", "summary/", "summary.txt"])
def test_what_comes_from_a_programme_brings_the_notice_and_the_scope(bram, cast, rest):
    condition(cast, origin=True)
    page = pages(bram, cast, rest)
    assert page.count(NOTICE) == 1
    assert f"For: {cast.bram.name}" in page or f"For: Dr. {cast.bram.name}" in page


@pytest.mark.security("T88")
def test_on_a_chart_the_notice_stands_open_and_the_scope_whole_below_it(bram, cast):
    """Folded on a phone only; what a desk and paper show is in the same page."""
    condition(cast, origin=True)
    card = pages(bram, cast).split('id="part2-notice"')[1].split("</section>")[0]
    above, folded = card.split('<details class="fold">')
    assert NOTICE in above
    scope = part2.scope_in_words(cast.amina_to_bram)
    assert scope in unescape(folded) and "Allergies: what I react to" in scope


@pytest.mark.security("T88")
@pytest.mark.parametrize("rest", ["", "summary/", "summary.txt"])
def test_the_scope_is_that_of_the_permission_it_rests_on(bram, cast, rest):
    """Not of the newest one: that may be about something else altogether."""
    from tests import cast as people

    condition(cast, origin=True, labels=LABELS["substance_use"])
    first = people.permit(
        cast.amina,
        cast.bram,
        at=cast.at - timedelta(days=2),
        categories=CATEGORIES.mask("conditions", "history"),
        labels=LABELS["substance_use"],
        ends_at=cast.at + timedelta(days=40),
    )
    people.permit(cast.amina, cast.bram, at=cast.at, categories=CATEGORIES["goals"])
    page = pages(bram, cast, rest)
    until = zones.last_day(first.ends_at, cast.amina.time_zone)
    said = texts.part2_scope(
        signed=zones.today(first.signed_at, cast.amina.time_zone),
        ends=until,
        recipient_name=cast.bram.name,
        category_names=("conditions", "history"),
        purposes=("TREAT", "COC"),
        substance_use=True,
    ).paragraphs
    assert said[1] in page and said[2] in page
    assert "Allowed by name: treatment for alcohol or drug use." in said[2]
    assert page.count("until the end of") == 1


@pytest.mark.security("T88")
@pytest.mark.parametrize("rest", ["", "summary/", "summary.txt"])
def test_a_label_alone_does_not_bring_it(bram, cast, rest):
    from tests import cast as people

    people.permit(cast.amina, cast.bram, at=cast.at, labels=LABELS["substance_use"])
    condition(cast, origin=False, labels=LABELS["substance_use"])
    page = pages(bram, cast, rest)
    assert "asthma" in page and NOTICE not in page


def test_the_patient_s_own_pages_need_none(client, cast):
    condition(cast, origin=True)
    client.force_login(cast.user("amina"))
    assert NOTICE not in pages(client, cast)


@pytest.mark.security("T88", "T94")
def test_what_is_of_part_2_and_not_shared_brings_nothing(bram, cast):
    """Hidden world: the notice would tell of what is kept back."""
    condition(cast, origin=True, labels=LABELS["hiv"])
    assert NOTICE not in pages(bram, cast)


@pytest.mark.security("T88", "T14")
@pytest.mark.parametrize("rest", ["", "summary/", "summary.txt"])
def test_without_the_text_nothing_is_disclosed(bram, cast, rest, monkeypatch):
    condition(cast, origin=True)
    monkeypatch.setattr(
        part2.texts,
        "part2_notice",
        lambda **kwargs: texts.Section("Federal notice", ("",), ""),
    )
    before = Disclosure.objects.count()
    bram.raise_request_exception = False
    answer = bram.get(address(cast, rest))
    assert answer.status_code == 500
    assert b"asthma" not in answer.content
    assert Disclosure.objects.count() == before


def test_a_consent_that_is_not_there_gives_no_notice(cast):
    with pytest.raises(WordingError):
        part2.notice_for([])


@pytest.mark.security("T88")
def test_the_printed_list_carries_it(bram, cast):
    from django.template.loader import render_to_string

    from consents.access import Reading, open_for

    condition(cast, origin=True)
    reading = Reading(user=cast.user("bram"), entrance="patients:master_list_pdf")
    opened = open_for(reading, cast.amina.pk, writes=False)
    context = master_context(opened, zone="UTC")
    context["part2_notice"] = part2.notice_of(reading)
    printed = render_to_string("pdf/master_list.html", context)
    assert NOTICE in printed and "What the patient allowed" in printed


@pytest.mark.security("T88")
def test_a_copied_update_carries_it(bram, cast):
    from tests.messaging import writing

    update = writing.send(cast, "jon", "bram", said=writing.content(part2_origin=True))
    text = pages(bram, cast, f"updates/{update.pk}/text/")
    on_screen = pages(bram, cast, f"updates/{update.pk}/")
    assert NOTICE in text and NOTICE in on_screen


@pytest.mark.security("T88", "T93")
def test_the_scope_ends_where_a_parents_signature_ends(cast):
    noor = child(cast, born=date(cast.at.year - 16, 1, 1))
    held = record(cast, noor, relative(noor, "Rosa Haddad"), "parent")
    code = make(noor, at=cast.at, lasts=timedelta(days=3000), held=held)
    (said,) = part2.notice_for([code.guest_code.consent_id]).scopes
    last = zones.last_day(noor.majority_at, noor.time_zone)
    assert f"{last:%B} {last.day}, {last.year}" in said
