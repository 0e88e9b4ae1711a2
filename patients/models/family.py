"""What family and friends tell the team."""

from django.db import models

from carecoord.fields import EncryptedTextField
from consents.disclosable import Disclosable


class FamilyNote(Disclosable):
    """What somebody close to the patient noticed: told once, never changed (S31).

    The patient reads every one. The team reads it if a permission says so.
    """

    DATED = True
    AUTHOR_KEEPS = True

    noticed_date = models.DateField()
    text = EncryptedTextField()

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"note from family {self.pk}"
