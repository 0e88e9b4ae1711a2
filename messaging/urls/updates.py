"""Addresses of updates, and through which entrance who reads for what."""

from dataclasses import replace

from django.urls import path

from consents.codes import Channel
from consents.entrances import (
    CARE,
    CLINICIAN_ONLY,
    EVERYONE,
    FAMILY_ONLY,
    FOR_THE_PATIENT,
    PATIENT_ONLY,
    Entrance,
)
from messaging.views import (
    answers,
    compose,
    events,
    family_notes,
    outside_notes,
    privacy,
    updates,
)

UPDATES = "patients/<uuid:patient_id>/updates/"
UPDATE = f"{UPDATES}<uuid:update_id>/"

urlpatterns = [
    # /patients/<uuid>/updates/
    path(UPDATES, updates.update_list, name="updates"),
    path(f"{UPDATES}new/", compose.compose, name="update_new"),
    path(f"{UPDATES}draft/", compose.keep_draft, name="update_draft"),
    path(f"{UPDATES}tell/", events.kinds, name="tell"),
    path(f"{UPDATES}tell/<slug:kind>/", events.tell, name="tell_kind"),
    path(f"{UPDATES}family/", family_notes.family_note_list, name="family_notes"),
    path(f"{UPDATES}family/tell/", family_notes.tell, name="family_tell"),
    path(f"{UPDATES}outside/", outside_notes.outside_notes_list, name="outside_notes"),
    path(
        f"{UPDATES}outside/<uuid:note_id>/hand-on/",
        outside_notes.hand_on,
        name="hand_on",
    ),
    path(f"{UPDATES}seen/", answers.mark_seen, name="seen"),
    # /patients/<uuid>/updates/<uuid>/
    path(UPDATE, updates.update, name="update"),
    path(f"{UPDATE}text/", updates.update_text, name="update_text"),
    path(f"{UPDATE}acknowledge/", answers.acknowledge, name="acknowledge"),
    path(f"{UPDATE}reply/", answers.reply, name="reply"),
    path(f"{UPDATE}close/", answers.close, name="close"),
    path(f"{UPDATE}privacy/", privacy.update_privacy, name="update_privacy"),
    path(f"{UPDATE}ask/<uuid:row_id>/", answers.ask_consent, name="ask_consent"),
]

_TELLER = Entrance(CARE, needs="writes_updates")
_CLINICIAN = Entrance(CLINICIAN_ONLY)
_WRITER = Entrance(CLINICIAN_ONLY, needs="writes_updates")

ENTRANCES: dict[str, Entrance] = {
    "messaging:updates": Entrance(CARE, preview=True),
    "messaging:update": Entrance(CARE, preview=True),
    "messaging:update_text": Entrance(CARE, channel=Channel.EXPORT, preview=True),
    "messaging:update_new": _WRITER,
    "messaging:update_draft": replace(_WRITER, keeps_own=True),
    "messaging:tell": _TELLER,
    "messaging:tell_kind": _TELLER,
    "messaging:family_notes": Entrance(EVERYONE, preview=True),
    "messaging:family_tell": Entrance(FAMILY_ONLY),
    "messaging:outside_notes": Entrance(EVERYONE, preview=True),
    "messaging:hand_on": Entrance(FOR_THE_PATIENT),
    "messaging:seen": _CLINICIAN,
    "messaging:acknowledge": _CLINICIAN,
    "messaging:reply": _CLINICIAN,
    "messaging:close": _CLINICIAN,
    "messaging:update_privacy": Entrance(PATIENT_ONLY),
    "messaging:ask_consent": _CLINICIAN,
}
