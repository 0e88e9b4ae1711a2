"""One walk over every page, by everybody: what is shown, and what stays behind.

Every text of Amina's record holds a word of its own, so that whoever sees an item is
known by it (T10, L17). Afterwards nothing of the record is in an address, a title, a
file name, a session, the cache, a log or a temporary file (T30, T31, T33, T36).
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from consents.codes import PURPOSES
from consents.decisions import Reader
from patients.models import MedicationStatement, Patient
from providers.models import Party
from tests.sweeps import requests
from tests.sweeps.test_safe_text import PLACES
from tests.sweeps.test_urls import ADDRESSES, LISTED
from tests.sweeps.urls import ALL, DEVELOPMENT, LINES
from tests.sweeps.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
# Amina's words end in an a, Gus's in a g.
CANARY = re.compile(r"CNRY[a-z]+\d{3}[ag]")
# A paper of each kind is enough: what stands on paper has tests of its own.
# Words of names that anybody may say: of places, and of whoever comes with a code.
PLAIN = {
    "Clinic",
    "Practice",
    "Hospital",
    "Care",
    "Clinician",
    "clinician",
    "with",
    "code",
}
PAPERS = {"patients:summary_pdf", "patients:master_list_pdf"}


@dataclass(frozen=True)
class Page:
    """What somebody was shown."""

    who: str
    name: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Walk:
    """Everything that was shown, and what it left behind."""

    pages: list[Page] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    permitted: dict[str, set[str]] = field(default_factory=dict)
    left_behind: dict[str, str] = field(default_factory=dict)

    def shown_to(self, who: str) -> set[str]:
        """The words of items on any page of this person, of Amina's addresses."""
        return {
            word
            for page in self.pages
            if page.who == who
            for word in CANARY.findall(page.body)
        }


@pytest.fixture(scope="module")
def walk(_standing: World, django_db_blocker) -> Iterator[Walk]:
    """Walks once for the whole module, and undoes it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True), quiet_corner() as corner:
            walked = Walk(words=words_of(_standing))
            plant()
            for who in ALL.split():
                walked.permitted[who] = permitted(_standing, who)
            look_at_everything(_standing, walked)
            walked.left_behind = corner() | {
                "sessions": repr([row.get_decoded() for row in Session.objects.all()]),
                "the cache": repr(list(getattr(cache, "_cache", {}).items())),
            }
        yield walked
        transaction.set_rollback(True)


@contextlib.contextmanager
def quiet_corner():
    """Logs and temporary files of their own; the yielded call says what is in them."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logging.root.handlers[0].formatter)
    logging.root.addHandler(handler)
    with tempfile.TemporaryDirectory() as folder:
        before, tempfile.tempdir = tempfile.tempdir, folder
        try:
            with contextlib.redirect_stdout(said):
                yield lambda: {
                    "logs": said.getvalue(),
                    "temporary files": repr(sorted(Path(folder).rglob("*"))),
                }
        finally:
            tempfile.tempdir = before
            logging.root.removeHandler(handler)


def words_of(world: World) -> set[str]:
    """Names of people, and of what is in the records."""
    people = {row.name for row in (*Party.objects.all(), *Patient.objects.all())}
    medicines = MedicationStatement.objects.values_list("name", flat=True)
    return {
        word
        for name in (*people, *medicines)
        for word in name.split()
        if len(word) > 3 and word not in PLAIN
    }


def plant() -> None:
    """Each item of every kind gets a word of its own, in every text of it."""
    for model, texts in PLACES.items():
        columns = {each.name for each in model._meta.get_fields()} & set(texts)
        for number, row in enumerate(
            model.objects.select_related("patient").order_by("pk")
        ):
            whose = "a" if row.patient.name == "Amina Diallo" else "g"
            word = f"CNRY{model._meta.model_name}{number:03}{whose}"
            model.objects.filter(pk=row.pk).update(**dict.fromkeys(columns, word))


def permitted(world: World, who: str) -> set[str]:
    """The words of what the rule lets somebody see, for any purpose there is."""
    user, found = world.cast.user(who), set()
    for model in PLACES:
        for purpose in PURPOSES.names(PURPOSES.all):
            reader = Reader(user_id=user.pk, purpose=purpose, at=world.cast.at)
            rows = model.objects.permitted(reader)
            found |= set(CANARY.findall(repr(list(rows.values()))))
    return found


def look_at_everything(world: World, walked: Walk) -> None:
    for name in LISTED:
        line = LINES[name]
        if name in DEVELOPMENT or (line.is_paper and name not in PAPERS):
            continue
        for who in line.readers:
            path = requests.path(world, ADDRESSES[name], line)
            with mock.patch("carecoord.pdf.MAX_SECONDS", 60.0):
                answer = world.client(who).get(path)
            body = answer.content.decode(errors="ignore")
            walked.pages.append(Page(who, name, path, dict(answer.items()), body))


# Of numbers and of events only the newest stand on a page.
NEWEST_ONLY = re.compile("CNRY(observation|timelineevent)")


@pytest.mark.security("T10", "L17")
def test_what_is_shown_is_what_the_rule_permits(walk: Walk):
    for who in ALL.split():
        assert walk.shown_to(who) - walk.permitted[who] == set(), who
    assert walk.permitted["bram"] and walk.permitted["amina"] - walk.permitted["bram"]
    # And whoever may see something of Amina's finds it.
    for who in ("amina", "bram", "jon"):
        missing = walk.permitted[who] - walk.shown_to(who)
        left = {word for word in missing if word.endswith("a")}
        assert {word for word in left if not NEWEST_ONLY.match(word)} == set(), who


@pytest.mark.security("T31")
@pytest.mark.parametrize("who", ["edo", "ines", "dana", "fatou"])
def test_who_runs_the_place_sees_nothing_of_the_record(walk: Walk, who: str):
    assert [page.name for page in walk.pages if page.who == who]
    assert walk.shown_to(who) == set()


# An address with a number in it, or a hidden field or mark that holds one.
NUMBERED = re.compile(
    r"""(?:href|action|src)="[^"]*?[/=](\d{1,9})(?=[/"&?#])"""
    r"""|<input[^>]*type="hidden"[^>]*value="\d{1,9}"[^>]*>"""
    r'''|data-[\w-]+="\d{1,9}"|\bid="\d+"'''
)
# The version of an item counts that item; the seconds until a session ends, nothing.
COUNTS_NOTHING = re.compile(r'name="version"|data-idle-seconds')


def numbers_in(body: str) -> list[str]:
    """Whatever could be a row's own number, which counts the rows of everybody."""
    found = [match.group(0) for match in NUMBERED.finditer(body)]
    return [said for said in found if not COUNTS_NOTHING.search(said)]


@pytest.mark.security("T30")
def test_no_number_of_a_row_stands_in_a_page_or_a_file_name(walk: Walk):
    found = {
        (page.name, number)
        for page in walk.pages
        if "html" in page.headers["Content-Type"]
        for number in numbers_in(page.body)
    }
    assert found == set()
    for page in walk.pages:
        name = page.headers.get("Content-Disposition", "")
        assert not re.search(r"\d", re.sub(r"\d{4}-\d\d-\d\d", "", name)), name


@pytest.mark.security("T30")
def test_no_address_takes_the_number_of_a_row():
    taken = [name for name in LISTED if "<int:" in ADDRESSES[name].route]
    assert taken == []


@pytest.mark.security("T30")
@pytest.mark.parametrize(
    "said",
    [
        '<a href="/patients/x/kept-back/7/">',
        '<form action="/x/?id=12">',
        '<input type="hidden" name="item" value="31">',
        '<li data-item="31">',
        '<li id="31">',
    ],
)
def test_the_number_of_a_row_is_found(said: str):
    assert numbers_in(said)
    assert not numbers_in('<input type="hidden" name="version" value="3">')


TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@pytest.mark.security("T33")
def test_no_title_address_or_file_name_tells_anything(walk: Walk):
    found = []
    for page in walk.pages:
        title = " ".join(TITLE.findall(page.body))
        for said in (page.path, title, page.headers.get("Content-Disposition", "")):
            words = {word for word in walk.words if word.lower() in said.lower()}
            if words or CANARY.search(said):
                found.append((page.name, page.who, said, words))
    assert found == []


@pytest.mark.security("T36")
@pytest.mark.parametrize("place", ["sessions", "the cache", "logs", "temporary files"])
def test_nothing_of_the_record_stays_behind(walk: Walk, place: str):
    said = walk.left_behind[place]
    assert CANARY.findall(said) == []
    assert [word for word in walk.words if word in said] == []


@pytest.mark.security("T36")
def test_the_places_were_looked_at(walk: Walk):
    assert "_auth_user_id" in walk.left_behind["sessions"]
    assert "request_finished" in walk.left_behind["logs"]
    assert len(walk.pages) > 200 and len(walk.words) > 20
