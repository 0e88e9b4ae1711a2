"""The places of messaging in plain words, as a log of looks and refusals names them."""

from django.utils.translation import gettext_lazy as _

PLACES = (
    (_("The list of updates"), "updates seen"),
    (_("An update"), "update update_text"),
    (_("Writing an update"), "update_new update_draft"),
    (_("Answering an update"), "acknowledge reply close ask_consent"),
    (_("Who can see an update"), "update_privacy"),
    (_("Telling that something happened"), "tell tell_kind"),
    (_("What family noticed"), "family_notes family_tell"),
    (_("Notes from outside the team"), "outside_notes hand_on"),
    (_("Notices"), "notices notices_seen"),
    (_("The worklist"), "worklist"),
)
