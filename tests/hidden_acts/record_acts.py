"""What Amina writes into her own record."""

from __future__ import annotations

import uuid

from consents import actions as consents
from patients.actions import (
    allergies,
    changes,
    drafts,
    entries,
    imports,
    list_checks,
    medicines,
    record,
    results,
    side_effects,
    substances,
    supply,
)
from patients.actions.medicines import Why
from patients.codes import EventKind
from tests.hidden_acts.standing import HIV
from tests.hidden_acts.table import ALL_READ, act
from tests.patients import medicines_world
from tests.patients.fhir import files


@act()
def adds_a_medicine_for_nobody(stage):
    medicines_world.add_hidden(stage.cast, "isoniazid", at=stage.at)


@act()
def adds_a_labelled_medicine(stage):
    medicines_world.add(stage.cast, "tramadol", labels=HIV, at=stage.at)


@act()
def changes_the_dose_of_a_labelled_one(stage):
    item = stage.again("secret")
    medicines.change_dose(
        item=item,
        version=item.version,
        dosage=medicines_world.MORE,
        why=Why(day=stage.at.date(), decided_by="patient", reason="other"),
        watch=medicines.Watch(watch_for="CNRYwatch", weeks=1),
        **stage.by(),
    )


@act()
def stops_the_one_for_nobody(stage):
    item = stage.again("only_me")
    medicines.stop(
        item=item,
        version=item.version,
        outcome=medicines.Outcome(effect="none"),
        why=Why(day=stage.at.date(), decided_by="patient", reason="side_effect"),
        **stage.by(),
    )


@act()
def counts_a_labelled_one(stage):
    supply.count(
        medicine=stage.again("secret"),
        left=medicines_world.Decimal(3),
        counted_date=stage.at.date(),
        refills_left=0,
        refilled_by="patient",
        key=uuid.uuid4(),
        **stage.by(),
    )


@act()
def misses_doses_of_a_labelled_one(stage):
    supply.tell(
        medicine=stage.again("secret"), kind=EventKind.DOSES_MISSED, **stage.by()
    )


@act()
def has_a_side_effect_of_a_labelled_one(stage):
    side_effects.add(
        medicine=stage.again("secret"),
        effect=side_effects.Effect("rash", "severe"),
        key=uuid.uuid4(),
        **stage.by(),
    )


@act()
def answers_how_it_went_with_a_labelled_one(stage):
    change = stage.things["secret"].changes.first()
    changes.answer(change=change, said=changes.Answer(helped="worse"), **stage.by())


@act()
def enters_a_test_of_a_labelled_one(stage):
    results.add(
        patient=stage.patient,
        result=results.Result(
            "", "naltrexone level", stage.at.date(), value="9", unit="%"
        ),
        author=None,
        key=uuid.uuid4(),
        **stage.by(),
    )


@act()
def changes_a_labelled_allergy(stage):
    item = stage.again("secret_allergy")
    allergies.change(
        item=item,
        version=item.version,
        reaction=allergies.Reaction("latex", "anaphylaxis"),
        **stage.by(),
    )


@act()
def takes_a_labelled_allergy_back(stage):
    item = stage.again("secret_allergy")
    allergies.added_by_mistake(item=item, version=item.version, **stage.by())


@act()
def corrects_a_labelled_diagnosis(stage):
    item = stage.again("secret_condition")
    record.change(
        item=item,
        version=item.version,
        columns={"name": "CNRYother"},
        **stage.by(),
    )


@act()
def keeps_a_labelled_one_back_too(stage):
    consents.keep_back(item=stage.again("secret_condition"), **stage.by())


@act()
def keeps_another_from_hana_no_more(stage):
    consents.give_back(
        item=stage.again("not_hana"), party=stage.parties["hana"], **stage.by()
    )


@act(known="jon", why="it is kept from him")
def keeps_one_from_jon(stage):
    consents.keep_back(
        item=stage.again("plain"), party=stage.parties["jon"], **stage.by()
    )


@act(known=ALL_READ, why="it was on their list")
def keeps_one_from_everybody(stage):
    consents.keep_back(item=stage.again("plain"), **stage.by())


@act(known=ALL_READ, why="it is on their list")
def adds_a_plain_medicine(stage):
    medicines_world.add(stage.cast, "vitamin D", at=stage.at)


@act(known=ALL_READ, why="it is on their list")
def says_the_list_is_right(stage):
    list_checks.confirm(patient=stage.patient, **stage.by())


@act()
def tells_of_substances(stage):
    substances.add(
        patient=stage.patient,
        use=substances.Use("cannabis", amount="1", often="daily"),
        labels=HIV,
        **stage.by(),
    )


@act()
def begins_forms_of_their_own(stage):
    kind = {"patient": stage.patient, "kind": "medicine_add"}
    drafts.begin(**kind, **stage.by())


@act(known="jon bram", why="they may reach the patient by it")
def changes_their_number(stage):
    record.change_own_details(
        patient=stage.patient, by=stage.user("patient"), phone="(555) 010-0177"
    )


@act(known="bram", why="whoever wrote an entry that they may read")
def takes_over_an_entry(stage):
    entries.set_aside(entry=stage.again("entry_bram"), **stage.by())


@act()
def takes_over_a_labelled_entry(stage):
    entries.set_aside(entry=stage.again("secret_entry"), **stage.by())


@act(known="bram", why="he is asked")
def asks_about_an_entry(stage):
    entries.ask(entry=stage.again("entry_bram"), **stage.by())


@act()
def reads_a_file_in(stage):
    imports.read_file(
        patient=stage.patient,
        bundle=files.read_value(files.bundle(files.request())),
        warnings=(),
        **stage.by(),
    )
