"""T26: a case that the patient is not told of yet moves nothing that they can see.

Found: each step of a case raised the gate's epoch. Whoever signed a permission at that
time was asked again, because "something changed"; a page that was open with a code
ended; and the number stands in what the page seals.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from consents import gate, waits
from consents.access.guests import open_visit
from consents.actions import exceptional
from consents.drafts import Draft
from consents.models import Consent, ConsentGate
from tests.consents import cases
from tests.consents.guests import make, use
from tests.consents.views.pages import Pages, hidden, text_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo"),
    pytest.mark.security("T26"),
]


def _a_whole_case(cast) -> None:
    """Documented, with a reason to wait; the officer agrees; closed."""
    done = cases.documented(cast)
    by = {"by": cast.user("bram"), "at": cast.at}
    wait = waits.last_waits([done.case.pk])[done.case.pk]
    exceptional.review_wait(
        wait=wait, answer="agreed", words="", by=cast.ines, at=cast.at
    )
    exceptional.close_case(case=done.case, **by)
    assert done.case.pk in waits.hidden_cases(cast.amina.pk, cast.at)


def _is_asked_again(cast) -> bool:
    pages = Pages(Client(), cast.amina.user, cast.amina)
    pages.to_check(cast.chidi)
    _a_whole_case(cast)
    pages.sign()
    signed = Consent.objects.filter(recipient=cast.chidi, decision="permit")
    return "Something changed" in text_of(pages.page) and not signed.exists()


def _ends_what_a_code_opened(cast) -> bool:
    made = make(cast.amina, at=cast.at)
    visit = use(made.code, at=cast.at, birth_date=cast.amina.birth_date)
    assert visit and open_visit(visit.pk, entrance="patients:guest_page")
    _a_whole_case(cast)
    return open_visit(visit.pk, entrance="patients:guest_page") is None


def _epoch_on_the_page(cast) -> int:
    pages = Pages(Client(), cast.amina.user, cast.amina)
    page = pages.to_check(cast.chidi)
    sealed = hidden(page.content.decode())["draft"]
    of = {"user_id": cast.amina.user.pk, "patient_id": cast.amina.pk}
    draft = Draft.opened(sealed, **of)
    assert draft
    return draft.epoch


def _counts_on_the_page(cast) -> bool:
    before = _epoch_on_the_page(cast)
    _a_whole_case(cast)
    return _epoch_on_the_page(cast) != before


def test_the_patient_signs_what_the_page_showed(cast):
    assert not _is_asked_again(cast)


def test_what_is_open_with_a_code_stays_open(cast):
    assert not _ends_what_a_code_opened(cast)


def test_the_number_on_the_page_is_the_same(cast):
    assert not _counts_on_the_page(cast)


@pytest.mark.parametrize(
    "tells", [_is_asked_again, _ends_what_a_code_opened, _counts_on_the_page]
)
def test_the_test_of_that_fails_where_a_case_moves_the_gate(cast, monkeypatch, tells):
    monkeypatch.setattr(exceptional, "gate", SimpleNamespace(lock=_moved))
    assert tells(cast)


def _moved(patient_id) -> ConsentGate:
    gate.bump(patient_id)
    return gate.lock(patient_id)
