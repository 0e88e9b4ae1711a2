"""A paper is decided once more when it is printed: a stop meanwhile keeps it back.

Found: it was decided, printed for seconds, and handed over, whatever the patient did in
them. The patient read "stopped", and the file arrived after that.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from consents import actions as consents
from consents.access import still
from consents.models import Disclosure
from patients.views import emergency, guests, summary
from patients.views.medicines import master, plan
from tests.cast import statement
from tests.consents import guests as codes
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
FILE = b"%PDF-1.7"
PAPERS = {
    "summary.pdf": (summary, "fit"),
    "summary-large.pdf": (summary, "large_print"),
    "list.pdf": (master, "printed"),
    "medicines/{line}/plan.pdf": (plan, "printed"),
}


def meanwhile(monkeypatch, module, name: str, happens: Callable[[], object]) -> None:
    """While the paper is printed something happens."""

    def prints(*_args: object, **_more: object):
        happens()
        return SimpleNamespace(pdf=FILE) if module in (summary, guests) else FILE

    monkeypatch.setattr(module, name, prints)


def stops(cast) -> None:
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)


def prints(cast, monkeypatch, paper: str, happens: Callable[[], object]):
    line = world.add(cast, "quetiapine")
    meanwhile(monkeypatch, *PAPERS[paper], happens)
    return world.signed_in(cast, "bram").get(
        world.page(cast, paper.format(line=line.pk))
    )


@pytest.mark.security("T17", "T19")
@pytest.mark.parametrize("paper", PAPERS)
def test_a_stop_while_it_is_printed_keeps_the_paper_back(cast, monkeypatch, paper):
    answer = prints(cast, monkeypatch, paper, lambda: stops(cast))
    assert answer.status_code == 404 and FILE not in answer.content
    outcomes = Disclosure.objects.order_by("seq").values_list("outcome", flat=True)
    assert list(outcomes) == ["shown", "not_delivered"]


@pytest.mark.parametrize("paper", PAPERS)
def test_whatever_else_happens_hands_it_over(cast, monkeypatch, paper):
    """What is added, or kept from somebody else, changes nothing."""

    def happens() -> None:
        item = world.add(cast, "ibuprofen")
        by = {"by": cast.amina.user, "at": cast.at}
        consents.keep_back(item=item, party=cast.jon, **by)

    answer = prints(cast, monkeypatch, paper, happens)
    assert answer.status_code == 200 and answer.content == FILE


def test_the_patient_gets_the_own_paper_all_the_same(cast, monkeypatch):
    meanwhile(monkeypatch, summary, "fit", lambda: stops(cast))
    answer = world.signed_in(cast, "amina").get(world.page(cast, "summary.pdf"))
    assert answer.content == FILE


@pytest.mark.parametrize("closes", [True, False])
def test_the_emergency_page_that_is_closed_meanwhile_is_not_handed_over(
    cast, monkeypatch, closes
):
    world.add(cast, "quetiapine")
    member = cast.amina.care_team.get(party=cast.bram, ended_at=None)
    by = {"by": cast.bram.user, "at": cast.at}
    consents.state_emergency(member=member, statement=statement(), **by)

    def happens() -> None:
        own = {"by": cast.amina.user, "at": cast.at}
        consents.choose_emergency(patient=cast.amina, allowed=not closes, **own)

    meanwhile(monkeypatch, emergency, "printed", happens)
    answer = world.signed_in(cast, "bram").get(world.page(cast, "emergency/page.pdf"))
    assert answer.status_code == (404 if closes else 200)


@pytest.mark.parametrize("ends", [True, False])
def test_a_code_that_is_ended_meanwhile_prints_nothing(cast, monkeypatch, ends):
    world.add(cast, "quetiapine")
    made = codes.make(cast.amina, at=cast.at)
    client = Client()
    claim = vars(codes.CLAIM) | {"birth_date": f"{cast.amina.birth_date:%m/%d/%Y}"}
    client.post("/code/", claim | {"code": made.code})

    def happens() -> None:
        if ends:
            by = {"by": cast.amina.user, "at": cast.at}
            consents.revoke(consent=made.guest_code.consent, **by)

    meanwhile(monkeypatch, guests, "fit", happens)
    answer = client.get("/code/page.pdf")
    assert (answer.content == FILE) is not ends


def test_a_twin_that_decides_before_the_printing_alone_is_caught(cast, monkeypatch):
    monkeypatch.setattr(summary, "hand_over", lambda reading, rows: None)
    assert still.hand_over is not summary.hand_over
    answer = prints(cast, monkeypatch, "summary.pdf", lambda: stops(cast))
    assert answer.content == FILE
