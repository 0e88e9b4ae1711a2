"""Addresses of medicines, and through which entrance who reads for what."""

from django.urls import path

from consents.codes import Channel
from consents.entrances import (
    CLINICIAN_ONLY,
    EVERYONE,
    FOR_THE_PATIENT,
    PATIENT_ONLY,
    Entrance,
)
from patients.views.medicines import (
    add,
    change,
    check_ins,
    entries,
    flags,
    history,
    lists,
    master,
    plan,
    side_effects,
    stop,
    supply,
)

LIST = "patients/<uuid:patient_id>/medicines/"
ONE = f"{LIST}<uuid:medicine_id>/"
DRAFT = f"{LIST}add/<uuid:draft_id>/"
EFFECTS = f"{ONE}side-effects/"
FLAG = f"{LIST}warnings/<slug:mark>/"

OPEN_TO_ALL = [
    path(LIST, lists.medicine_list, name="medicines"),
    path(f"{ONE}history/", history.medicine_history, name="medicine_history"),
    path(f"{ONE}plan/", plan.dose_plan, name="medicine_plan"),
    path("patients/<uuid:patient_id>/list/", master.master_list, name="master_list"),
    path(f"{LIST}names/", add.names, name="medicine_names"),
]
PAPER = [
    path(f"{ONE}plan.pdf", plan.dose_plan_pdf, name="medicine_plan_pdf"),
    path(
        "patients/<uuid:patient_id>/list.pdf",
        master.master_list_pdf,
        name="master_list_pdf",
    ),
]
OWN = [
    path(f"{LIST}none/", lists.takes_none, name="medicines_none"),
    path(
        "patients/<uuid:patient_id>/list/owner/", master.list_owner, name="list_owner"
    ),
    path(f"{ONE}private/", history.privacy, name="medicine_privacy"),
    path(f"{LIST}undo/<uuid:event_id>/", change.undo_change, name="medicine_undo"),
    path(f"{FLAG}ask/", flags.flag_ask, name="flag_ask"),
    path(f"{FLAG}share/<uuid:party_id>/", flags.flag_share, name="flag_share"),
]
# The list itself, kept by the patient or by whoever decides for them.
KEPT = [
    path(f"{EFFECTS}add/", side_effects.side_effect_add, name="side_effect_add"),
    path(
        f"{EFFECTS}<uuid:effect_id>/",
        side_effects.side_effect_change,
        name="side_effect_change",
    ),
    path(f"{ONE}supply/", supply.medicine_supply, name="medicine_supply"),
    path(f"{ONE}told/<str:told>/", supply.tell, name="medicine_told"),
    path(f"{LIST}told/<uuid:event_id>/", supply.told, name="medicine_told_why"),
    path(f"{LIST}check-in/<uuid:change_id>/", check_ins.check_in, name="check_in"),
    path(f"{LIST}check/", lists.list_check, name="medicines_check"),
    path(f"{LIST}add/", add.add_name, name="medicine_add"),
    path(DRAFT, add.add_name, name="medicine_add_name"),
    path(f"{DRAFT}dose/", add.add_dose, name="medicine_add_dose"),
    path(f"{DRAFT}about/", add.add_about, name="medicine_add_about"),
    path(f"{DRAFT}check/", add.add_check, name="medicine_add_check"),
    path(f"{ONE}change/", change.change_dose, name="medicine_change"),
    path(
        f"{ONE}change/<uuid:draft_id>/", change.change_dose, name="medicine_change_dose"
    ),
    path(
        f"{ONE}change/<uuid:draft_id>/why/",
        change.change_why,
        name="medicine_change_why",
    ),
    path(f"{ONE}schedule/", change.change_schedule, name="medicine_schedule"),
    path(f"{ONE}stop/", stop.stop, name="medicine_stop"),
    path(f"{ONE}stop/<uuid:draft_id>/why/", stop.stop_why, name="medicine_stop_why"),
    path(f"{ONE}restart/", change.start_again, name="medicine_restart"),
    path(f"{ONE}details/", change.details, name="medicine_details"),
    path(f"{ONE}mistake/", change.mistake, name="medicine_mistake"),
    path(
        f"{LIST}entries/<uuid:entry_id>/answer/",
        entries.entry_answer,
        name="entry_answer",
    ),
]
LICENSED = [
    path(f"{LIST}review/", lists.list_review, name="list_review"),
    # Worsening or adjustment: the therapist says it (S20).
    path(
        f"{EFFECTS}<uuid:effect_id>/mark/",
        side_effects.side_effect_mark,
        name="side_effect_mark",
    ),
]
PRESCRIBERS = [
    path(f"{LIST}entry/", entries.entry_name, name="entry_add"),
    path(f"{ONE}entry/", entries.entry_name, name="entry_beside"),
    path(f"{LIST}entry/<uuid:draft_id>/", entries.entry_plan, name="entry_plan"),
    path(FLAG, flags.flag_set_aside, name="flag_set_aside"),
    path(f"{FLAG}again/", flags.flag_again, name="flag_again"),
]
urlpatterns = [*OPEN_TO_ALL, *PAPER, *OWN, *KEPT, *LICENSED, *PRESCRIBERS]


def _entrances(patterns: list, entrance: Entrance) -> dict[str, Entrance]:
    return {f"patients:{pattern.name}": entrance for pattern in patterns}


ENTRANCES: dict[str, Entrance] = {
    **_entrances(OPEN_TO_ALL, Entrance(EVERYONE, preview=True)),
    **_entrances(PAPER, Entrance(EVERYONE, Channel.PDF, preview=True)),
    **_entrances(OWN, Entrance(PATIENT_ONLY)),
    **_entrances(KEPT, Entrance(FOR_THE_PATIENT)),
    **_entrances(
        LICENSED,
        Entrance(CLINICIAN_ONLY, needs="licensed", shares="medications"),
    ),
    **_entrances(
        PRESCRIBERS,
        Entrance(CLINICIAN_ONLY, needs="prescribes", shares="medications"),
    ),
}
