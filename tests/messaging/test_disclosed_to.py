"""A disclosure without permission stands where the work of those named in it stands.

Found: it was told of among the notices only, and a worklist said "Nothing waiting".
"""

from __future__ import annotations

import pytest
import time_machine

from carecoord.models import OutgoingMail
from consents.access import disclosed_to as access
from consents.actions import exceptional
from consents.models import CaseContent, Disclosure
from tests.consents import cases
from tests.messaging.writing import bytes_of, content, send, signed_in, words

WORKLIST = "/worklist/"
HEADING = "Disclosed to you, to prevent harm"


@pytest.fixture
def made(cast) -> cases.Documented:
    """Bram names Jon, who is on the team of Amina."""
    return cases.documented(cast, outside="Officer Reyes")


def look(cast, who: str) -> str:
    return words(signed_in(cast, who).get(WORKLIST))


def opens(cast, made) -> None:
    page = signed_in(cast, "jon").get(f"/disclosed/{made.content.pk}/")
    assert page.status_code == 200


def test_it_stands_first_as_unread_until_it_is_opened(cast, made):
    send(cast, "bram", "jon", said=content(urgency="today"))
    said = look(cast, "jon")
    assert said.index(HEADING) < said.index("Reply today")
    row = said.partition(HEADING)[2].partition("Reply today")[0]
    assert "Amina Diallo, from Dr. Bram Visser" in row and "Not read yet" in row
    assert "1 disclosed to you to read." in said
    page = signed_in(cast, "jon").get(WORKLIST).content.decode()
    assert f'href="/disclosed/{made.content.pk}/"' in page
    assert "He said whom." not in page and "CNRYpicked" not in page
    opens(cast, made)
    said = look(cast, "jon")
    assert HEADING in said and "Not read yet" not in said
    assert "disclosed to you to read" not in said


@pytest.mark.security("T10")
def test_nothing_of_it_is_told_to_anybody_else(cast, made):
    before = {who: signed_in(cast, who).get(WORKLIST) for who in ("bram", "dana")}
    cases.documented(cast, inside=("fatou",))
    for who, page in before.items():
        assert HEADING not in words(page), who
        assert bytes_of(signed_in(cast, who).get(WORKLIST)) == bytes_of(page), who
    sent = [mail.subject + mail.body for mail in OutgoingMail.objects.all()]
    assert not [text for text in sent if "Amina" in text or "isclos" in text]


@pytest.mark.security("T10", "T72")
def test_it_is_gone_when_the_case_is_closed(cast, made):
    exceptional.close_case(case=made.case, by=cast.bram.user, at=cast.at)
    assert "Nothing waiting" in look(cast, "jon")


def test_it_is_gone_when_it_is_withdrawn(cast):
    case = cases.uncalled(cast)
    cases.steps(cast, case)
    row = cases.content(cast, case)
    assert "Not read yet" in look(cast, "jon")
    by = {"by": cast.bram.user, "at": cast.at}
    exceptional.withdraw_content(content=row, why="Wrong person.", **by)
    assert "Nothing waiting" in look(cast, "jon")


def test_it_is_gone_when_it_ends_by_itself(cast, made):
    with time_machine.travel(made.content.ends_at, tick=False):
        assert HEADING not in look(cast, "jon")


@pytest.mark.slow
def test_each_is_read_by_itself(cast, made):
    """A second one of the same case, in which the same stands, is new."""
    opens(cast, made)
    second = cases.content(cast, made.case, made.item)
    said = look(cast, "jon")
    assert said.count("Not read yet") == 1 and "1 disclosed to you to read." in said
    page = signed_in(cast, "jon").get(WORKLIST).content.decode()
    places = [page.index(str(each.pk)) for each in (second, made.content)]
    assert places == sorted(places), "what is unread stands first"


def test_the_worklist_itself_is_no_look(cast, made):
    before = Disclosure.objects.count()
    look(cast, "jon")
    assert Disclosure.objects.count() == before


def test_one_that_asks_for_all_that_names_somebody_would_keep_it(
    cast, made, monkeypatch
):
    """The vulnerable twin: it does not ask whether the case is open still."""
    monkeypatch.setattr(access, "open_contents", lambda at: CaseContent.objects.all())
    with pytest.raises(AssertionError):
        test_it_is_gone_when_the_case_is_closed(cast, made)
