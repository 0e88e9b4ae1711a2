"""What Amina writes into her own record."""

from __future__ import annotations

from consents import actions as consents
from patients.actions import (
    allergies,
    changes,
    entries,
    imports,
    list_checks,
    record,
)
from tests.hidden_acts import doing
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
    doing.doses_more(stage, "secret")


@act()
def stops_the_one_for_nobody(stage):
    doing.stops(stage, "only_me")


@act()
def counts_a_labelled_one(stage):
    doing.counts(stage, "secret")


@act()
def misses_doses_of_a_labelled_one(stage):
    doing.misses_doses(stage, "secret")


@act()
def has_a_side_effect_of_a_labelled_one(stage):
    doing.has_a_side_effect(stage, "secret")


@act()
def answers_how_it_went_with_a_labelled_one(stage):
    change = stage.things["secret"].changes.first()
    changes.answer(change=change, said=changes.Answer(helped="worse"), **stage.by())


@act()
def enters_a_test_of_a_labelled_one(stage):
    doing.enters_a_test(stage, "naltrexone level")


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
    doing.tells_of_cannabis(stage, HIV)


@act()
def begins_forms_of_their_own(stage):
    doing.begins_a_form(stage)


@act(known="jon bram guest", why="they may reach the patient by it")
def changes_their_number(stage):
    doing.changes_the_number(stage)


@act(known="bram lena kim guest", why="he wrote the entry; all of them may read it")
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
