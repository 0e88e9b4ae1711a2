"""The privacy officer answers the reason that the page showed, and no other."""

import pytest
from django.urls import reverse

from carecoord.templatetags.zones import day
from consents.actions import exceptional
from consents.models import WaitReview
from tests.consents import cases
from tests.consents.cases import DAY
from tests.consents.views.pages import hidden, text_of

pytestmark = pytest.mark.usefixtures("demo")


@pytest.fixture
def told(cast, client):
    client.force_login(cast.ines)
    return cases.documented(cast)


def address(told) -> str:
    return reverse("consents:case_review", args=[told.case.pk])


def answered(client, told, page, *, answer="agreed") -> str:
    typed = {"answer": answer, "words": ""}
    sent = client.post(address(told), hidden(text_of(page)) | typed, follow=True)
    return text_of(sent)


def one_more_reason(cast, told):
    return exceptional.wait_to_tell(
        case=told.case,
        reason="CNRYlonger",
        until=cast.at + 25 * DAY,
        by=cast.user("bram"),
        at=cast.at + DAY / 24,
    )


def test_the_reason_that_was_read_is_answered(client, cast, told):
    page = client.get(address(told))
    assert "It would put her sister at risk." in text_of(page)
    # "Right until that day" is answered: the page says which day.
    until = day(told.case.tellingwait_set.get().until, cast.ines.time_zone)
    assert f"Wait until {until}:" in text_of(page)
    assert "Signed and kept." in answered(client, told, page)
    assert WaitReview.objects.get().wait == told.case.tellingwait_set.get()


def test_a_reason_that_was_written_meanwhile_is_read_first(client, cast, told):
    """A page that stood open once agreed to words, and to a day, that it never had."""
    page = client.get(address(told))
    newer = one_more_reason(cast, told)
    again = answered(client, told, page)
    assert not WaitReview.objects.exists()
    assert "Its author wrote another reason meanwhile." in again
    assert "CNRYlonger" in again
    answered(client, told, client.get(address(told)))
    assert WaitReview.objects.get().wait == newer


def test_of_two_officers_the_first_answer_stands_and_the_other_is_told(
    client, cast, told
):
    page = client.get(address(told))
    answered(client, told, page, answer="not_agreed")
    assert "This reason was answered already." in answered(client, told, page)
    assert WaitReview.objects.get().answer == "not_agreed"
    # The same answer twice is one.
    assert "Signed and kept." in answered(client, told, page, answer="not_agreed")


def test_a_reason_waits_for_its_answer_after_its_case_is_closed(client, cast, told):
    """Closing answers nothing: it went from the officer's page with the case once."""

    def desk() -> str:
        return text_of(client.get(reverse("consents:privacy")))

    by, at = cast.user("bram"), cast.at + DAY / 24
    exceptional.close_case(case=told.case, by=by, at=at)
    assert "Answer the reason to wait" in desk()
    answered(client, told, client.get(address(told)))
    assert "Dr. Bram Visser" not in desk()
