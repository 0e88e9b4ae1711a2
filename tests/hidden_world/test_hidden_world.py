"""The same bytes, headers and number of queries, whether or not something is hidden.

Each page of the site is asked by each reader twice: of a record as it is, and of the
same record after everything that can be hidden from them was put into it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unittest import mock

import pypdfium2
import pytest
from django.db import transaction
from django.test import Client

from consents import decisions, ready
from consents.access import Reading
from consents.disclosable import registry
from consents.models import Disclosure
from messaging.sweeping import Sweep
from patients.models import DailyLife
from tests import cast as people
from tests.cast import Cast
from tests.hidden_world import hiding, mattering
from tests.sweeps import requests, world
from tests.sweeps.addresses import all_addresses
from tests.sweeps.urls import DEVELOPMENT, LINES
from tests.sweeps.world import World

READERS = ("bram", "jon", "chidi", "hana")
# A stated emergency opens what has a label too, by design: it is compared on its own.
EMERGENCY, EMERGENCY_PDF = "patients:emergency_page", "patients:emergency_pdf"
# The inbox of one's own machine holds everybody's mail, by design.
ADDRESSES = [
    each
    for each in all_addresses()
    if each.name in LINES and each.name not in DEVELOPMENT
]


@pytest.fixture(autouse=True)
def still(monkeypatch, settings) -> Iterator[None]:
    """No lot is drawn between two printings, and printing may take its time."""
    settings.DEMO = True
    number = "ABCD-ABCD-ABCD"
    monkeypatch.setattr("patients.documents.sheet.new_document_id", lambda: number)
    monkeypatch.setattr("carecoord.pdf.MAX_SECONDS", 60.0)
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@dataclass(frozen=True)
class Told:
    """What one page tells, on whichever way."""

    seen: requests.Seen
    text: str
    logged: list


def full_world() -> World:
    """Something in every section. No row of the kind of which there is only one."""
    built = world.build()
    DailyLife.objects.filter(patient=built.cast.amina).delete()
    mattering.show_windows(built.cast)
    return built


def bare_world() -> World:
    """Nothing in any section: a hidden thing would be the only one."""
    cast = people.build()
    built = World(cast, ids={"patient_id": cast.amina.pk})
    for who in Cast.NAMES:
        built.client(who)
    return built


WORLDS = {"full": full_world, "bare": bare_world}


def paths(built: World, who: str) -> dict[str, str]:
    """Every page that this reader can look at, in this world."""
    found = {}
    for address in ADDRESSES:
        line = LINES[address.name]
        names = [line.ids.get(part, part) for part in address.parts]
        if who in line.readers and all(name in built.ids for name in names):
            found[address.name] = requests.path(built, address, line)
    return found


def tell(client: Client, path: str, is_paper: bool) -> Told:
    before = list(Disclosure.objects.values_list("pk", flat=True))
    seen = requests.ask(client, path)
    # Sorted: the log says what was shown at one instant, in no order of its own.
    new = Disclosure.objects.exclude(pk__in=before)
    logged = sorted(
        (str(row.patient_id), sorted(row.items), row.categories, sorted(row.consents))
        for row in new
    )
    if not is_paper or not seen.body:
        # Whoever is sent on before a paper is printed is compared as on any page.
        return Told(seen, "", logged)
    return Told(
        requests.Seen(seen.status, {}, b"", seen.statements), text_of(seen), logged
    )


def text_of(seen: requests.Seen) -> str:
    document = pypdfium2.PdfDocument(seen.body)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return f"{len(pages)} pages\n" + "\n".join(pages)


def all_told(built: World, who: str) -> dict[str, Told]:
    """Every page, from the same standing: what reading itself writes is undone."""
    client = built.client(who)
    told = {}
    for name, path in paths(built, who).items():
        with transaction.atomic():
            told[name] = tell(client, path, LINES[name].is_paper)
            transaction.set_rollback(True)
    return told


def two_tellings(
    built: World, who: str, hide: Callable[[Cast, str], None]
) -> tuple[dict[str, Told], dict[str, Told]]:
    """All pages before and after hiding, each after everyone was told what is due."""
    with mock.patch.object(Reading, "at", built.cast.at):
        deliver(built.cast)
        without = all_told(built, who)
        hide(built.cast, who)
        deliver(built.cast)
        return without, all_told(built, who)


def deliver(cast: Cast) -> None:
    """What is due is told: the notices of every event so far."""
    later = cast.at + world.timedelta(minutes=11)
    for _ in range(3):
        Sweep(now=lambda: later).run()


def different(one: dict[str, Told], other: dict[str, Told]) -> dict[str, list[str]]:
    found = {}
    for name in one:
        parts = requests_differ(one[name], other[name])
        if parts:
            found[name] = parts
    return found


def requests_differ(one: Told, other: Told) -> list[str]:
    found = [
        f"{part}: {first_difference(first, second)}"
        for part in ("status", "body", "headers", "statements")
        if (first := getattr(one.seen, part)) != (second := getattr(other.seen, part))
    ]
    if one.text != other.text:
        found.append(f"text: {first_difference(one.text, other.text)}")
    if one.logged != other.logged:
        found.append(f"logged: {one.logged} and {other.logged}")
    return found


def first_difference(one, other) -> str:
    if isinstance(one, list):
        return f"{len(one)} and {len(other)} statements"
    if isinstance(one, bytes):
        one, other = one.decode(), other.decode()
    if isinstance(one, dict):
        return f"{one.items() - other.items()} and {other.items() - one.items()}"
    if not isinstance(one, str):
        return f"{one} and {other}"
    lines, others = one.splitlines(), other.splitlines()
    for first, second in zip(lines, others, strict=False):
        if first != second:
            return f"{first.strip()[:160]!r} and {second.strip()[:160]!r}"
    return f"{len(lines)} and {len(others)} lines"


@pytest.mark.slow
@pytest.mark.security("T08", "T26", "L08")
@pytest.mark.django_db
@pytest.mark.parametrize("which", WORLDS)
@pytest.mark.parametrize("who", READERS)
@pytest.mark.capability("S45")
def test_what_is_hidden_changes_nothing_for_whom_it_is_hidden_from(which, who):
    built = WORLDS[which]()
    without, hidden = two_tellings(built, who, mattering.hide_all)
    for told in (without, hidden):
        told.pop(EMERGENCY, None)
        told.pop(EMERGENCY_PDF, None)
    assert without
    assert {name: told.seen.status for name, told in hidden.items()} == dict.fromkeys(
        without, 200
    )
    assert different(without, hidden) == {}
    for told in hidden.values():
        assert hiding.CANARY not in told.text + told.seen.body.decode(errors="replace")


@pytest.mark.slow
@pytest.mark.django_db
def test_what_is_kept_back_changes_nothing_in_an_emergency_either():
    """ "Only me" and "not for this person" hold there too; Bram has stated one."""
    built = full_world()
    without, hidden = two_tellings(built, "bram", mattering.keep_all_back)
    assert without[EMERGENCY].seen.status == hidden[EMERGENCY].seen.status == 200
    assert different(without, hidden) == {}
    assert hiding.CANARY not in hidden[EMERGENCY].seen.body.decode()
    assert hidden[EMERGENCY_PDF].seen.status == 200
    assert hiding.CANARY not in hidden[EMERGENCY_PDF].text


@pytest.mark.security("T26")
@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("who", ["bram", "jon"])
def test_what_is_kept_from_somebody_else_is_no_news(who):
    """Each item of the record is now "not for Hana": Bram's pages say nothing of it."""
    built = full_world()
    without, kept = two_tellings(built, who, hiding.keep_all_from_hana)
    assert different(without, kept) == {}


# The comparison bites -------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db
def test_the_patient_sees_all_that_was_hidden(settings):
    built = bare_world()
    without, hidden = two_tellings(built, "amina", hide_from_bram)
    changed = different(without, hidden)
    assert {"patients:chart", "patients:medicines", "consents:sharing"} <= set(changed)
    assert hiding.in_every_model(built.cast.amina) == set(registry())


def hide_from_bram(cast: Cast, _who: str) -> None:
    hiding.hide_everything(cast, "bram")


@pytest.mark.security("T08", "T26", "L08")
@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("piece", ["_item_denied", "_covers"])
def test_a_rule_that_forgets_something_is_found(piece):
    """The vulnerable twins: "only me" ignored, labels ignored."""
    from tests.consents.test_rule_against_reference import FAULTS

    built = bare_world()
    fault = FAULTS[piece](getattr(decisions, piece))
    with (
        mock.patch.object(decisions, piece, fault),
        mock.patch.object(ready, "_kept", {}),
    ):
        without, hidden = two_tellings(built, "bram", hiding.hide_everything)
    assert "patients:medicines" in different(without, hidden)


@pytest.mark.security("T08", "L08")
def test_every_clinical_model_has_something_to_hide():
    names = {model._meta.model_name for model in registry()}
    assert names == set(hiding.CATEGORY_OF)
