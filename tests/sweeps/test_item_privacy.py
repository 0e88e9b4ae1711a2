""" "Only me" and "not for this person": every clinical model has a line, and it holds.

An item has a page of its own, or follows by its lineage the item it belongs to, or is
nothing that can be kept back alone: one table says which.
"""

import uuid
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from consents import decisions
from consents.codes import CATEGORIES
from consents.decisions import Reader
from consents.disclosable import Disclosable, model_of, registry
from consents.entrances import PATIENT_ONLY, entrance
from patients.access.private_items import KINDS
from patients.actions import side_effects
from patients.codes import Phase
from patients.models import MedicationStatement, TestResult, TherapyPhase
from patients.record_nouns import NOUNS
from tests.cast import permit
from tests.consents.views.pages import sign_in
from tests.patients import records
from tests.sweeps.models import scratch


@dataclass(frozen=True)
class Own:
    """A page of its own: the address, and what stands in it before the id."""

    address: str
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Follows:
    """Kept back with the item whose lineage it has."""

    whose: str


@dataclass(frozen=True)
class Alone:
    """Cannot be kept back by itself, and why."""

    why: str


MEDICINE = Follows("patients.medicationstatement")
LINES: dict[str, Own | Follows | Alone] = {
    "patients.medicationstatement": Own("patients:medicine_privacy"),
    "messaging.update": Own("messaging:update_privacy"),
    **{
        kind.model._meta.label_lower: Own("patients:item_privacy", (label,))
        for label, kind in KINDS.items()
    },
    **{
        noun.model._meta.label_lower: Own("patients:record_change", (noun.slug,))
        for noun in NOUNS
    },
    "patients.medicinechange": MEDICINE,
    "patients.checkin": MEDICINE,
    "patients.sideeffect": MEDICINE,
    "patients.sideeffectmark": MEDICINE,
    "patients.supplycount": MEDICINE,
    "patients.flaganswer": MEDICINE,
    "messaging.reply": Follows("messaging.update"),
    "patients.timelineevent": Alone("has the lineage of what it tells; else no item"),
    "patients.testowner": Alone("stands only beside a test of a medicine one sees"),
    "patients.importeditem": Alone("the patient's alone until it is taken over"),
    "patients.allergyassertion": Alone("says that there are none; ends with the first"),
    "patients.listconfirmation": Alone("says that the list was checked"),
    "patients.listreview": Alone("says that the list was reviewed"),
}


def test_every_clinical_model_has_a_line():
    assert {model._meta.label_lower for model in registry()} == set(LINES)


def test_a_model_without_a_line_is_found():
    with scratch(base=Disclosable, meta={"abstract": False}) as made:
        assert made._meta.label_lower not in LINES


def test_each_page_is_the_patients_or_asks_nothing_of_others():
    for label, line in LINES.items():
        if not isinstance(line, Own):
            continue
        door = entrance(line.address)
        assert door is not None, label
        # The page of a noun is also its form; whoever acts gets it without the choice.
        if line.address != "patients:record_change":
            assert door.purposes == PATIENT_ONLY, label


def test_whoever_is_followed_has_a_page():
    for label, line in LINES.items():
        if isinstance(line, Follows):
            assert isinstance(LINES[line.whose], Own), label


@pytest.fixture
def world(cast, settings):
    """Amina's record with something of every kind; Bram and Jon may see all of it."""
    settings.DEMO = True
    records.fill(cast.amina, cast.at)
    for party in (cast.bram, cast.jon):
        permit(cast.amina, party, at=cast.at, categories=CATEGORIES.all)
    return cast


def sees(cast, item, name: str) -> bool:
    reader = Reader(user_id=cast.user(name).pk, purpose="TREAT", at=cast.at)
    rows = type(item).objects.filter(pk=item.pk)
    return decisions.permitted(rows, reader).exists()


def choose(client, line: Own, item, *keep) -> None:
    address = reverse(line.address, args=[item.patient_id, *line.before, item.pk])
    form = client.get(address).context
    drawn = form.get("privacy") or form["privacy_form"]
    answers = {"keep": list(keep), "seen": drawn.seen}
    if fields := form.get("fields"):
        typed = {each.name: each.value() for each in fields}
        answers |= {key: "" if said is None else said for key, said in typed.items()}
    assert client.post(address, answers).status_code == 302, item._meta.label


OWN = {
    label: line
    for label, line in LINES.items()
    if isinstance(line, Own) and label.startswith("patients.")
}
# A prescriber's entry and an update have tests of their own, with their writers.
WRITTEN_BY_OTHERS = {"patients.medicationrequest"}


@pytest.mark.slow
def test_only_me_hides_from_everybody_and_not_for_this_person_from_one(world):
    cast, client = world, Client()
    sign_in(client, cast.amina.user)
    tested = {"name": "TSH", "value": "2", "unit": "mIU/L"}
    records.item(
        TestResult, cast.amina, "measures", cast.at, done_date=cast.at.date(), **tested
    )
    began = {"what": Phase.EXPOSURE, "starts_date": cast.at.date()}
    records.item(TherapyPhase, cast.amina, "goals", cast.at, **began)
    for label, line in OWN.items():
        if label in WRITTEN_BY_OTHERS:
            continue
        item = model_of(label).objects.filter(patient=cast.amina, labels=0).first()
        assert item is not None, label
        assert sees(cast, item, "bram") and sees(cast, item, "jon"), label
        choose(client, line, item, str(cast.bram.pk))
        assert not sees(cast, item, "bram") and sees(cast, item, "jon"), label
        choose(client, line, item, "me")
        assert not sees(cast, item, "bram") and not sees(cast, item, "jon"), label
        choose(client, line, item)
        assert sees(cast, item, "bram") and sees(cast, item, "jon"), label


def test_what_belongs_to_a_medicine_is_kept_back_with_it(world):
    cast, client = world, Client()
    sign_in(client, cast.amina.user)
    line = MedicationStatement.objects.filter(patient=cast.amina, labels=0).first()
    who = {"by": cast.amina.user, "at": cast.at}
    effect = side_effects.add(
        medicine=line,
        effect=side_effects.Effect("sleepiness", "severe"),
        key=uuid.uuid4(),
        **who,
    )
    assert sees(cast, effect, "bram")
    choose(client, OWN["patients.medicationstatement"], line, "me")
    for label, follows in LINES.items():
        if follows != MEDICINE:
            continue
        for row in model_of(label).objects.filter(lineage=line.lineage):
            assert not sees(cast, row, "bram"), label
    assert not sees(cast, effect, "bram") and not sees(cast, effect, "jon")
