"""T14, T16, T19: what goes wrong, or is over, shows nothing.

A rule that raises, a database that gives up, a cache that is gone and a word that
nobody knows are never a yes (T14). Whoever left is out at the next request of each of
their sessions, tabs and mails (T16). No paper stays on the disk (T19).
"""

from __future__ import annotations

import logging
import re
import tempfile
import uuid
from contextlib import AbstractContextManager
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings as product
from django.db import OperationalError, connection
from django.test import Client

from carecoord import pdf
from carecoord.clock import database_now
from consents import decisions
from consents import ready as rule_text
from consents.access import oversight
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Reader
from consents.models import AccessRefusal, Disclosure
from consents.querysets import ConsentQuerySet
from messaging.models import Update
from patients.models import Condition
from providers.codes import EndReason
from tests import cast as people
from tests.messaging import writing
from tests.messaging.delivering import TEN_MINUTES, change, letters, sweep  # noqa: F401
from tests.paper import missing_text
from tests.patients import records

CANARY = "CNRYcondition7f3a"
PAGES = ("", "medicines/", "summary.txt", "updates/")


@pytest.fixture(autouse=True)
def quiet(settings):
    settings.DEMO = True
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def told(cast):
    """Amina's record, shared with Bram; and an update from Jon to him."""
    records.item(Condition, cast.amina, "conditions", cast.at, name=CANARY)
    writing.send(cast, "jon", "bram", said=writing.content(what_changed=CANARY))
    return cast


def browser(cast, who: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.user(who))
    return client


def shown(cast, client: Client) -> dict[str, tuple[int, bool]]:
    """Of each page: the status, and whether it shows the item or the update."""
    found = {}
    for page in PAGES:
        answer = client.get(f"/patients/{cast.amina.pk}/{page}")
        found[page] = (answer.status_code, CANARY in answer.content.decode())
    return found


# Fail closed --------------------------------------------------------------------------


def raising(error: Exception) -> AbstractContextManager:
    """The rule itself raises, before anything is asked."""
    return mock.patch.object(rule_text, "_ready", side_effect=error)


def timing_out(sql_of: str) -> AbstractContextManager:
    """The database gives up on every statement that asks this table."""

    def gives_up(execute, sql, params, many, context):
        if sql_of in sql and sql.startswith("SELECT"):
            raise OperationalError(f"canceling statement: {CANARY}")
        return execute(sql, params, many, context)

    return connection.execute_wrapper(gives_up)


FAILURES = {
    "broken": lambda: raising(RuntimeError(CANARY)),
    "unknown": lambda: raising(KeyError("a word that nobody knows")),
    "timeout": lambda: timing_out("consents_consent"),
}


@pytest.mark.slow
@pytest.mark.security("T14", "T39", "T72")
@pytest.mark.parametrize("failure", FAILURES)
def test_a_rule_that_raises_shows_nothing(told, failure):
    client = browser(told, "bram")
    assert any(is_shown for _status, is_shown in shown(told, client).values())
    before = Disclosure.objects.count()
    with FAILURES[failure]():
        statuses = shown(told, client)
    assert set(statuses.values()) == {(503, False)}
    assert Disclosure.objects.count() == before
    rows = AccessRefusal.objects.order_by("pk")
    assert [(row.patient_id, row.user, row.failed) for row in rows] == [
        (told.amina.pk, told.user("bram"), True)
    ] * len(PAGES)


@pytest.mark.security("T14", "T72")
def test_what_failed_is_held_against_nobody(told):
    """The patient reads of no attempt, and no pattern is made of it."""
    at = database_now()
    for patient_id in (told.amina.pk, told.gus.pk, uuid.uuid4()):
        who = {"user": told.user("bram"), "patient_id": patient_id, "at": at}
        AccessRefusal.objects.create(entrance="patients:chart", failed=True, **who)
    log = browser(told, "amina").get(f"/patients/{told.amina.pk}/sharing/log/")
    assert log.context["page"].refusals == []
    officer = mock.Mock(at=at, user=told.user("ines"))
    assert oversight.patterns(officer) == []
    rows, _more = oversight.refusals(officer, user_id=None, before=None)
    assert [row.failed for row in rows] == [True] * 3


@pytest.mark.security("T14")
def test_a_rule_that_falls_back_to_everything_is_found(told):
    """The vulnerable twin: an error is caught, and taken for a yes."""

    def forgiving(model_rule, model, reader):
        return decisions.Q()

    client = browser(told, "chidi")
    assert not any(is_shown for _status, is_shown in shown(told, client).values())
    with mock.patch.object(decisions, "ready", forgiving):
        rows = Condition.objects.permitted(
            Reader(user_id=told.user("chidi").pk, purpose="TREAT", at=told.at)
        )
        assert rows.filter(name=CANARY).exists()


class Gone:
    """A cache that answers nothing any more."""

    def __getattr__(self, name):
        raise ConnectionError("the cache is gone")


@pytest.mark.slow
@pytest.mark.security("T14")
def test_without_the_cache_the_answers_are_the_same(told, monkeypatch):
    wanted = {who: shown(told, browser(told, who)) for who in ("bram", "chidi", "dana")}
    monkeypatch.setattr("django.core.cache.caches.__getitem__", Gone, raising=False)
    monkeypatch.setattr(
        "django.core.cache.cache", Gone()
    )  # whoever asks from here on gets an error
    found = {who: shown(told, browser(told, who)) for who in wanted}
    assert found == wanted


@pytest.mark.security("T14")
@pytest.mark.parametrize("table", [CATEGORIES, LABELS, PURPOSES])
def test_a_word_that_nobody_knows_is_no_mask(table):
    with pytest.raises(KeyError):
        table["everything"]


@pytest.mark.slow
@pytest.mark.security("T14")
def test_a_role_or_a_category_that_nobody_knows_opens_nothing(told, monkeypatch):
    """Nothing like that can be stored; if it were, it would be denied."""
    monkeypatch.setattr("consents.decisions.ROLES", {})
    decisions.role_masks.cache_clear()
    try:
        with mock.patch.object(decisions, "ready", lambda f, *a: f(*a)):
            found = shown(told, browser(told, "bram"))
    finally:
        decisions.role_masks.cache_clear()
    assert not any(is_shown for _status, is_shown in found.values())


# Off-boarding -------------------------------------------------------------------------


def open_tab(cast, client: Client) -> str:
    html = client.get(f"/patients/{cast.amina.pk}/").content.decode()
    return re.search(r'data-shown="([^"]*)"', html).group(1)


def close_account(cast) -> None:
    type(cast.user("bram")).objects.filter(pk=cast.user("bram").pk).update(
        is_active=False
    )


def end_membership(cast) -> None:
    from consents import actions

    actions.leave(
        participant=cast.amina.care_team.get(party=cast.bram),
        by=cast.amina.user,
        at=cast.at,
        reason=EndReason.LEFT,
    )


@pytest.mark.slow
@pytest.mark.security("T16", "L18")
@pytest.mark.parametrize("end", [close_account, end_membership])
def test_whoever_left_is_out_in_every_session_tab_and_mail(told, letters, end):  # noqa: F811
    clients = [browser(told, "bram") for _ in range(3)]
    tabs = [open_tab(told, client) for client in clients]
    for client, tab in zip(clients, tabs, strict=True):
        assert client.get(f"/still/?shown={tab}").status_code == 204
    change(told.amina, at=told.at)
    end(told)
    sweep(told.at + 2 * TEN_MINUTES)
    sweep(told.at + 3 * TEN_MINUTES)
    assert told.user("bram").email not in [to for one in letters for to in one.to]
    for client, tab in zip(clients, tabs, strict=True):
        assert client.get(f"/still/?shown={tab}").status_code in (286, 302)
        assert not any(is_shown for _s, is_shown in shown(told, client).values())
        # What the person wrote themselves may stay; what the others wrote does not.
        update = Update.objects.get(author=told.jon)
        answer = client.get(f"/patients/{told.amina.pk}/updates/{update.pk}/")
        assert answer.status_code in (302, 404)


@pytest.mark.security("T16", "L18")
def test_a_member_who_stays_is_still_told(told, letters):  # noqa: F811
    """The test of leaving bites: without an end the mail goes."""
    change(told.amina, at=told.at)
    sweep(told.at + 2 * TEN_MINUTES)
    sweep(told.at + 3 * TEN_MINUTES)
    assert told.user("bram").email in [to for one in letters for to in one.to]


# Papers -------------------------------------------------------------------------------

PARTIAL = {"Range": "bytes=0-100", "If-Range": '"x"', "If-None-Match": "*"}


@pytest.fixture
def papers(told) -> list[str]:
    """The address of each paper of Amina that Bram can print; a word is on each."""
    from tests.sweeps.test_urls import ADDRESSES
    from tests.sweeps.urls import LINES

    records.medicine(told.amina, told.at, CANARY)
    found = [
        ADDRESSES[name].of({"patient_id": told.amina.pk})
        for name, line in LINES.items()
        if line.is_paper
        and "bram" in line.readers
        and ADDRESSES[name].parts == ("patient_id",)
        and "emergency" not in name
    ]
    assert len(found) >= 3
    return found


def files_in(*folders: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


def kept_on_disk(client: Client, papers: list[str], tmp_path: Path) -> list[Path]:
    """Prints each of them; which files hold one then, or were written in the data.

    The renderer keeps its fonts in the temporary folder while it lives.
    """
    data = Path(product.DATA_DIR)
    with mock.patch.object(tempfile, "tempdir", str(tmp_path)):
        before = files_in(data)
        for paper in papers:
            answer = client.get(paper, headers=PARTIAL)
            assert answer.status_code == 200 and holds(answer), paper
        after = files_in(data)
    changed = [path for path in after if after[path] != before.get(path)]
    words = (b"%PDF", CANARY.encode())
    left = [
        path
        for path, held in files_in(tmp_path).items()
        if any(word in held for word in words)
    ]
    return changed + left


def had_after(cast, client: Client, papers: list[str]) -> list[str]:
    """Which of them he has once she has stopped: not what a member without gets.

    The list is printed for everybody on the team: empty, then.
    """
    people.consents.stop_sharing(
        patient=cast.amina, recipient=cast.bram, by=cast.amina.user, at=cast.at
    )
    never = browser(cast, "chidi")
    return [
        paper
        for paper in papers
        for headers in ({}, PARTIAL)
        if holds(answer := client.get(paper, headers=headers))
        or answer.status_code != never.get(paper, headers=headers).status_code
        or answer.status_code in (206, 304, 412)
    ]


def holds(answer) -> bool:
    """Whether the paper has the word: its bytes alone, packed, would never show it."""
    return answer.content[:4] == b"%PDF" and not missing_text(
        answer.content, iter([CANARY])
    )


@pytest.mark.slow
@pytest.mark.security("T19")
def test_no_paper_stays_on_the_disk_and_none_is_had_after_the_stop(
    told, papers, tmp_path
):
    client = browser(told, "bram")
    assert kept_on_disk(client, papers, tmp_path) == []
    assert had_after(told, client, papers) == []


@pytest.mark.slow
@pytest.mark.security("T19")
@pytest.mark.parametrize("where", ["the temporary folder", "the data"])
def test_a_printer_that_keeps_a_copy_is_found(
    told, papers, tmp_path, monkeypatch, where
):
    """The vulnerable twin: printed once, for whoever comes next."""
    real, copy = pdf.Pages.pdf, Path(product.DATA_DIR) / "copy"

    def keeping(pages):
        made = real(pages)
        place = copy if where == "the data" else Path(tempfile.mkdtemp()) / "copy"
        place.write_bytes(made)
        return made

    monkeypatch.setattr(pdf.Pages, "pdf", keeping)
    try:
        found = kept_on_disk(browser(told, "bram"), papers[:1], tmp_path)
    finally:
        copy.unlink(missing_ok=True)
    assert [path.name for path in found] == ["copy"]


@pytest.mark.slow
@pytest.mark.security("T19")
def test_a_paper_that_outlives_the_stop_is_found(told, papers, monkeypatch):
    """The vulnerable twin: what was signed once counts until its day, for papers."""
    monkeypatch.setattr(
        ConsentQuerySet, "signed", lambda rows: rows.exclude(decision="refusal")
    )
    rule_text._kept.clear()
    try:
        had = had_after(told, browser(told, "bram"), papers[:1])
    finally:
        rule_text._kept.clear()
    assert had == papers[:1] * 2
