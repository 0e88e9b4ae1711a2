"""The rule as a plain Django permission: user.has_perm("patients.view_condition", x).

It answers "may I offer this button". Content comes through access.py only.
"""

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.db import models

from carecoord.clock import database_now
from carecoord.models import CLINICAL_LABELS, User
from consents.codes import PURPOSES
from consents.decisions import Reader, decide
from consents.disclosable import Disclosable


class ConsentBackend:
    """Stands first. Refuses every clinical permission that the rule does not give."""

    def authenticate(self, request: object, **credentials: object) -> None:
        return None

    def has_perm(self, user: User, perm: str, obj: models.Model | None = None) -> bool:
        if perm.partition(".")[0] not in CLINICAL_LABELS:
            return False
        if user.is_active and self._may_view(user, perm, obj):
            return True
        # Stops Django from asking the next backend.
        raise PermissionDenied

    async def ahas_perm(
        self, user: User, perm: str, obj: models.Model | None = None
    ) -> bool:
        """The same answer. Django passes over a backend that has no such method."""
        return await sync_to_async(self.has_perm)(user, perm, obj)

    @staticmethod
    def _may_view(user: User, perm: str, obj: models.Model | None) -> bool:
        if not isinstance(obj, Disclosable):
            return False
        if perm != f"{obj._meta.app_label}.view_{obj._meta.model_name}":
            return False
        return any(
            decide(obj, Reader(user.pk, purpose, database_now())).permitted
            for purpose in PURPOSES.by_name
        )
