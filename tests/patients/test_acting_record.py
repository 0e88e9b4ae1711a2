"""Somebody who acts for a patient keeps allergies, substances and the record."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from carecoord import zones
from consents import actions as consents
from consents.codes import CATEGORIES, LABELS
from consents.models import ItemDeny
from patients.actions import allergies, medicines, substances
from patients.actions.allergies import Reaction
from patients.actions.medicines import Watch, Why
from patients.actions.substances import Use
from patients.models import (
    AllergyIntolerance,
    CheckIn,
    Condition,
    MedicineChange,
    SideEffect,
    SubstanceUse,
    TimelineEvent,
)
from patients.record_nouns import NOUNS
from tests.consents.acting import relative
from tests.consents.test_decisions import condition
from tests.consents.views.pages import bare, sign_in, text_of
from tests.patients.marks import answered, asks
from tests.patients.medicines_world import MORE
from tests.patients.test_acting import add, begins, typed

FOR_NOOR = "Written by Rosa Haddad, for Noor, as parent or guardian of a child."


def at(name, patient, *args):
    return reverse(f"patients:{name}", args=[patient.pk, *args])


@pytest.mark.capability("X1")
def test_a_parent_keeps_allergies_and_it_says_who_for_whom(cast, noor, mother):
    client = begins(cast, noor, mother)
    answers = {"substance": "penicillin", "reaction": "rash", "criticality": "low"}
    saved = client.post(at("allergy_add", noor), answers, follow=True)
    assert "Saved for Noor." in text_of(saved)
    item = AllergyIntolerance.objects.get(patient=noor)
    assert item.recorded_by == mother.user
    own = Client()
    sign_in(own, noor.user)
    assert FOR_NOOR in text_of(own.get(at("allergies", noor)))
    again = client.post(at("allergy_add", noor), answers)
    assert "on your list already" in text_of(again)
    typed(
        client, at("allergy_change", noor, item.pk), **answers | {"reaction": "hives"}
    )
    item.refresh_from_db()
    assert item.reaction == "hives"
    typed(client, at("allergy_mistake", noor, item.pk))
    item.refresh_from_db()
    assert item.entered_in_error_at


@pytest.mark.security("T29", "L23")
@pytest.mark.capability("X1")
def test_what_a_child_keeps_alone_is_never_answered_with_already_there(
    cast, noor, mother
):
    client = begins(cast, noor, mother)
    own = {"patient": noor, "by": noor.user, "at": cast.at}
    hidden = allergies.add(
        reaction=Reaction("latex"), labels=LABELS["sexual_reproductive"], **own
    ).item
    answers = {"substance": "latex", "criticality": "low"}
    saved = client.post(at("allergy_add", noor), answers)
    assert saved.status_code == 302
    before = AllergyIntolerance.objects.filter(pk=hidden.pk).values().get()
    # Nobody states for a child who signs in that there is nothing.
    assert client.post(at("allergies_none", noor)).status_code == 404
    assert AllergyIntolerance.objects.filter(pk=hidden.pk).values().get() == before


@pytest.mark.capability("X1")
def test_a_parent_keeps_what_is_used_and_a_side_effect(cast, noor, mother):
    client = begins(cast, noor, mother)
    client.post(at("substance_add", noor), {"substance": "nicotine", "often": "daily"})
    used = SubstanceUse.objects.get(patient=noor)
    page = text_of(client.get(at("substances", noor)))
    assert used.recorded_by == mother.user and FOR_NOOR in page
    assert "Shared with" not in page and "Who can see it" not in page
    line = add(noor, "lithium", noor.user, cast.at)
    history = text_of(client.get(at("medicine_history", noor, line.pk)))
    assert at("side_effect_add", noor, line.pk) in history
    form = {"kind": "sleepiness", "severity": "severe", "form_key": str(uuid.uuid4())}
    client.post(at("side_effect_add", noor, line.pk), form)
    effect = SideEffect.objects.get(patient=noor)
    assert effect.recorded_by == mother.user
    own = Client()
    sign_in(own, noor.user)
    assert FOR_NOOR in text_of(own.get(at("medicine_history", noor, line.pk)))


@pytest.mark.capability("X1")
def test_a_parent_keeps_the_record_and_nothing_of_who_sees_it(cast, noor, mother):
    client = begins(cast, noor, mother)
    address = at("record_add", noor, "conditions")
    page = text_of(client.get(address))
    assert "Who should not see it?" not in page and "Dr. Bram" not in page
    client.post(address, {"name": "asthma", "status": "active", "keep": ["me"]})
    item = Condition.objects.get(patient=noor)
    assert item.recorded_by == mother.user
    assert not ItemDeny.objects.filter(lineage=item.lineage).exists()
    assert FOR_NOOR in text_of(client.get(at("record_list", noor, "conditions")))
    typed(client, at("record_mistake", noor, "conditions", item.pk))
    item.refresh_from_db()
    assert item.entered_in_error_at


@pytest.mark.security("T26")
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_parent_is_asked_about_what_tells_something(cast, noor, mother, answer):
    client = begins(cast, noor, mother)
    address = at("record_add", noor, "conditions")
    page = client.post(address, {"name": "child abuse", "status": "active"})
    assert asks(page) and not Condition.objects.filter(patient=noor).exists()
    text = text_of(page)
    assert "Whoever reads it may guess: Violence." in text
    assert "only people who may see that can see it" in text and "you share" not in text
    saved = answered(client, address, page, answer)
    assert saved.status_code == 302
    item = Condition.objects.get(patient=noor)
    assert item.labels == (LABELS["violence"] if answer == "yes" else 0)
    assert client.get(saved["Location"]).status_code == 200


@pytest.mark.security("T26")
def test_a_parent_is_asked_about_other_words(cast, noor, mother):
    client = begins(cast, noor, mother)
    form = {"name": "asthma", "status": "active"}
    client.post(at("record_add", noor, "conditions"), form)
    item = Condition.objects.get(patient=noor)
    address = at("record_change", noor, "conditions", item.pk)
    page = typed(client, address, **form | {"name": "alcohol use"})
    assert asks(page)
    assert answered(client, address, page, "yes").status_code == 302
    item.refresh_from_db()
    assert (item.name, item.labels) == ("alcohol use", LABELS["substance_use"])


def test_what_a_clinician_wrote_keeps_its_words_and_readers(cast, noor, mother):
    client = begins(cast, noor, mother)
    item = condition(cast, patient=noor, name="asthma", author=cast.bram)
    assert "asthma" in text_of(client.get(at("record_list", noor, "conditions")))
    for name in ("record_change", "record_mistake"):
        address = at(name, noor, "conditions", item.pk)
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404


@pytest.mark.slow
def test_what_is_the_childs_own_can_be_named_on_no_page(cast, noor, mother):
    client = begins(cast, noor, mother)
    own = {"patient": noor, "by": noor.user, "at": cast.at, "labels": LABELS["hiv"]}
    allergy = allergies.add(reaction=Reaction("CNRYhidden"), **own).item
    use = substances.add(use=Use("other", "CNRYhidden"), **own)
    ill = condition(cast, patient=noor, name="CNRYhidden", labels=LABELS["hiv"])
    kept = [model.objects.filter(patient=noor) for model in MODELS]
    before = [list(rows.order_by("pk").values()) for rows in kept]
    for name, args, pk in (
        ("allergy_change", [], allergy.pk),
        ("allergy_mistake", [], allergy.pk),
        ("substance_change", [], use.pk),
        ("record_change", ["conditions"], ill.pk),
        ("record_mistake", ["conditions"], ill.pk),
    ):
        nobody = uuid.uuid4()
        for send in (client.get, client.post):
            one = send(at(name, noor, *args, pk))
            other = send(at(name, noor, *args, nobody))
            assert one.status_code == other.status_code == 404, name
            assert bare(one, pk) == bare(other, nobody), name
    after = text_of(client.get(at("record_list", noor, "conditions")))
    cursor = f"{at('record_list', noor, 'conditions')}?before="
    nobody = uuid.uuid4()
    hidden = bare(client.get(f"{cursor}{ill.pk}"), ill.pk)
    assert hidden == bare(client.get(f"{cursor}{nobody}"), nobody)
    assert "CNRYhidden" not in after
    assert [list(rows.order_by("pk").values()) for rows in kept] == before


MODELS = (AllergyIntolerance, SubstanceUse, Condition)


def test_each_kind_is_theirs_as_the_paper_covers_it(cast, settings):
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    client = begins(
        cast, cast.amina, rosa, "guardian", categories=CATEGORIES["conditions"]
    )
    for noun in NOUNS:
        wanted = 200 if noun.category == "conditions" else 404
        for name in ("record_list", "record_add"):
            got = client.get(at(name, cast.amina, noun.slug)).status_code
            assert got == wanted, noun.slug
    for name in ("allergy_add", "substances", "substance_add"):
        assert client.get(at(name, cast.amina)).status_code == 404, name
    page = text_of(client.get(at("record", cast.amina)))
    assert "Diagnoses and conditions" in page and "Hospital stays" not in page


@pytest.mark.capability("X1")
def test_it_is_over_in_the_same_second(cast, noor, mother):
    client = begins(cast, noor, mother)
    names = ("record", "allergy_add", "substances", "substance_add")
    for name in names:
        assert client.get(at(name, noor)).status_code == 200, name
    consents.end_representative(
        representative=noor.representatives.get(), by=cast.ines, at=cast.at
    )
    for name in names:
        assert client.get(at(name, noor)).status_code == 404, name
        assert client.post(at(name, noor), {"x": "1"}).status_code in (404, 405), name


@pytest.mark.capability("S22")
def test_a_parent_answers_how_it_has_been_and_says_a_dose_was_missed(
    cast, noor, mother
):
    client = begins(cast, noor, mother)
    line = add(noor, "quetiapine", noor.user, cast.at)
    change = medicines.change_dose(
        item=line,
        version=line.version,
        dosage=MORE,
        why=Why(zones.today(cast.at, noor.time_zone) - timedelta(weeks=4)),
        watch=Watch("better sleep", 2, "sleepiness", 4),
        by=noor.user,
        at=cast.at,
    ).event.medicine_change
    home = text_of(client.get(reverse("patients:chart", args=[noor.pk])))
    asked = "How has it been for Noor since the dose of quetiapine changed?"
    assert asked in home and at("medicine_told", noor, line.pk, "missed") in home
    address = at("check_in", noor, change.pk)
    assert asked in text_of(client.get(address))
    saved = client.post(address, {"helped": "worse"}, follow=True)
    assert "Call today if Noor feels very unwell" in text_of(saved)
    answer = CheckIn.objects.get(change=change)
    assert answer.recorded_by == mother.user
    event = TimelineEvent.objects.get(patient=noor, kind="checked_in")
    who = "Answered by Rosa Haddad, for Noor, as parent or guardian of a child."
    assert event.recorded_by == mother.user and who in event.detail
    own = Client()
    sign_in(own, noor.user)
    assert who in text_of(own.get(at("medicines", noor)))
    told = client.post(at("medicine_told", noor, line.pk, "missed"))
    assert "Saved." in text_of(client.get(told["Location"]))
    missed = TimelineEvent.objects.get(patient=noor, kind="doses_missed")
    assert missed.recorded_by == mother.user


def test_a_parent_is_not_asked_about_what_is_the_childs_own(cast, noor, mother):
    client = begins(cast, noor, mother)
    hidden = add(noor, "CNRYhidden", noor.user, cast.at, LABELS["substance_use"])
    change = MedicineChange.objects.get(statement=hidden)
    MedicineChange.objects.update(watch_until_date=zones.today(cast.at, noor.time_zone))
    assert "CNRY" not in text_of(client.get(at("chart", noor)))
    asked = client.get(at("check_in", noor, change.pk))
    assert asked.status_code == 404
    for name in ("medicine_told", "medicine_supply"):
        more = ["missed"] if name == "medicine_told" else []
        address = at(name, noor, hidden.pk, *more)
        assert client.post(address, {}).status_code == 404


def test_the_empty_list_of_allergies_is_said_to_whoever_keeps_it(cast, noor, mother):
    client = begins(cast, noor, mother)
    chart = reverse("patients:chart", args=[noor.pk])
    said = "Allergies: none on the list that you see. Ask Noor too."
    assert said in text_of(client.get(chart))
    own = {"patient": noor, "by": noor.user, "at": cast.at}
    allergies.add(
        reaction=Reaction("latex"), labels=LABELS["sexual_reproductive"], **own
    )
    assert said in text_of(client.get(chart))
