"""What somebody said to a flag. The flags themselves are computed, never stored."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from carecoord.fields import EncryptedTextField
from consents.disclosable import USER, Disclosable
from patients.codes import FlagReply


class FlagAnswer(Disclosable):
    """A clinician set a flag aside, or the patient will ask.

    It is about two items of the record, `first` and `second`, and holds for the state
    that they had (`mark`): after another dose the flag is there again. A clinician's
    has the categories and labels of both items and the lineage of the first; it is
    shown only to whoever sees both. The patient's has no category: nobody else's.
    """

    kind = models.CharField(max_length=20)
    first = models.UUIDField()
    second = models.UUIDField()
    mark = models.CharField(max_length=32)
    answer = models.CharField(max_length=10, choices=FlagReply)
    reason = EncryptedTextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answer__in=FlagReply.values), name="flag_answer_known"
            ),
            models.CheckConstraint(
                condition=Q(answer=FlagReply.WILL_ASK, categories=0, author=None)
                | Q(answer=FlagReply.SET_ASIDE, categories__gt=0),
                name="flag_answer_whose",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="flag_answer_ended_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.answer
