"""T100: two patients' codes in one browser. The first page is no page of the second.

Found: whoever opened a second code, and then wrote the note or printed from the tab of
the first patient, sent the note to the second, and printed the second. And the first
tab stayed open as long as the second code did, whatever the first patient stopped.
"""

import re

import pytest
from django.test import Client

from consents import actions
from consents.models import Disclosure, GuestNote
from patients.models import Condition, Patient
from patients.views import guests as views
from tests.cast import Cast
from tests.consents.guests import make
from tests.consents.views.pages import hidden, text_of
from tests.patients import records

PAGE = "/code/page/"


def opened(client: Client, cast: Cast, patient: Patient) -> tuple[str, str]:
    """Where the code of a patient leads, and the page there."""
    code = make(patient, at=cast.at).code
    said = {
        "code": code,
        "birth_date": f"{patient.birth_date:%b %d, %Y}",
        "name": "Dr. Ruth Novak",
        "organization": "Mercy Hospital",
        "reason": "Seen in the emergency room",
    }
    address = client.post("/code/", said).url
    return address, text_of(client.get(address))


@pytest.fixture
def tabs(cast, client):
    """The page of Amina in the first tab, and of Gus in the second."""
    for patient, name in ((cast.amina, "CNRYamina"), (cast.gus, "CNRYgus")):
        records.item(Condition, patient, "conditions", cast.at, name=name)
    first, page = opened(client, cast, cast.amina)
    assert "CNRYamina" in page
    form = client.get(links(page)["note"])
    second, other = opened(client, cast, cast.gus)
    assert "CNRYgus" in other and first != second
    return first, page, hidden(form.content.decode()), second


def links(page: str) -> dict[str, str]:
    return {
        "note": re.search(r'href="(/code/note/[^"]*)"', page)[1],
        "pdf": re.search(r'href="(/code/page\.pdf[^"]*)"', page)[1],
        "still": "/code/still/?shown=" + re.search(r'data-shown="([^"]+)"', page)[1],
    }


@pytest.mark.security("T100")
def test_the_first_tab_writes_prints_and_shows_nothing_of_the_second(
    cast, client, tabs
):
    first, page, form, second = tabs
    sent = client.post("/code/note/", form | {"text": "Amina is pregnant."})
    assert sent.status_code == 409 and not GuestNote.objects.exists()
    assert "was not sent" in text_of(sent) and "Amina is pregnant." in text_of(sent)
    before = Disclosure.objects.count()
    for address in (first, links(page)["pdf"], links(page)["note"]):
        answer = client.get(address)
        assert answer.status_code == 404 and "CNRY" not in text_of(answer)
        assert "opened in this browser again since" in text_of(answer)
    assert Disclosure.objects.count() == before, "nothing was shown"
    assert client.get(links(page)["still"]).status_code == 286
    assert "CNRYgus" in text_of(client.get(second)), "the second goes on"


@pytest.mark.security("T23")
def test_the_first_tab_ends_whatever_the_second_may_show(cast, client, tabs):
    _first, page, _form, _second = tabs
    code = cast.amina.guest_codes.get()
    actions.revoke(consent=code.consent, by=cast.amina.user, at=cast.at)
    assert client.get(links(page)["still"]).status_code == 286


def test_a_note_of_a_page_that_does_not_say_for_whom_goes_to_nobody(client, tabs):
    assert client.post("/code/note/", {"text": "x"}).status_code == 404
    assert not GuestNote.objects.exists()


def test_the_test_of_it_fails_where_the_page_is_not_asked_for(
    cast, client, tabs, monkeypatch
):
    monkeypatch.setattr(views, "_is_of_another", lambda request, visit_id: False)
    first, _page, form, _second = tabs
    client.post("/code/note/", form | {"text": "Amina is pregnant."})
    assert GuestNote.objects.get().visit.code.patient == cast.gus
    assert "CNRYgus" in text_of(client.get(first))
