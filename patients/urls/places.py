"""The places of patients in plain words, as a log of looks and refusals names them."""

from django.utils.translation import gettext_lazy as _

PLACES = (
    (_("The list of patients"), "list"),
    (_("The chart"), "chart"),
    (
        _("Allergies"),
        "allergies allergy_add allergies_none allergy_change allergy_mistake",
    ),
    (
        _("Alcohol, cannabis, nicotine and other substances"),
        "substances substance_add substance_change",
    ),
    (_("A child’s record"), "child_begin"),
    (
        _("A sign-in of one’s own"),
        "own_sign_in own_sign_in_link child_sign_in give_sign_in",
    ),
    (_("Where the patient lives"), "state state_correct"),
    (_("The emergency page"), "emergency_page emergency_pdf"),
    (_("The page behind a code"), "guest_page guest_pdf guest_still"),
    (_("A note from somebody with a code"), "guest_note"),
    (
        _("A file from elsewhere"),
        "import import_file import_whose import_all import_item",
    ),
    (_("The first steps here"), "welcome welcome_record welcome_clinician"),
    (
        _("An invitation"),
        "invitation invitation_link invitation_not_me invitation_closed "
        "invitation_accept invitation_wait invite_patient invite invitation_confirm "
        "invitation_cancel",
    ),
    (
        _("The list of medicines"),
        "medicines medicine_names medicines_none medicines_check list_review "
        "list_owner",
    ),
    (_("The medicine list to print"), "master_list master_list_pdf"),
    (_("The history of a medicine"), "medicine_history"),
    (_("The calendar of a medicine"), "medicine_plan medicine_plan_pdf"),
    (_("Who can see a medicine"), "medicine_privacy"),
    (
        _("A warning about medicines"),
        "flag_ask flag_share flag_set_aside flag_again",
    ),
    (
        _("Adding a medicine"),
        "medicine_add medicine_add_name medicine_add_dose medicine_add_about "
        "medicine_add_check",
    ),
    (
        _("Changing a medicine"),
        "medicine_change medicine_change_dose medicine_change_why medicine_schedule "
        "medicine_restart medicine_details medicine_mistake medicine_undo",
    ),
    (_("Stopping a medicine"), "medicine_stop medicine_stop_why"),
    (_("A side effect"), "side_effect_add side_effect_change side_effect_mark"),
    (_("How much of a medicine is left"), "medicine_supply"),
    (_("A missed dose, or none left"), "medicine_told medicine_told_why"),
    (_("How it has been since a change"), "check_in"),
    (
        _("What was prescribed beside the list"),
        "entry_answer entry_add entry_beside entry_plan",
    ),
    (
        _("Tests and results"),
        "tests test_choose test_add test_owner test_mistake",
    ),
    (_("Who can see one thing"), "item_privacy"),
    (_("The list of further pages"), "more"),
    (_("Name and contact details"), "details"),
    (_("The record"), "record record_list record_add record_change record_mistake"),
    (_("One’s own settings"), "settings settings_card"),
    (
        _("The one-page summary"),
        "summary summary_pdf summary_large summary_text",
    ),
    (
        _("The care team"),
        "team team_add team_list_owner team_change team_remove",
    ),
)
