"""The places of consents in plain words, as a log of looks and refusals names them."""

from django.utils.translation import gettext_lazy as _

PLACES = (
    (_("The accounting of disclosures"), "accounting accounting_pdf accounting_csv"),
    (
        _("A case of preventing harm"),
        "case_call cases case case_step case_content case_withdraw case_told case_wait "
        "case_review case_done case_close",
    ),
    (_("A packet on paper, to prevent harm"), "case_packet"),
    (_("What was opened to prevent harm"), "case_received"),
    (_("Codes for somebody outside"), "codes code_make code_prove code code_slip"),
    (_("The form to state an emergency"), "emergency"),
    (_("Closing the emergency page"), "emergency_end"),
    (
        _("When the emergency page was opened"),
        "emergency_choice emergency_opened emergencies emergency_review emergency_lift",
    ),
    (_("A permission from another system"), "bring_in imported imported_drop"),
    (_("Who looked"), "log"),
    (
        _("The privacy officer’s pages"),
        "privacy privacy_reports privacy_report privacy_refused suspensions suspend "
        "suspension_end privacy_alarms privacy_alarm acting acting_patient "
        "acting_record acting_death acting_death_correct acting_end acting_check",
    ),
    (_("A report to the privacy officer"), "looks_wrong report_conduct reports report"),
    (_("Who acts for the patient"), "representatives representative_stop"),
    (_("Whether the patient can decide"), "incapacity"),
    (_("A request to share"), "ask request"),
    (_("Who sees what"), "sharing person give_back grown_up"),
    (_("Giving a permission"), "grant grant_prove change change_prove"),
    (
        _("Receipts of what was signed"),
        "receipts receipt receipt_pdf receipts_file receipt_file",
    ),
    (_("The page that coordination is allowed"), "statement statement_pdf"),
    (
        _("The pages as somebody else gets them"),
        "look look_page look_paper look_role look_role_page look_role_paper",
    ),
    (_("Stopping or forbidding sharing"), "revoke never lift"),
    (_("A page left open that asks by itself"), "still"),
    (_("How much the team talks"), "talking talking_one"),
)
