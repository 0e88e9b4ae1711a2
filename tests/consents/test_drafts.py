"""What the pages carry along: sealed for one person, one patient and half a day."""

import uuid
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import signing

from consents.drafts import MAX_AGE_SECONDS, Draft, _salt
from consents.views.codes import CodeDraft

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ME = {"user_id": uuid.uuid4(), "patient_id": uuid.uuid4()}
ANSWERS = Draft.new(recipient="r", categories=3, purposes=1, ends="3")


def resealed(answers: dict) -> str:
    return signing.dumps(answers, salt=_salt(**ME), compress=True)


@pytest.mark.security("T20")
@pytest.mark.parametrize("other", ["user_id", "patient_id"])
def test_it_is_worth_nothing_for_another_person_or_patient(other):
    sealed = ANSWERS.sealed(**ME)
    assert Draft.opened(sealed, **ME) == ANSWERS
    assert Draft.opened(sealed, **(ME | {other: uuid.uuid4()})) is None


@pytest.mark.security("T20")
def test_it_is_worth_nothing_the_next_day():
    assert timedelta(seconds=MAX_AGE_SECONDS) < timedelta(days=1)
    with time_machine.travel(NOW, tick=False):
        sealed = ANSWERS.sealed(**ME)
    for later, stands in ((MAX_AGE_SECONDS, True), (MAX_AGE_SECONDS + 1, False)):
        with time_machine.travel(NOW + timedelta(seconds=later), tick=False):
            assert (Draft.opened(sealed, **ME) is not None) is stands


@pytest.mark.security("T20")
def test_a_form_of_an_older_version_or_another_page_begins_anew():
    """A field that is missing would be filled in by nobody: no limit by silence."""
    known = asdict(ANSWERS)
    for field in known:
        fewer = {name: known[name] for name in known if name != field}
        assert Draft.opened(resealed(fewer), **ME) is None
    assert Draft.opened(resealed(known | {"page": "summary"}), **ME) is None
    assert CodeDraft.opened(ANSWERS.sealed(**ME), **ME) is None
    assert Draft.opened(CodeDraft.new().sealed(**ME), **ME) is None
    assert Draft.opened(resealed(known), **ME) == ANSWERS
