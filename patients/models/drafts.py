"""What a person has typed so far, before any of it is part of the record."""

import json
import uuid
from typing import Any

from django.db import models
from django.utils.datastructures import MultiValueDict

from carecoord.fields import EncryptedTextField
from consents.disclosable import USER


class Draft(models.Model):
    """A form of several pages, half filled in. Its writer alone can open it.

    Not part of the record: it is read by nobody else, stands in no list and no export,
    and is emptied when it is saved. `result` is what it became, so that a form that is
    sent twice saves once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    about = models.UUIDField(null=True, blank=True)
    about_version = models.PositiveIntegerField(null=True, blank=True)
    content = EncryptedTextField(blank=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True)
    result = models.UUIDField(null=True, blank=True)

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def pages(self) -> dict[str, dict[str, list[str]]]:
        return json.loads(self.content) if self.content else {}

    def page(self, name: str) -> MultiValueDict[str, Any] | None:
        """What was typed on one page, as a form takes it; None if it was not opened."""
        typed = self.pages.get(name)
        return None if typed is None else MultiValueDict(typed)

    def write(self, name: str, typed: dict[str, list[str]]) -> None:
        self.content = json.dumps({**self.pages, name: typed})
