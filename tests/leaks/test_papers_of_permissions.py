"""Papers about a permission are decided once more when they are printed, like others.

Found: "coordination is allowed", a receipt, a packet and the slip of a code were
decided before the printing alone, and handed over whatever happened in the seconds
that it takes.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest
from django.test import Client
from django.urls import reverse

from consents import actions as consents
from consents.access import still
from consents.actions import exceptional
from consents.models import Disclosure
from consents.views import codes as slips
from consents.views import disclosed, looking, receipts, statements
from patients.views import summary
from tests.cast import never
from tests.consents import cases
from tests.consents import guests as codes
from tests.consents.acting import record, relative
from tests.consents.views.pages import sign_in
from tests.leaks.test_stopped_while_printing import FILE, meanwhile, stops
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
Happens = Callable[[], object]


def nothing() -> None:
    """What is printed is printed."""


@pytest.fixture
def ask(monkeypatch):
    """Asks for a paper, and something happens while it is printed."""

    def asks(user, module: ModuleType, place: str, happens: Happens, **form: str):
        prints = "fit" if module is summary else "printed"
        meanwhile(monkeypatch, module, prints, happens)
        sign_in(client := Client(), user)
        return client.post(place, form) if form else client.get(place)

    return asks


def at(cast, name: str, *args: object) -> str:
    return reverse(f"consents:{name}", args=[cast.amina.pk, *args])


def keeps(answer, *, back: bool) -> None:
    assert (answer.status_code, FILE in answer.content) == (
        (404, False) if back else (200, True)
    )


# "Coordination is allowed" ----------------------------------------------------------

CHANGES = {
    "stopped": (stops, True),
    "never shared": (lambda cast: never(cast.amina, cast.bram, at=cast.at), True),
    "another's": (lambda cast: never(cast.amina, cast.jon, at=cast.at), False),
}


@pytest.mark.security("T17", "T19")
@pytest.mark.parametrize("who", ["bram", "amina"])
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_allowed_no_more_is_on_no_paper(cast, ask, change, who):
    happens, back = CHANGES[change]
    place = at(cast, "statement_pdf", cast.amina_to_bram.pk)
    before = Disclosure.objects.count()
    answer = ask(cast.user(who), statements, place, lambda: happens(cast))
    keeps(answer, back=back)
    assert Disclosure.objects.count() == before


# Receipts, slips and previews of who acts -------------------------------------------


@pytest.fixture
def rosa(cast):
    return record(cast, cast.amina, relative(cast.amina, "Rosa Diallo"), "guardian")


def ends(cast, rosa) -> None:
    consents.end_representative(representative=rosa, by=cast.ines, at=cast.at)


def receipt(cast, rosa, ask, happens: Happens, user=None):
    place = at(cast, "receipt_pdf", cast.amina_to_bram.pk)
    return ask(user or rosa.party.user, receipts, place, happens)


def slip(cast, rosa, ask, happens: Happens, user=None):
    made = codes.make(cast.amina, at=cast.at, held=rosa)
    place = at(cast, "code_slip", made.guest_code.pk)
    return ask(user or rosa.party.user, slips, place, happens, code=made.code)


def preview(cast, rosa, ask, happens: Happens, user=None):
    world.add(cast, "quetiapine")
    place = reverse(
        "consents:look_paper", args=[cast.amina.pk, cast.bram.pk, "summary"]
    )
    return ask(user or rosa.party.user, summary, place, happens)


SLOW = pytest.param(preview, marks=pytest.mark.slow)
PAPERS = pytest.mark.parametrize("paper", [receipt, slip, SLOW])


@PAPERS
@pytest.mark.security("T17", "T90")
def test_who_acts_no_more_when_it_is_printed_is_handed_nothing(cast, rosa, ask, paper):
    keeps(paper(cast, rosa, ask, lambda: ends(cast, rosa)), back=True)


@PAPERS
def test_who_acts_still_gets_it_and_the_patient_anyway(cast, rosa, ask, paper):
    keeps(paper(cast, rosa, ask, nothing), back=False)
    happens = lambda: ends(cast, rosa)  # noqa: E731
    if paper is not slip:
        keeps(paper(cast, rosa, ask, happens, cast.amina.user), back=False)


def test_a_code_that_is_stopped_meanwhile_is_on_no_slip(cast, ask):
    made = codes.make(cast.amina, at=cast.at)
    by = {"by": cast.amina.user, "at": cast.at}
    place = at(cast, "code_slip", made.guest_code.pk)

    def happens() -> None:
        consents.revoke(consent=made.guest_code.consent, **by)

    keeps(ask(cast.amina.user, slips, place, happens, code=made.code), back=True)


# A packet ---------------------------------------------------------------------------


def packet(cast, ask, happens: Callable[[cases.Documented], object]):
    made = cases.documented(cast, inside=(), outside="Officer Reyes")
    recipient = made.content.recipients.get()
    place = reverse("consents:case_packet", args=[made.case.pk, recipient.pk])
    return ask(cast.user("bram"), disclosed, place, lambda: happens(made))


def closes(cast, made: cases.Documented) -> None:
    exceptional.close_case(case=made.case, by=cast.user("bram"), at=cast.at)


@pytest.mark.security("T72")
def test_a_case_that_closes_meanwhile_hands_no_packet_over(cast, ask):
    keeps(packet(cast, ask, lambda made: closes(cast, made)), back=True)
    rows = Disclosure.objects.filter(channel="pdf").order_by("seq")
    assert list(rows.values_list("outcome", flat=True)) == ["shown", "not_delivered"]


def test_what_was_changed_meanwhile_is_in_no_packet(cast, ask):
    def changes(made: cases.Documented) -> None:
        type(made.item).objects.filter(pk=made.item.pk).update(version=2)

    keeps(packet(cast, ask, changes), back=True)


def test_whatever_else_happens_hands_the_packet_over(cast, ask):
    keeps(packet(cast, ask, lambda made: stops(cast)), back=False)


# Twins ------------------------------------------------------------------------------


@pytest.fixture
def decided_before_alone(monkeypatch):
    for module in (statements, receipts, slips, disclosed):
        assert module.hand_over_same is still.hand_over_same
        monkeypatch.setattr(module, "hand_over_same", lambda *args, **more: None)
    monkeypatch.setattr(looking, "hand_over", lambda *args: None)


@PAPERS
def test_a_twin_of_who_acts_no_more_is_caught(
    cast, rosa, ask, decided_before_alone, paper
):
    keeps(paper(cast, rosa, ask, lambda: ends(cast, rosa)), back=False)


def test_twins_of_what_is_allowed_and_of_a_packet_are_caught(
    cast, ask, decided_before_alone
):
    keeps(packet(cast, ask, lambda made: closes(cast, made)), back=False)
    place = at(cast, "statement_pdf", cast.amina_to_bram.pk)
    keeps(ask(cast.user("bram"), statements, place, lambda: stops(cast)), back=False)
