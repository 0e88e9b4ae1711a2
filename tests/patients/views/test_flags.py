"""Flags on the list and the chart; set aside, put back, asked about, shared."""

from __future__ import annotations

from datetime import date

import pytest

from consents import decisions
from consents.codes import LABELS
from consents.models import AccessRefusal, ItemDeny
from patients.access.flags import raised_by_adding
from patients.actions import medicines, substances
from patients.actions.medicines import Keep, Why
from patients.interactions import Severity
from patients.models import Condition, FlagAnswer, Patient, SubstanceUse
from tests.cast import newcomer
from tests.consents import guests
from tests.consents.acting import record, relative
from tests.folded import standing_open
from tests.patients import flags_world, records
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
CAVEAT = "This check is help for a conversation, not a complete check."


@pytest.fixture
def both(cast):
    """Lithium and ibuprofen on Amina's list, shared with Bram and Jon."""
    return world.add(cast, "lithium"), world.add(cast, "ibuprofen", kind="otc")


def html(cast, who: str, place: str = "medicines/") -> str:
    response = world.signed_in(cast, who).get(world.page(cast, place))
    assert response.status_code == 200
    return response.content.decode()


def warning(mark: str, rest: str = "") -> str:
    return f"medicines/warnings/{mark}/{rest}"


# On the pages ----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["amina", "bram", "jon"])
def test_a_flag_says_how_serious_why_what_to_do_and_who_says_so(cast, both, who):
    seen = html(cast, who)
    for words in (
        "Usually not together",
        "ibuprofen can make lithium build up to a poisonous level.",
        "Ask a pharmacist for another pain reliever.",
        "Source: ANSM thesaurus of interactions, Sep 1, 2016.",
        CAVEAT,
    ):
        assert words in seen


def test_advice_to_the_patient_is_called_so_where_others_read_it(cast, both):
    own, bram = html(cast, "amina"), html(cast, "bram")
    assert "What to do:" in own and "patient reads:" not in own
    assert "What to do:" not in bram
    assert "What the patient reads:" in bram and "The patient reads:" in bram


def test_the_chart_of_a_prescriber_has_the_same_flags(cast, both):
    seen = html(cast, "bram", "")
    assert "To talk about (1)" in seen and CAVEAT in seen
    assert "ibuprofen can make lithium build up" in seen
    assert "It covers only what is shared with you." in seen


def test_whoever_is_shared_nothing_gets_no_word_of_a_check(cast, both):
    for who in ("chidi", "hana"):
        for place in ("medicines/", ""):
            assert "To talk about" not in html(cast, who, place)


def test_a_name_that_is_not_known_is_said_not_to_be_checked(cast):
    world.add(cast, "Grandmother drops")
    assert "Not checked, because the name is not known here: Grandmother drops." in (
        html(cast, "amina").replace("\n", " ")
    )


def test_milder_warnings_are_not_nothing_to_talk_about(cast):
    """Two of one kind stood folded under "Nothing to talk about was found"."""
    world.add(cast, "sertraline")
    world.add(cast, "fluoxetine")
    seen = html(cast, "amina")
    assert "Take care (1)" in seen and "Nothing to talk about" not in seen
    assert "No serious warning is open. Look at what follows too." in seen


def test_what_was_stopped_takes_no_part(cast, both):
    lithium, _ibuprofen = both
    medicines.stop(
        item=lithium,
        version=lithium.version,
        outcome=medicines.Outcome(),
        why=Why(),
        by=cast.user("amina"),
        at=cast.at,
    )
    assert flags_world.pairs(cast, "amina") == []


def test_an_entry_takes_part_before_it_is_taken_over(cast):
    world.add(cast, "ibuprofen")
    world.prescribe(cast, name="lithium")
    assert flags_world.pairs(cast, "amina") == [("lithium", "ibuprofen")]


def test_an_entry_beside_its_own_line_is_no_double(cast):
    line = world.add(cast, "sertraline")
    world.prescribe(cast, beside=line)
    assert flags_world.pairs(cast, "amina") == []


def test_allergies_substances_and_conditions_take_part(cast):
    world.add(cast, "valproate")
    world.add(cast, "amoxicillin")
    world.add(cast, "lorazepam")
    world.add_allergy(cast, "penicillin")
    put = records.item
    put(Condition, cast.amina, "conditions", cast.at, name="pregnant", status="active")
    put(SubstanceUse, cast.amina, "substances", cast.at, substance="alcohol")
    kinds = {one.flag.kind for one in flags_world.rows(cast, "amina").raised}
    assert {"allergy", "pregnancy", "substance", "boxed"} <= kinds


def test_alcohol_that_is_not_drunk_is_no_flag(cast):
    world.add(cast, "lorazepam")
    alcohol = {"substance": "alcohol", "amount": "None"}
    records.item(SubstanceUse, cast.amina, "substances", cast.at, **alcohol)
    assert flags_world.pairs(cast, "amina") == []


# Set aside -------------------------------------------------------------------------


def test_a_prescriber_sets_a_flag_aside_with_a_reason_and_all_can_read_it(cast, both):
    mark = flags_world.raised(cast, "bram", "lithium", "ibuprofen").flag.mark
    client = world.signed_in(cast, "bram")
    page = world.page(cast, warning(mark))
    assert "ibuprofen can make" in client.get(page).content.decode()
    assert client.post(page, {"reason": " "}).status_code == 200
    assert not FlagAnswer.objects.exists()
    assert client.post(page, {"reason": "Level is checked weekly."}).status_code == 302
    for who in ("amina", "bram", "jon"):
        seen = html(cast, who)
        assert "To talk about (0)" in seen and "Looked at (1)" in seen
        assert "Dr. Bram Visser looked at this on" in seen
        assert "Level is checked weekly." in seen


def test_what_is_red_folds_for_whoever_set_it_aside_and_for_nobody_else(cast):
    for name in ("phenelzine", "sertraline"):
        world.add(cast, name)
    set_aside(cast, "bram", "Washed out in June.", "phenelzine", "sertraline")
    for who, place, is_open in (
        ("bram", "", False),
        ("jon", "", True),
        ("amina", "medicines/", True),
    ):
        page = html(cast, who, place)
        assert "Washed out in June." in page
        assert ("Washed out in June." in standing_open(page)) == is_open, who


def test_the_reason_is_attributed_encrypted_and_has_its_versions(cast, both):
    set_aside(cast, "bram", "Level is checked weekly.")
    answer = FlagAnswer.objects.get()
    assert (answer.author, answer.recorded_by) == (cast.bram, cast.user("bram"))
    assert answer.history.count() == 1
    raw = FlagAnswer.objects.extra(select={"raw": "reason"}).values("raw").get()
    assert "Level" not in str(raw)


def set_aside(cast, who: str, reason: str, *names: str) -> str:
    names = names or ("lithium", "ibuprofen")
    mark = flags_world.raised(cast, who, *names).flag.mark
    page = world.page(cast, warning(mark))
    answer = world.signed_in(cast, who).post(page, {"reason": reason})
    assert answer.status_code == 302
    return mark


def test_the_flag_comes_back_when_a_dose_changed(cast, both):
    set_aside(cast, "bram", "Level is checked.")
    lithium, _ibuprofen = both
    medicines.change_dose(
        item=lithium,
        version=lithium.version,
        dosage=world.MORE,
        why=Why(),
        by=cast.user("amina"),
        at=cast.at,
    )
    assert "To talk about (1)" in html(cast, "bram")
    assert "Level is checked." not in html(cast, "bram")


def test_a_correction_of_the_reason_alone_does_not_bring_it_back(cast, both):
    set_aside(cast, "bram", "Level is checked.")
    lithium, _ibuprofen = both
    medicines.correct_details(
        item=lithium,
        version=lithium.version,
        details=medicines.Details(name="lithium", reason="mood"),
        by=cast.user("amina"),
        at=cast.at,
    )
    assert "Looked at (1)" in html(cast, "bram")


def test_another_prescriber_puts_it_back_up(cast, both):
    mark = set_aside(cast, "bram", "Level is checked.")
    again = world.page(cast, warning(mark, "again/"))
    assert world.signed_in(cast, "jon").post(again).status_code == 302
    assert "To talk about (1)" in html(cast, "bram")
    answer = FlagAnswer.objects.get()
    assert answer.ended_by == cast.user("jon") and answer.history.count() == 2


def test_the_same_reason_sent_twice_is_one(cast, both):
    set_aside(cast, "bram", "Once.")
    set_aside(cast, "bram", "Twice.")
    assert [row.reason for row in FlagAnswer.objects.all()] == ["Once."]


def test_a_warning_of_an_older_state_is_absent_and_no_refusal(cast, both):
    client = world.signed_in(cast, "bram")
    answer = client.post(world.page(cast, warning("0" * 32)), {"reason": "x"})
    assert answer.status_code == 404 and not FlagAnswer.objects.exists()
    assert not AccessRefusal.objects.exists()


@pytest.mark.parametrize("who", ["amina", "chidi", "hana", "dana", "edo"])
def test_nobody_but_a_prescriber_sets_a_flag_aside(cast, both, who):
    mark = flags_world.raised(cast, "amina", "lithium", "ibuprofen").flag.mark
    client = world.signed_in(cast, who)
    for place in (warning(mark), warning(mark, "again/")):
        answer = client.post(world.page(cast, place), {"reason": "x"})
        assert answer.status_code == 404
    assert not FlagAnswer.objects.exists()


# For the patient alone ---------------------------------------------------------------


@pytest.fixture
def hidden(cast):
    """Lithium that Bram sees, ibuprofen that is for Amina only."""
    return world.add(cast, "lithium"), world.add_hidden(cast, "ibuprofen")


def test_the_patient_is_told_what_a_prescriber_cannot_see(cast, hidden):
    seen = " ".join(html(cast, "amina").split())
    assert "Only you can see this" in seen
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
    assert "Only you can see this" not in seen
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
    assert html(cast, "amina").count("Only you can see this") == 2
    mark = flags_world.raised(cast, "amina", "lorazepam", "alcohol").flag.mark
    page = world.page(cast, warning(mark, "ask/"))
    assert world.signed_in(cast, "amina").post(page).status_code == 302
    assert FlagAnswer.objects.count() == 2
    assert "Only you can see this" not in html(cast, "amina")


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


@pytest.mark.parametrize(("born", "told"), [(2004, True), (1991, False), (None, True)])
def test_a_warning_about_young_people_is_told_to_young_people(cast, born, told):
    birth = date(born, 5, 1) if born else None
    Patient.objects.filter(pk=cast.amina.pk).update(birth_date=birth)
    world.add(cast, "sertraline")
    words = "thoughts of suicide can come or grow up to age 24"
    for who in ("amina", "bram"):
        assert (words in html(cast, who)) is told


@pytest.mark.parametrize(("born", "told"), [(1950, True), (1991, False)])
def test_a_warning_about_old_age_is_told_to_the_old(cast, born, told):
    Patient.objects.filter(pk=cast.amina.pk).update(birth_date=date(born, 5, 1))
    world.add(cast, "quetiapine")
    assert ("older people with dementia" in html(cast, "amina")) is told
