"""Who on the team may see an update: asked of the rule, for the patient."""

from __future__ import annotations

from dataclasses import replace

from consents import decisions
from consents.access import OpenPatient
from messaging import access
from messaging.models import Update
from patients.access import audience
from providers.roles import ROLES


def who_sees(opened: OpenPatient, update: Update) -> list[str]:
    """Names of those who may open it now, each for their own purpose."""
    opened.require(opened.is_patient)
    return [
        member.party.name
        for member, reader in audience.readers(opened)
        if not ROLES[member.role].related
        and decisions.decide(
            update,
            replace(
                reader,
                purpose=access.purpose_between(reader.user_id, update.author_id),
            ),
        ).permitted
    ]
