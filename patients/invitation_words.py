"""What an invitation says: in the mail nothing, behind the link little."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from providers.codes import Profession
from providers.models import Practitioner
from providers.roles import ROLES

# The mail is the same for everyone: no name of a person, no role, no illness.
SUBJECT = "You have an invitation"
BODY = (
    "Someone invited you to Shared care.\n\n"
    "Open this page within 3 days to see who, and to answer:\n\n"
    "{link}\n\n"
    "The page works once. If you did not expect this, do nothing.\n"
    "You get this because someone typed your address. Do not reply.\n"
)
NOT_ME_SUBJECT = "You have something to check"
NOT_ME_BODY = (
    "An invitation that you sent was answered by somebody else.\n"
    "Nothing was shown. Please sign in and check the address:\n\n"
    "{link}\n\n"
    "You get this because you sent an invitation. Do not reply.\n"
)

TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "miss", "rev", "sir", "dame"})

# Whom a patient can invite, in this order. A supervisor sees no patient's record.
INVITED_ROLES = (
    "psychiatrist",
    "telepsychiatrist",
    "therapist",
    "primary_care",
    "care_coordinator",
    "caregiver",
)

# Which places on a team a profession can take; the first is the usual one.
ROLES_OF_PROFESSION = {
    Profession.PSYCHIATRIST: ("psychiatrist", "telepsychiatrist"),
    Profession.NURSE_PRACTITIONER: ("primary_care", "psychiatrist", "telepsychiatrist"),
    Profession.THERAPIST: ("therapist",),
    Profession.PRIMARY_CARE: ("primary_care",),
    Profession.COORDINATOR: ("care_coordinator",),
    Profession.SUPERVISOR: ("care_coordinator",),
    Profession.OTHER: ("care_coordinator",),
}


def first_name(name: str) -> str:
    """The first name without a title: "Bram" for "Dr. Bram Visser"."""
    words = [word for word in name.split() if word.strip(".").lower() not in TITLES]
    return words[0] if words else name


def role_words(code: str) -> str:
    """The role inside a sentence: "psychiatrist by video"."""
    return ROLES[code].name.lower()


def role_for(invited: str, profession: str) -> str:
    """The place that a profession takes: as invited where it can, else its usual one.

    Nobody gets to write beside the medicine list by saying yes to another's invitation.
    """
    possible = ROLES_OF_PROFESSION[Profession(profession)]
    return invited if invited in possible else possible[0]


def licence(practitioner: Practitioner) -> tuple[str, str]:
    """("License", "NY 123456, not checked"): what it is, and never more than is known.

    Nothing can be checked where nothing was given.
    """
    state, number = practitioner.licence_state, practitioner.licence_number
    said = " ".join(part for part in (state, number) if part)
    what = _("License") if said or not practitioner.npi else _("NPI")
    if not (said or practitioner.npi):
        return str(what), str(_("not given"))
    checked = _("checked") if practitioner.licence_checked_at else _("not checked")
    return str(what), f"{said or practitioner.npi}, {checked}"


def licence_words(practitioner: Practitioner) -> str:
    """The same in a sentence: "License NY 123456, not checked"."""
    return " ".join(licence(practitioner))
