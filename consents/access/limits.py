"""Who read the limits of confidentiality, in which version, and when (S65, S72)."""

from __future__ import annotations

from django.conf import settings

from carecoord.models import User
from consents.models import LimitsAcknowledgement
from providers.codes import PartyKind


def acknowledgements(user: User) -> list[LimitsAcknowledgement]:
    """Each version that this person read, newest first, with the text as it stood."""
    return list(
        LimitsAcknowledgement.objects.filter(user=user).order_by(
            "-acknowledged_at", "-pk"
        )
    )


def needs_limits(user: User) -> bool:
    """Whether a patient or someone close to one has yet to read the text of today.

    Clinicians are bound by these limits and know them; they can read them any time.
    """
    is_concerned = (
        getattr(user, "patient", None) is not None
        or user.parties.filter(kind=PartyKind.RELATED_PERSON).exists()
    )
    return is_concerned and not is_acknowledged(user)


def is_acknowledged(user: User) -> bool:
    version = settings.JURISDICTION.limits.version
    return LimitsAcknowledgement.objects.filter(user=user, version=version).exists()
