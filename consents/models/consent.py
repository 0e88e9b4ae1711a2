"""What the patient allows. Immutable once signed."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from carecoord.fields import EncryptedTextField
from consents.codes import CATEGORIES, LABELS, PURPOSES, Decision, EndedHow
from consents.querysets import ConsentQuerySet, ItemDenyQuerySet

if TYPE_CHECKING:
    from providers.models import Party

USER = settings.AUTH_USER_MODEL


class ImmutableError(RuntimeError):
    """A signed consent or a disclosure cannot be changed or deleted."""


class ConsentGate(models.Model):
    """One row per patient: whoever changes what may be seen locks it first.

    `epoch` goes up with every such change; what is derived (a link, an outbox row,
    an ETag) stores the epoch that it was made under.
    """

    patient = models.OneToOneField(
        "patients.Patient",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="consent_gate",
    )
    epoch = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"epoch {self.epoch}"


def receipt_number() -> str:
    """12 characters without look-alikes (nor U, which could read as units)."""
    alphabet = "ABCDEFGHJKLMNPQRSTVWXYZ23456789"
    number = "".join(secrets.choice(alphabet) for _ in range(12))
    return "-".join([number[:4], number[4:8], number[8:]])


class Consent(models.Model):
    """A signed permit or deny, or a refusal (42 CFR 2.31; 45 CFR 164.508).

    A change is a new version that supersedes the old one. `items_from` limits dated
    items (updates, measures, papers); empty means all. A deny with no label denies
    whatever the labels are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=14, unique=True, default=receipt_number)
    patient = models.ForeignKey(
        "patients.Patient",
        on_delete=models.PROTECT,
        related_name="consents",
        db_index=False,
    )
    recipient = models.ForeignKey(
        "providers.Party",
        on_delete=models.PROTECT,
        related_name="consents",
        db_index=False,
    )
    decision = models.CharField(max_length=10, choices=Decision)
    any_discloser = models.BooleanField(default=True)
    categories = models.PositiveIntegerField()
    labels = models.PositiveIntegerField(default=0)
    purposes = models.PositiveIntegerField()
    items_from = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ends_event = models.CharField(max_length=200, blank=True)
    may_redisclose = models.BooleanField(default=False)

    text_version = models.CharField(max_length=40)
    text = EncryptedTextField()
    signed_name = EncryptedTextField()
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    signed_how = models.CharField(max_length=100)
    authority = models.CharField(max_length=100, default="self")
    # Who signed for the patient, if somebody did.
    representative = models.ForeignKey(
        "consents.Representative",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    epoch = models.BigIntegerField()
    supersedes = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )

    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_how = models.CharField(max_length=20, choices=EndedHow, blank=True)
    revoked_why = EncryptedTextField(blank=True)

    # In memory only: kinds and topics are not all that was signed (consents/told.py).
    is_bounded = False

    objects = ConsentQuerySet.as_manager()

    REVOKED_FIELDS = ("revoked_at", "revoked_by", "revoked_how", "revoked_why")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="consent_decision"
            ),
            models.CheckConstraint(
                condition=Q(categories__gt=0, categories__lte=CATEGORIES.all),
                name="consent_categories",
            ),
            models.CheckConstraint(
                condition=Q(labels__gte=0, labels__lte=LABELS.all),
                name="consent_labels",
            ),
            models.CheckConstraint(
                condition=Q(purposes__gt=0, purposes__lte=PURPOSES.all),
                name="consent_purposes",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="consent_period"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoked_how="")
                | Q(
                    revoked_at__isnull=False,
                    revoked_by__isnull=False,
                    revoked_how__in=EndedHow.values,
                ),
                name="consent_revoked_all_or_none",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "patient"],
                include=[
                    "decision",
                    "categories",
                    "labels",
                    "purposes",
                    "starts_at",
                    "ends_at",
                    "items_from",
                    "any_discloser",
                ],
                condition=Q(revoked_at=None),
                name="consent_recipient_patient",
            ),
            models.Index(fields=["patient"], name="consent_patient"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            fields = kwargs.get("update_fields") or ()
            if set(fields) != set(self.REVOKED_FIELDS):
                raise ImmutableError("A signed consent is never changed: sign again.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object):
        raise ImmutableError("A consent is never deleted.")


class ConsentDiscloser(models.Model):
    """A named discloser, where not every team member may disclose."""

    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, related_name="disclosers"
    )
    party = models.ForeignKey(
        "providers.Party", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "party"], name="discloser_once_in_a_consent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.party} discloses"


class ItemDeny(models.Model):
    """ "Only me" (no party) or "not for this person" on one item.

    Covers everything of the item's lineage: history, events, side effects, imports.
    `waits`: nobody kept it back; it waits for the patient's word, because of how much
    the team may talk (consents/talking.py).
    """

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="item_denies"
    )
    waits = models.BooleanField(default=False)
    lineage = models.UUIDField(db_index=True)
    party = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ItemDenyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="item_deny_lifted_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["lineage", "party"],
                condition=Q(lifted_at=None, party__isnull=False),
                name="one_item_deny_for_a_person",
            ),
            models.UniqueConstraint(
                fields=["lineage"],
                condition=Q(lifted_at=None, party=None),
                name="one_only_me_on_an_item",
            ),
        ]

    def __str__(self) -> str:
        return f"deny on {self.lineage}"

    @property
    def public_id(self) -> uuid.UUID:
        """What stands in an address: the row's own number would count everybody's.

        Made of the item and the person, of whom at most one deny stands.
        """
        return uuid.uuid5(self.lineage, str(self.party_id or ""))

    @property
    def left_in(self) -> list[Party]:
        """For whom this "only me" does not count, by name."""
        rows = [row for row in self.exemptions.all() if row.lifted_at is None]
        return sorted((row.party for row in rows), key=lambda party: party.name)

    @property
    def words(self) -> str:
        """Who the item is for, or not for, in a few words."""
        if self.party:
            return _("Not for %(name)s") % {"name": self.party.name}
        names = [_("me"), *(party.name for party in self.left_in)]
        return _("Only %(names)s") % {"names": get_text_list(names, _("and"))}

    @property
    def for_whom(self) -> str:
        """ "you, Dr. A and B", as the page says it to the patient."""
        names = [_("you"), *(party.name for party in self.left_in)]
        return get_text_list(names, _("and"))


class ItemExemption(models.Model):
    """ "Only me, and …": one party for whom the "only me" it stands on does not count.

    It permits nothing by itself, and a deny that names the party beats it. It ends with
    its "only me": the next one on the item begins with nobody. Added and ended once,
    never changed (consents/walls.py).
    """

    deny = models.ForeignKey(
        ItemDeny, on_delete=models.PROTECT, related_name="exemptions"
    )
    party = models.ForeignKey(
        "providers.Party", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="item_exemption_lifted_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["deny", "party"],
                condition=Q(lifted_at=None),
                name="one_exemption_for_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"exemption from {self.deny_id}"


class ConsentRequest(models.Model):
    """A team member asks the patient for a precise scope, at most once in 30 days.

    Shown to the patient as "Waiting for signature". The asker learns only "shared"
    or "not shared". `held_item` is the held update that asked, if one did.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="consent_requests"
    )
    recipient = models.ForeignKey(
        "providers.Party", on_delete=models.PROTECT, related_name="+"
    )
    asked_by = models.ForeignKey(
        "providers.Party", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    categories = models.PositiveIntegerField()
    labels = models.PositiveIntegerField(default=0)
    purposes = models.PositiveIntegerField()
    reason = EncryptedTextField(blank=True)
    held_item = models.UUIDField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    consent = models.ForeignKey(
        Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="consent_request_answered_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(categories__gt=0, categories__lte=CATEGORIES.all),
                name="consent_request_categories",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"
