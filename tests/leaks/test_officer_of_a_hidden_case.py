"""T72, T26: what the officer reads of something untold is told with it, and no sooner.

A row that said "the privacy officer read the steps of a disclosure" would tell of the
case that it is about; one about a report of the patient's sister would tell of her.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consents import actions, codes, decisions, waits, withheld
from consents.access import Reading
from consents.actions import exceptional
from consents.codes import OFFICE, PURPOSES
from consents.decisions import Reader
from consents.fhir import codes as fhir_codes
from consents.forms.grant import PURPOSES_FOR
from consents.models import Disclosure
from patients.models import Condition
from tests.cast import permit
from tests.consents import excepted
from tests.consents.cases import documented
from tests.consents.views.pages import bare, sign_in, text_of
from tests.leaks.test_what_the_officer_reads import reported

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

READS = "the steps of a disclosure that the law allows without permission"
PAGES = (
    *("", "sharing/", "sharing/log/", "sharing/log/?show=mails"),
    *("sharing/accounting/", "sharing/log/?first=2026-01-01", "more/"),
)


def officer(cast, name: str, *args: object) -> None:
    client = Client()
    client.force_login(cast.ines)
    assert client.get(reverse(f"consents:{name}", args=args)).status_code == 200


def seen(cast) -> list[tuple[int, int, str]]:
    """(status, number of queries, the page) of what the patient reads of the log."""
    client, found = Client(), []
    sign_in(client, cast.user("amina"))
    for page in PAGES:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/patients/{cast.amina.pk}/{page}")
        found.append((answer.status_code, len(queries), bare(answer)))
    return found


def log_of(cast) -> str:
    client = Client()
    sign_in(client, cast.user("amina"))
    return text_of(client.get(f"/patients/{cast.amina.pk}/sharing/log/"))


def _before_and_after(cast) -> tuple[list, list]:
    told = documented(cast)
    seen(cast)  # the patient's own first reading
    before = seen(cast)
    officer(cast, "case", told.case.pk)
    officer(cast, "case_review", told.case.pk)
    assert Disclosure.objects.filter(basis="office").count() == 2
    return before, seen(cast)


@pytest.mark.security("T72", "T26")
def test_nothing_tells_of_it_while_the_case_waits(cast):
    before, after = _before_and_after(cast)
    assert before == after


def test_without_the_mark_of_the_case_it_tells(cast, monkeypatch):
    """The vulnerable twin: a row that does not wait with its case."""
    whole = Reading.officer_read

    def alone(self, row, *, patient_id, exception=None, about=None):
        whole(self, row, patient_id=patient_id, about=about)

    monkeypatch.setattr(Reading, "officer_read", alone)
    before, after = _before_and_after(cast)
    assert before != after and READS in log_of(cast)


@pytest.mark.security("T72")
def test_it_is_told_by_itself_once_the_wait_is_over(cast):
    told = documented(cast)
    officer(cast, "case", told.case.pk)
    assert "Ines Ruiz" not in log_of(cast)
    with time_machine.travel(cast.at + waits.UNREVIEWED, tick=False):
        said = log_of(cast)
    assert "Ines Ruiz, privacy officer" in said and READS in said


def test_it_is_told_at_once_where_the_patient_was_told(cast):
    told = documented(cast)
    officer(cast, "case", told.case.pk)
    exceptional.tell_patient_of_case(
        case=told.case,
        told_at=cast.at,
        words="We told your sister.",
        support="Bram",
        by=cast.user("bram"),
        at=cast.at,
    )
    assert READS in log_of(cast)


# Held back for an agency ------------------------------------------------------------


def _of_two_cases(cast) -> str:
    """What stands in the log when one of two rows to a recipient is held back."""
    known = excepted.case(cast, cast.amina)
    row = excepted.told(cast, cast.amina, known=known)
    officer(cast, "suspend", row.pk)
    officer(cast, "case", known[0].pk)
    assert "Ines Ruiz" in log_of(cast)
    until = cast.at + timedelta(days=20)
    said = actions.AgencyStatement("Agency", "Officer", "oral", "x", until)
    held = actions.suspend(row=row, said=said, by=cast.ines, at=cast.at)
    officer(cast, "suspension_end", held.pk)
    return log_of(cast)


@pytest.mark.security("T72")
def test_it_is_held_back_with_what_an_agency_has_held_back(cast):
    assert "Ines Ruiz" not in _of_two_cases(cast)
    with time_machine.travel(cast.at + timedelta(days=20), tick=False):
        assert "Ines Ruiz" in log_of(cast)


def test_without_the_rule_it_tells_of_what_is_held_back(cast, monkeypatch):
    """The vulnerable twin: the rule from before there were such rows."""
    rules = [each for each in withheld._rules if each is not withheld.suspended]
    monkeypatch.setattr(withheld, "_rules", [*rules, withheld._suspended])
    assert "Ines Ruiz" in _of_two_cases(cast)


@pytest.mark.security("T72")
def test_another_case_to_the_same_recipient_is_held_back_as_well(cast):
    """Its own row is out of the list too: what was read of it would tell of it."""
    one, another = (_to_jon(cast) for _time in range(2))
    officer(cast, "case", another.exception)
    assert READS in log_of(cast)
    until = cast.at + timedelta(days=20)
    said = actions.AgencyStatement("Agency", "Officer", "oral", "x", until)
    actions.suspend(row=one, said=said, by=cast.ines, at=cast.at)
    assert "Ines Ruiz" not in log_of(cast)
    # Nor is a mail because of it (messaging/mailed.py).
    kept_back = withheld.suspended_cases(cast.amina.pk, cast.at)
    assert set(kept_back) == {one.exception, another.exception}


def _to_jon(cast) -> Disclosure:
    return excepted.told(cast, cast.amina, recipient_id=cast.jon.pk, about=None)


# What somebody else reported --------------------------------------------------------


def _of_a_report(cast, *, by) -> str:
    officer(cast, "privacy_report", reported(cast, by=by).pk)
    assert Disclosure.objects.filter(basis="office").exists()
    return log_of(cast)


@pytest.mark.security("T72", "T35")
def test_a_report_of_somebody_else_is_not_told_by_who_read_it(cast):
    assert "Ines Ruiz" not in _of_a_report(cast, by=cast.user("hana"))


def test_without_the_rule_it_is(cast, monkeypatch):
    """The vulnerable twin."""
    rules = [each for each in withheld._rules if each is not withheld.others_reports]
    monkeypatch.setattr(withheld, "_rules", rules)
    assert "Ines Ruiz" in _of_a_report(cast, by=cast.user("hana"))


def test_ones_own_report_is_told(cast):
    said = _of_a_report(cast, by=cast.user("amina"))
    assert "Ines Ruiz, privacy officer" in said
    assert "a report, and when the person it is about looked" in said


# No way in --------------------------------------------------------------------------


@pytest.mark.security("T14")
def test_no_permission_can_name_what_the_officer_reads_for(cast):
    assert OFFICE.bit == 0 and OFFICE.name not in PURPOSES.by_name
    assert codes.purpose_word(OFFICE.name)
    with pytest.raises(KeyError):
        PURPOSES.mask("TREAT", OFFICE.name)
    with pytest.raises(KeyError):
        reader = Reader(user_id=cast.ines.pk, purpose=OFFICE.name, at=cast.at)
        list(decisions.permitted(Condition.objects.all(), reader))
    with pytest.raises(actions.RuleError):
        permit(cast.amina, cast.bram, at=cast.at, purposes=OFFICE.bit)
    offered = {name for names in PURPOSES_FOR.values() for name in names}
    assert OFFICE.name not in offered
    assert not set(OFFICE.hl7) & set(fhir_codes.PURPOSE_OF)
