"""Every address, and what each member of the cast gets there: one line each.

An address without a line fails the build (T02). The statuses are those of a GET in
the world of tests/sweeps/world.py; whoever is not named gets the 404, and nobody who
is not signed in gets anything but the sign-in page.

Who is who (tests/cast.py): Amina is the patient. Bram and Jon have her consent; Chidi
is on the team without one; Hana is family. Dana, Edo (superuser), Fatou (left), Gus
(another patient) and Ines (privacy officer) are strangers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.cast import Cast

ALL = "amina bram chidi dana edo fatou gus hana ines jon"


@dataclass(frozen=True)
class Line:
    """What a GET answers: `statuses` by member, 404 for whoever is not in it.

    `ids` says which thing of the world stands in the address, where its name alone
    does not: draft_id is another draft on each page.
    """

    statuses: dict[str, int]
    anonymous: int = 302
    ids: dict[str, str] = field(default_factory=dict)
    # Printing takes long: of the readers, the first and the last ask.
    is_paper: bool = False
    # Other methods that the page answers besides GET, HEAD and OPTIONS.
    posts: bool = True

    def status(self, who: str) -> int:
        if who == "anonymous":
            return self.anonymous
        return self.statuses.get(who, 404)

    @property
    def readers(self) -> list[str]:
        """Who gets the page itself."""
        return [who for who, status in self.statuses.items() if status == 200]

    @property
    def asking(self) -> list[str]:
        """The members of the cast who ask in the sweep."""
        if not self.is_paper:
            return list(Cast.NAMES)
        return [*self.strangers, self.readers[0], self.readers[-1]]

    @property
    def strangers(self) -> list[str]:
        return [who for who in Cast.NAMES if self.status(who) == 404]


def gets(status: int, names: str) -> dict[str, int]:
    return dict.fromkeys(names.split(), status)


def page(names: str, **ids: str) -> Line:
    """A page to read, and nothing to send."""
    return Line(gets(200, names), ids=ids, posts=False)


def paper(names: str, **ids: str) -> Line:
    """A PDF."""
    return Line(gets(200, names), ids=ids, posts=False, is_paper=True)


def form(names: str, **ids: str) -> Line:
    """A page with a form that is sent back to it."""
    return Line(gets(200, names), ids=ids)


def next_page(names: str, **ids: str) -> Line:
    """A page of a form of several pages, opened too early: sent to the first."""
    return Line(gets(302, names), ids=ids)


def button(**ids: str) -> Line:
    """Only ever sent to; nobody can look at it."""
    return Line(gets(405, ALL), ids=ids)


def public(*, posts: bool = False) -> Line:
    return Line(gets(200, ALL), anonymous=200, posts=posts)


TEAM = "amina bram chidi hana jon"
CARE = "amina bram chidi jon"
COVERED = "amina bram jon"
PATIENT = "amina"
CLINICIANS = "bram chidi jon"
OFFICER = "ines"
ADD, CHANGE, STOP = "medicine_add", "medicine_change", "medicine_stop"

LINES: dict[str, Line] = {
    # The shell
    "home": Line(gets(302, ALL), posts=False),
    "crisis": public(),
    "favicon": Line(gets(301, ALL), anonymous=301, posts=False),
    "healthz": public(),
    "readyz": public(),
    "signed_out": public(),
    "help": Line(gets(200, ALL), anonymous=200, posts=False),
    "help_roles": Line(gets(200, ALL), anonymous=200, posts=False),
    "limits": public(posts=True),
    "session_extend": button(),
    # Whoever it is about stands in its query.
    "session_here": Line(gets(286, ALL), anonymous=286, posts=False),
    "leave": Line(gets(405, ALL), anonymous=405),
    # On one's own machine only: tests/sweeps/test_urls.py
    "dev_inbox": public(),
    # First minutes and invitations
    "patients:welcome": Line(gets(200, ALL), posts=False),
    "patients:welcome_record": Line(
        gets(200, "bram chidi dana edo fatou hana ines jon") | gets(302, "amina gus")
    ),
    "patients:welcome_clinician": Line(
        gets(200, "amina edo gus hana ines") | gets(302, "bram chidi dana fatou jon")
    ),
    "patients:child_begin": Line(gets(200, ALL)),
    "patients:own_sign_in": Line({}),
    "patients:own_sign_in_link": Line(gets(302, ALL), posts=False),
    "patients:child_sign_in": Line({}),
    "patients:state": form(PATIENT),
    "patients:invitation": Line({}, anonymous=404, posts=False),
    "patients:invitation_link": Line(gets(302, ALL), anonymous=302, posts=False),
    "patients:invitation_not_me": Line(gets(405, ALL), anonymous=405),
    "patients:invitation_closed": public(),
    "patients:invitation_accept": Line({}),
    "patients:invitation_wait": form("dana"),
    "patients:invite": form(PATIENT),
    "patients:invite_patient": form("bram chidi dana fatou jon"),
    "patients:invitation_confirm": form(PATIENT),
    "patients:invitation_cancel": button(),
    # Somebody with a code, and no account
    "patients:guest": Line(gets(200, ALL), anonymous=200),
    "patients:guest_page": Line({}, anonymous=404, posts=False),
    "patients:guest_pdf": Line({}, anonymous=404, posts=False),
    "patients:guest_still": Line(gets(286, ALL), anonymous=286, posts=False),
    "patients:guest_note": Line({}, anonymous=404),
    "patients:guest_leave": Line(gets(405, ALL), anonymous=405),
    # A person's own settings
    "patients:settings": Line(gets(200, ALL)),
    "patients:settings_card": Line(
        gets(200, "bram chidi dana fatou jon") | gets(302, "amina edo gus hana ines")
    ),
    # Home, chart, team
    "patients:list": Line(
        gets(200, "bram chidi dana edo fatou hana ines jon") | gets(302, "amina gus"),
        posts=False,
    ),
    "patients:chart": page(TEAM),
    "patients:more": page(PATIENT),
    "patients:details": form(PATIENT),
    "patients:team": page(TEAM),
    "patients:team_add": form(PATIENT),
    "patients:team_list_owner": form(PATIENT),
    "patients:team_change": form(PATIENT),
    "patients:team_remove": form(PATIENT),
    # Medicines
    "patients:medicines": page(TEAM),
    "patients:medicine_history": page(COVERED),
    "patients:medicine_plan": page(COVERED),
    "patients:medicine_plan_pdf": paper(COVERED),
    "patients:master_list": page(TEAM),
    "patients:master_list_pdf": paper(TEAM),
    "patients:list_owner": form(PATIENT),
    "patients:medicines_check": form(PATIENT),
    "patients:medicines_none": button(),
    "patients:medicine_names": button(),
    "patients:medicine_add": form(PATIENT),
    "patients:medicine_add_name": form(PATIENT, draft_id=ADD),
    "patients:medicine_add_dose": next_page(PATIENT, draft_id=ADD),
    "patients:medicine_add_about": next_page(PATIENT, draft_id=ADD),
    "patients:medicine_add_check": next_page(PATIENT, draft_id=ADD),
    "patients:medicine_change": form(PATIENT),
    "patients:medicine_change_dose": form(PATIENT, draft_id=CHANGE),
    "patients:medicine_change_why": next_page(PATIENT, draft_id=CHANGE),
    "patients:medicine_schedule": form(PATIENT),
    "patients:medicine_stop": form(PATIENT),
    "patients:medicine_stop_why": next_page(PATIENT, draft_id=STOP),
    "patients:medicine_restart": form(PATIENT),
    "patients:medicine_details": form(PATIENT),
    "patients:medicine_mistake": form(PATIENT),
    "patients:medicine_privacy": form(PATIENT),
    "patients:medicine_undo": button(),
    "patients:entry_answer": button(),
    "patients:list_review": form("bram jon"),
    "patients:entry_add": form("bram jon"),
    "patients:entry_beside": form("bram jon"),
    "patients:entry_plan": next_page("bram", draft_id="medicine_entry"),
    "patients:check_in": form(PATIENT),
    "patients:medicine_supply": form(PATIENT),
    "patients:medicine_told": button(told="told"),
    "patients:medicine_told_why": form(PATIENT, event_id="told_event"),
    "patients:side_effect_add": form(PATIENT),
    "patients:side_effect_change": form(PATIENT),
    "patients:side_effect_mark": form("bram jon"),
    "patients:flag_set_aside": form("bram jon"),
    "patients:flag_again": button(),
    "patients:flag_ask": button(),
    "patients:flag_share": form(PATIENT, mark="private_mark"),
    # Tests: a mark names one, never its words
    "patients:tests": page(TEAM),
    "patients:test_choose": page(COVERED),
    "patients:test_add": form(COVERED),
    "patients:test_owner": form(PATIENT),
    "patients:test_mistake": form(PATIENT),
    # Allergies, substances, the rest of the record
    "patients:allergies": page(TEAM),
    "patients:allergy_add": form(PATIENT),
    "patients:allergies_none": button(),
    "patients:allergy_change": form(PATIENT),
    "patients:allergy_mistake": form(PATIENT),
    "patients:item_privacy": form(PATIENT, item_id="allergy_id"),
    "patients:substances": page(PATIENT),
    "patients:substance_add": form(PATIENT),
    "patients:substance_change": form(PATIENT),
    "patients:record": page(PATIENT),
    "patients:record_list": page(PATIENT),
    "patients:record_add": form(PATIENT),
    "patients:record_change": form(PATIENT),
    "patients:record_mistake": form(PATIENT),
    # Records from elsewhere
    "patients:import": form(PATIENT),
    "patients:import_file": page(PATIENT),
    "patients:import_whose": button(),
    "patients:import_all": button(),
    "patients:import_item": form(PATIENT, item_id="imported"),
    # Paper
    "patients:summary": page(COVERED),
    "patients:summary_pdf": paper(COVERED),
    "patients:summary_large": paper(COVERED),
    "patients:summary_text": page(COVERED),
    # Sharing
    "consents:sharing": page(PATIENT),
    "consents:grant": form(PATIENT),
    "consents:receipts": page(PATIENT),
    "consents:receipt": page(PATIENT),
    "consents:receipt_pdf": paper(PATIENT),
    "consents:receipt_file": page(PATIENT),
    "consents:receipts_file": page(PATIENT),
    "consents:bring_in": form(PATIENT),
    "consents:imported": page(PATIENT, draft_id="imported_consent"),
    "consents:imported_drop": button(draft_id="imported_consent"),
    "consents:give_back": form(PATIENT),
    "consents:person": page(PATIENT),
    "consents:look": form(PATIENT),
    "consents:look_page": form(PATIENT),
    "consents:look_paper": Line(gets(200, PATIENT), is_paper=True),
    "consents:look_role": form(PATIENT, party_id="organization_id"),
    "consents:look_role_page": form(PATIENT, party_id="organization_id"),
    "consents:look_role_paper": Line(
        gets(200, PATIENT), ids={"party_id": "organization_id"}, is_paper=True
    ),
    "consents:revoke": form(PATIENT),
    "consents:change": form(PATIENT),
    "consents:never": form(PATIENT),
    "consents:lift": form(PATIENT, consent_id="denied"),
    "consents:grown_up": page(PATIENT),
    "consents:codes": page(PATIENT),
    "consents:code_make": form(PATIENT),
    "consents:code": page(PATIENT),
    "consents:code_slip": button(),
    "consents:log": page(PATIENT),
    "consents:looks_wrong": form(PATIENT),
    "consents:accounting": page(PATIENT),
    "consents:accounting_pdf": paper(PATIENT),
    "consents:accounting_csv": page(PATIENT),
    "consents:report_conduct": form("amina hana"),
    "consents:reports": page("amina hana"),
    "consents:report": page(PATIENT),
    "consents:ask": form("bram chidi hana jon"),
    "consents:request": form(PATIENT),
    # The privacy officer
    "consents:privacy": page(OFFICER),
    # Who acts for the patient
    "consents:representatives": page(PATIENT),
    "consents:representative_stop": form(PATIENT),
    "consents:incapacity": form(CLINICIANS),
    "consents:acting": form(OFFICER),
    "consents:acting_patient": page(OFFICER),
    "consents:acting_record": form(OFFICER),
    "consents:acting_end": form(OFFICER),
    "consents:acting_check": form(OFFICER),
    "consents:acting_death": form(OFFICER),
    "consents:acting_death_correct": Line(gets(302, OFFICER)),
    # Amina signs in, and says it herself.
    "patients:state_correct": Line(gets(302, OFFICER)),
    "patients:give_sign_in": Line(gets(302, OFFICER)),
    # Somebody may be hurt: Bram's own case, and the officer
    "consents:case_call": form(CLINICIANS),
    "consents:cases": Line(gets(200, ALL), posts=False),
    "consents:case": page(f"bram {OFFICER}"),
    "consents:case_step": form("bram", kind="case_step"),
    "consents:case_content": form("bram"),
    "consents:case_told": form("bram"),
    "consents:case_wait": form("bram"),
    "consents:case_review": form(OFFICER),
    "consents:case_withdraw": form("bram", content_id="content_unopened"),
    "consents:case_done": button(),
    "consents:case_close": form("bram"),
    "consents:case_packet": paper("bram", recipient_id="case_recipient"),
    "consents:case_received": page("jon"),
    # In an emergency
    "consents:emergency": form(CLINICIANS),
    "consents:emergency_end": button(),
    "patients:emergency_page": Line(
        gets(200, "bram") | gets(302, "chidi jon"), posts=False
    ),
    "patients:emergency_pdf": Line(
        gets(200, "bram") | gets(302, "chidi jon"), posts=False, is_paper=True
    ),
    "consents:emergency_choice": form(PATIENT),
    "consents:emergency_opened": page(PATIENT),
    "consents:talking": form(PATIENT),
    "consents:talking_one": form(PATIENT),
    "consents:emergencies": page(OFFICER),
    "consents:emergency_review": form(OFFICER),
    "consents:emergency_lift": form(OFFICER, emergency_id="not_allowed"),
    "consents:privacy_reports": page(OFFICER),
    "consents:privacy_report": form(OFFICER),
    "consents:privacy_refused": page(OFFICER),
    "consents:suspensions": page(OFFICER),
    "consents:suspend": form(OFFICER),
    "consents:suspension_end": form(OFFICER),
    "consents:privacy_alarms": page(OFFICER),
    "consents:privacy_alarm": form(OFFICER),
    # On the way to a signature
    "consents:statement": page("amina bram"),
    "consents:statement_pdf": paper("amina bram"),
    "consents:grant_prove": button(),
    "consents:change_prove": button(),
    "consents:code_prove": button(),
    # An open tab asks; without what it shows, it may not go on
    "consents:still": Line(gets(286, ALL), posts=False),
    # Updates
    "messaging:updates": page(CARE),
    "messaging:update_new": form(CLINICIANS),
    "messaging:update_draft": button(),
    "messaging:tell": page(CARE),
    "messaging:tell_kind": form(CARE),
    "messaging:family_notes": page(TEAM),
    "messaging:family_tell": form("hana"),
    "messaging:outside_notes": page(TEAM),
    "messaging:hand_on": form(PATIENT, note_id="guest_note"),
    "messaging:seen": button(),
    "messaging:update": page(COVERED),
    "messaging:update_text": page(COVERED),
    "messaging:update_privacy": form(PATIENT),
    "messaging:acknowledge": form("jon"),
    "messaging:reply": form("bram jon"),
    "messaging:close": button(),
    "messaging:ask_consent": button(),
    "messaging:worklist": page("bram chidi dana fatou jon"),
    "messaging:notices": Line(gets(200, ALL), posts=False),
    "messaging:notices_seen": button(),
}
# django-allauth's own pages: sign-in, passwords, second factors. Nothing clinical.
ACCOUNT = ("account_", "mfa_")
# Without a patient in the address, and nothing clinical behind them.
NOT_CLINICAL = {
    "home",
    "crisis",
    "favicon",
    "healthz",
    "readyz",
    "signed_out",
    "help",
    "help_roles",
    "limits",
    "session_extend",
    "session_here",
    "leave",
    "patients:guest",
    "patients:guest_leave",
    "dev_inbox",
}
# For one's own machine: absent everywhere else.
DEVELOPMENT = {"dev_inbox", "gallery"}
