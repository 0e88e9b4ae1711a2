"""What the patient alone is told: a warning that no prescriber can give."""

from __future__ import annotations

import pytest

from consents import decisions
from consents.codes import LABELS
from consents.models import ItemDeny
from patients.access.flags import raised_by_adding
from patients.actions import substances
from patients.actions.medicines import Keep
from patients.interactions import Severity
from patients.models import FlagAnswer, SubstanceUse
from tests.cast import newcomer
from tests.consents import guests
from tests.consents.acting import record, relative
from tests.patients import flags_world, records
from tests.patients import medicines_world as world
from tests.patients.flags_world import html, warning

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_the_patient_is_told_what_a_prescriber_cannot_see(cast, hidden):
    seen = " ".join(html(cast, "amina").split())
    assert "Not every prescriber can warn you" in seen
    assert "lithium and ibuprofen can be dangerous together." in seen
    assert "Dr. Bram Visser does not see ibuprofen" in seen
    assert "Ask a pharmacist or call Dr. Bram Visser, (555) 010-0110." in seen
    assert "1-800-222-1222" in seen
    assert "Share ibuprofen" in seen and "I will ask" in seen


@pytest.mark.parametrize("who", ["bram", "jon"])
def test_the_prescriber_is_told_nothing_of_it(cast, hidden, who):
    for place in ("medicines/", ""):
        seen = html(cast, who, place)
        assert "ibuprofen" not in seen and "Only you" not in seen
        assert "To talk about (0)" in seen


def test_before_the_first_dose_of_what_a_prescriber_wrote(cast):
    world.add_hidden(cast, "ibuprofen")
    world.prescribe(cast, name="lithium")
    seen = " ".join(html(cast, "amina").split())
    assert "Before you take the first dose: lithium and ibuprofen can be" in seen
    mark = flags_world.raised(cast, "amina", "lithium", "ibuprofen").flag.mark
    amina = world.signed_in(cast, "amina")
    said = amina.post(world.page(cast, warning(mark, "ask/")), follow=True)
    assert "Ask before you take the first dose." in said.content.decode()


def test_what_is_taken_already_is_not_before_a_first_dose(cast):
    world.add_hidden(cast, "ibuprofen")
    world.add(cast, "warfarin")
    world.prescribe(cast, name="lithium")
    seen = " ".join(html(cast, "amina").split())
    first = "Before you take the first dose: "
    assert f"{first}lithium and ibuprofen can be dangerous" in seen
    assert "warfarin and ibuprofen can be dangerous" in seen
    assert f"{first}warfarin" not in seen


def test_what_is_shared_of_alcohol_is_what_one_says_of_it(cast):
    world.add(cast, "lorazepam")
    substances.add(
        patient=cast.amina,
        use=substances.Use("alcohol", amount="2 drinks", often="a day"),
        by=cast.user("amina"),
        at=cast.at,
    )
    seen = " ".join(html(cast, "amina").split())
    assert "Dr. Bram Visser does not see your use of alcohol" in seen
    assert "Share your use of alcohol" in seen and "Share alcohol" not in seen


def test_i_will_ask_is_one_tap_and_nobody_elses(cast, hidden):
    mark = flags_world.raised(cast, "amina", "lithium", "ibuprofen").flag.mark
    page = world.page(cast, warning(mark, "ask/"))
    amina = world.signed_in(cast, "amina")
    said = amina.post(page, follow=True).content.decode()
    # Both are taken already: nothing is before a first dose.
    assert "Ask a pharmacist or your prescriber soon." in said
    answer = FlagAnswer.objects.get()
    assert (answer.categories, answer.author, answer.reason) == (0, None, "")
    seen = html(cast, "amina")
    assert "Not every prescriber can warn you" not in seen
    assert "You said that you will ask." in seen


def test_sharing_is_two_taps_and_with_one_person_only(cast, hidden):
    _lithium, ibuprofen = hidden
    one = next(each for each in flags_world.unwarned(cast) if each.party == cast.bram)
    page = world.page(cast, warning(one.raised.flag.mark, f"share/{cast.bram.pk}/"))
    client = world.signed_in(cast, "amina")
    assert "Yes, share it with Dr. Bram Visser" in client.get(page).content.decode()
    for _tap in range(2):
        assert client.post(page).status_code == 302
    assert ("lithium", "ibuprofen") in flags_world.pairs(cast, "bram")
    assert flags_world.pairs(cast, "jon") == []
    kept = ItemDeny.objects.standing().get(lineage=ibuprofen.lineage)
    assert (kept.party, kept.left_in) == (None, [cast.bram])
    assert "Only me and Dr. Bram Visser" in html(cast, "amina")


def test_sharing_with_one_person_opens_it_to_nobody_who_comes_later(cast, hidden):
    """No code, nobody who acts, no newcomer: whatever is signed, and whenever."""
    _lithium, ibuprofen = hidden
    one = next(each for each in flags_world.unwarned(cast) if each.party == cast.bram)
    page = world.page(cast, warning(one.raised.flag.mark, f"share/{cast.bram.pk}/"))
    world.signed_in(cast, "amina").post(page)
    code = guests.make(cast.amina, at=cast.at).guest_code
    agent = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, agent, "agent")
    newcomer(cast)
    assert flags_world.pairs(cast, "dana") == []
    assert ("lithium", "ibuprofen") in flags_world.pairs(cast, "bram")
    with_code = decisions.Guest(code.consent.recipient_id, "TREAT", cast.at)
    acts = decisions.Reader(agent.user_id, "PWATRNY", cast.at)
    for reader in (with_code, acts):
        assert not decisions.decide(ibuprofen, reader).permitted


def test_looking_at_the_question_shares_nothing(cast, hidden):
    one = flags_world.unwarned(cast)[0]
    place = warning(one.raised.flag.mark, f"share/{one.party.pk}/")
    html(cast, "amina", place)
    assert flags_world.pairs(cast, "bram") == flags_world.pairs(cast, "jon") == []


def test_what_no_permission_covers_is_shared_through_sharing(cast):
    world.add(cast, "lithium")
    world.add(cast, "ibuprofen", labels=LABELS["private"])
    one = flags_world.unwarned(cast)[0]
    place = warning(one.raised.flag.mark, f"share/{one.party.pk}/")
    seen = html(cast, "amina", place)
    assert "Yes, share" not in seen and "Change sharing" in seen
    client = world.signed_in(cast, "amina")
    assert client.post(world.page(cast, place)).status_code == 200
    assert flags_world.pairs(cast, "bram") == []


def test_a_prescriber_who_sees_neither_side_is_not_named(cast):
    world.add_hidden(cast, "lithium")
    world.add_hidden(cast, "ibuprofen")
    assert flags_world.unwarned(cast) == []


def test_what_is_not_dangerous_is_not_told_as_private(cast):
    world.add(cast, "sertraline")
    world.add_hidden(cast, "sumatriptan")
    assert flags_world.unwarned(cast) == []


@pytest.mark.parametrize("who", ["bram", "jon", "chidi", "hana", "dana"])
def test_nobody_else_asks_or_shares(cast, hidden, who):
    one = flags_world.unwarned(cast)[0]
    mark, client = one.raised.flag.mark, world.signed_in(cast, who)
    for rest in ("ask/", f"share/{cast.bram.pk}/"):
        assert client.post(world.page(cast, warning(mark, rest))).status_code == 404
    assert not FlagAnswer.objects.exists()


def test_hidden_from_one_by_name_is_a_cost_with_that_one(cast):
    world.add(cast, "lithium")
    world.add(cast, "ibuprofen", keep=Keep(from_parties=(cast.bram,)))
    assert {one.party for one in flags_world.unwarned(cast)} == {cast.bram}


def test_the_cost_is_told_before_hiding(cast, both):
    _lithium, ibuprofen = both
    seen = html(cast, "amina", f"medicines/{ibuprofen.pk}/private/")
    assert "If a prescriber does not see ibuprofen, nobody can warn them of this:" in (
        " ".join(seen.split())
    )
    assert "ibuprofen can make lithium build up to a poisonous level." in seen


def test_an_item_that_goes_well_with_all_costs_nothing_to_hide(cast):
    line = world.add(cast, "levothyroxine")
    seen = html(cast, "amina", f"medicines/{line.pk}/private/")
    assert "nobody can warn them" not in seen


def test_the_cost_of_a_new_medicine_is_told_before_it_is_saved(cast):
    world.add(cast, "lithium")
    patient = flags_world.opened(cast, "amina")
    found = raised_by_adding(patient, lambda: world.add(cast, "ibuprofen"))
    assert [one.flag.names for one in found] == [("lithium", "ibuprofen")]
    assert flags_world.pairs(cast, "amina") == []


def test_one_item_kept_back_is_one_card_and_one_answer(cast):
    """Alcohol is not shared: with two medicines it is one card a prescriber."""
    world.add(cast, "lorazepam")
    world.add(cast, "quetiapine")
    records.item(SubstanceUse, cast.amina, "substances", cast.at, substance="alcohol")
    assert html(cast, "amina").count("Not every prescriber can warn you") == 2
    mark = flags_world.raised(cast, "amina", "lorazepam", "alcohol").flag.mark
    page = world.page(cast, warning(mark, "ask/"))
    assert world.signed_in(cast, "amina").post(page).status_code == 302
    assert FlagAnswer.objects.count() == 2
    assert "Not every prescriber can warn you" not in html(cast, "amina")


def test_a_flag_of_the_patient_alone_stands_once_and_is_counted(cast, hidden):
    world.add(cast, "lithium carbonate")
    seen = html(cast, "amina")
    pairs = len(flags_world.unwarned(cast))
    assert pairs and seen.count("can be dangerous together.") == pairs
    standing = [
        one
        for one in flags_world.rows(cast, "amina").raised
        if one.flag.b and one.flag.severity >= Severity.USUALLY_NOT
    ]
    assert f"To talk about ({len(standing)})" in seen
    alone = {one.raised.flag.mark for one in flags_world.unwarned(cast)}
    above = sum(one.flag.mark in alone for one in standing)
    assert f"{above} of them stand" in " ".join(seen.split())
    below = seen[seen.index('id="flags"') :]
    for one in standing:
        assert (one.flag.sentence in below) is (one.flag.mark not in alone)
