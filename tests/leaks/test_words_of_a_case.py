"""What somebody wrote for those named in a case is a disclosure like an item of it.

Found: step 4 with words alone, before anybody was called, left no row in the log. Its
reader read them again and again, the patient was never told, the accounting was empty,
and its author could still sign that nothing of it was handed over.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from carecoord import pdf
from consents import actions, gate
from consents.access import accounting, open_for, still
from consents.access import cases as access_cases
from consents.access.cases import open_contents
from consents.access.reading import Reading
from consents.actions import exceptional
from consents.models import CaseContent, Disclosure, ExceptionalCase
from patients.models import Condition
from tests.consents import cases
from tests.consents.views.pages import sign_in, text_of
from tests.patients import records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
SOON = timedelta(seconds=1)
WORDS = "Told in words by Dr. Bram Visser. Ask them what was said."


@pytest.fixture
def words(cast) -> CaseContent:
    """For Jon: nothing of the record, and nobody was called."""
    case = cases.uncalled(cast)
    cases.steps(cast, case)
    return cases.content(cast, case)


def page(cast, who: str, address: str) -> str:
    client = Client()
    sign_in(client, cast.user(who))
    return text_of(client.get(address))


def _he_reads(cast, words) -> list[Disclosure]:
    assert "He said whom." in page(cast, "jon", f"/disclosed/{words.pk}/")
    return list(Disclosure.objects.filter(exception=words.case_id))


def _is_told(cast, words) -> None:
    by = {"by": cast.user("bram"), "at": cast.at}
    exceptional.tell_patient_of_case(
        case=words.case, told_at=cast.at, words="I told Dr. Ortiz.", support="", **by
    )


@pytest.mark.security("T72")
def test_who_reads_the_words_of_a_case_stands_in_the_log(cast, words):
    (row,) = _he_reads(cast, words)
    assert (row.basis, row.recipient) == ("exceptional", cast.jon)


def test_the_test_of_that_fails_where_only_items_are_shown(cast, words, monkeypatch):
    """The twin: what has no row in the record was nothing that somebody reads."""
    shown = Reading.shown

    def items_only(self, items, **how):
        shown(self, [one for one in items if not isinstance(one, CaseContent)], **how)

    monkeypatch.setattr(Reading, "shown", items_only)
    assert _he_reads(cast, words) == []


def test_the_patient_reads_of_it_once_they_are_told(cast, words):
    _he_reads(cast, words)
    log = f"/patients/{cast.amina.pk}/sharing/log/"
    assert "Read what was written for them." not in page(cast, "amina", log)
    _is_told(cast, words)
    assert "Read what was written for them." in page(cast, "amina", log)
    reading = Reading(user=cast.user("amina"), entrance="consents:accounting")
    opened = open_for(reading, cast.amina.pk, writes=False)
    (line,) = accounting.accounting(opened).lines
    assert line.recipient == cast.jon.name
    assert line.what == WORDS


@pytest.fixture
def both(cast) -> CaseContent:
    """For Jon: a diagnosis, and what Bram wrote beside it."""
    case = cases.uncalled(cast)
    cases.steps(cast, case)
    item = records.item(Condition, cast.amina, "conditions", cast.at, name="CNRYboth")
    return cases.content(cast, case, item)


def _accounted(cast, content) -> str:
    _he_reads(cast, content)
    _is_told(cast, content)
    reading = Reading(user=cast.user("amina"), entrance="consents:accounting")
    opened = open_for(reading, cast.amina.pk, writes=False)
    return " / ".join(line.what for line in accounting.accounting(opened).lines)


@pytest.mark.security("T72")
def test_the_accounting_names_the_words_beside_the_kinds(cast, both):
    """A brief description of all that was disclosed: 45 CFR 164.528(b)(2)(iii)."""
    assert _accounted(cast, both) == f"Diagnoses. {WORDS}"


def test_an_accounting_of_kinds_alone_is_found(cast, both, monkeypatch):
    """The twin: where an item went with them, the words were left out."""
    monkeypatch.setattr(accounting, "_words_in", lambda row: set())
    assert "Told in words" not in _accounted(cast, both)


TALK = "Told in a talk by Dr. Bram Visser. Ask them what was said."


@pytest.mark.parametrize(
    ("picks", "lines"),
    [
        (True, f"{TALK} / Diagnoses"),
        (False, TALK.replace("a talk by", "a talk and in words by")),
    ],
)
def test_what_was_told_in_a_talk_and_can_be_read_stands_once(cast, picks, lines):
    """Found: for who is ticked inside, the same words were two disclosures."""
    case = cases.opened(cast)
    cases.steps(cast, case)
    item = records.item(Condition, cast.amina, "conditions", cast.at, name="CNRYboth")
    content = cases.content(cast, case, *([item] if picks else []))
    assert _accounted(cast, content) == lines


def test_words_that_no_talk_told_stand_beside_what_one_did(cast, both):
    """Of two cases to one person the talk of the one tells nothing of the other."""
    called = cases.opened(cast)
    cases.steps(cast, called)
    _is_told(cast, cases.content(cast, called))
    assert _accounted(cast, both) == f"{TALK} / Diagnoses. {WORDS}"


def test_what_was_read_is_not_withdrawn_as_if_nothing_was_handed_over(cast, words):
    _he_reads(cast, words)
    by = {"by": cast.user("bram"), "at": cast.at}
    with pytest.raises(actions.RuleError, match="handed over"):
        exceptional.withdraw_content(content=words, why="Slip.", **by)


def test_an_open_tab_keeps_the_words_as_long_as_they_are_open(cast, words):
    (row,) = _he_reads(cast, words)
    jon = cast.user("jon")
    assert still.is_still_shown(jon, row.pk.hex, cast.at + SOON)
    assert not still.is_still_shown(jon, row.pk.hex, words.ends_at)
    _is_told(cast, words)
    exceptional.close_case(case=words.case, by=cast.user("bram"), at=cast.at)
    assert not still.is_still_shown(jon, row.pk.hex, cast.at + SOON)


def _closes_first(monkeypatch, cast, words) -> None:
    """Whoever closes the case has the gate; whoever reads waits for it."""
    share = gate.share

    def waits(patient_id) -> None:
        case = ExceptionalCase.objects.get(pk=words.case_id)
        if case.closed_at is None:
            by = {"by": cast.user("bram"), "at": cast.at}
            exceptional.close_case(case=case, nobody_answered=True, **by)
        share(patient_id)

    monkeypatch.setattr(gate, "share", waits)


@pytest.mark.security("T15")
def test_who_waits_while_a_case_is_closed_reads_none_of_its_words(
    cast, words, monkeypatch
):
    """Found: they were read before the wait, and shown after it."""
    _is_told(cast, words)
    _closes_first(monkeypatch, cast, words)
    assert "He said whom." not in page(cast, "jon", f"/disclosed/{words.pk}/")
    assert not Disclosure.objects.filter(exception=words.case_id).exists()


@pytest.mark.security("T15")
def test_nor_is_a_packet_printed_by_who_waited(cast, monkeypatch):
    made = cases.documented(cast, inside=(), outside="Officer Lund")
    _is_told(cast, made.content)
    paper = SimpleNamespace(pdf=lambda: b"%PDF")
    monkeypatch.setattr(pdf, "lay_out", lambda *_args, **_more: paper)
    recipient = made.content.recipients.get(party=None)
    place = reverse("consents:case_packet", args=[made.case.pk, recipient.pk])
    sign_in(client := Client(), cast.user("bram"))
    assert client.get(place).status_code == 200
    _closes_first(monkeypatch, cast, made.content)
    assert client.get(place).status_code == 404


def test_a_twin_that_reads_before_it_waits_is_caught(cast, words, monkeypatch):
    def reads_first(reading, contents):
        row = open_contents(reading.at).filter(pk__in=contents.values("pk")).get()
        gate.share(row.case.patient_id)
        return row

    monkeypatch.setattr(access_cases, "_open_now", reads_first)
    _is_told(cast, words)
    _closes_first(monkeypatch, cast, words)
    assert "He said whom." in page(cast, "jon", f"/disclosed/{words.pk}/")
