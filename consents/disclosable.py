"""Everything clinical is a Disclosable, so that nothing can forget the rule."""

from __future__ import annotations

import uuid
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from carecoord.models import User
from consents.codes import CATEGORIES, LABELS, ErCore
from consents.querysets import DisclosableQuerySet
from providers.models import Party

USER = settings.AUTH_USER_MODEL


@dataclass(frozen=True)
class Named:
    """That an item names somebody in others too: in all with the same lineage, or in
    what is "about" it. `when`: in which state. `changes`: whom it named once, or in
    which state it was once, as well.
    """

    party: str
    found_by: str = "lineage"
    when: Q = Q()
    changes: bool = False


class Disclosable(models.Model):
    """One item of a patient's record that consent can cover.

    `categories` has the bits of everything filled in on it; none means that nobody
    but its patient and author sees it. `author` is empty for what the patient
    entered. `lineage` is the item that "only me" is said about: a side effect or an
    event carries the lineage of its medicine. `part2_origin` is a fact about where
    the item comes from (42 CFR 2), never derived from a label.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient",
        on_delete=models.PROTECT,
        related_name="%(class)s_set",
        db_index=False,
    )
    author = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    categories = models.PositiveIntegerField()
    labels = models.PositiveIntegerField(default=0)
    part2_origin = models.BooleanField(default=False)
    lineage = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # What simple_history writes into the next version: by whom, and when.
    _history_user: User
    _history_date: datetime
    history: Any  # without types

    # The rule reads these; a child says what it is.
    DATED = False  # the consent's window of item dates applies
    AUTHOR_KEEPS = False  # wholly the author's own text
    PAST: Q | None = None  # which are over: they are counted apart
    BETWEEN = False  # what clinicians send each other: read for whom it comes from
    TALK: Q | None = None  # which are the news of that
    COMPARED = False  # with what a number in it is compared: read beside it
    ER_CORE = ErCore.NEVER  # what a stated emergency opens
    NAMED: tuple[Named, ...] = ()  # whom it names in other items (childs_people.py)

    objects = DisclosableQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(categories__gte=0, categories__lte=CATEGORIES.all),
                name="%(app_label)s_%(class)s_categories",
            ),
            models.CheckConstraint(
                condition=Q(labels__gte=0, labels__lte=LABELS.all),
                name="%(app_label)s_%(class)s_labels",
            ),
            models.CheckConstraint(
                condition=Q(entered_in_error_at=None, entered_in_error_by=None)
                | Q(
                    entered_in_error_at__isnull=False,
                    entered_in_error_by__isnull=False,
                ),
                name="%(app_label)s_%(class)s_error",
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient", "-occurred_at", "-id"],
                include=["categories", "labels", "lineage", "author"],
                name="%(class)s_feed",
            ),
            models.Index(fields=["lineage"], name="%(class)s_lineage"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.lineage is None:
            self.lineage = self.id
        super().save(*args, **kwargs)

    @property
    def writer(self) -> Party:
        """The author of what only a clinician writes. Raises ValueError without one."""
        if self.author is None:
            raise ValueError(f"{self._meta.label} {self.pk} has no author.")
        return self.author


def registry() -> list[type[Disclosable]]:
    """Every clinical model: feeds the preview, the log, exports and the sweeps."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, Disclosable)]


def shape(model: type[models.Model]) -> Hashable:
    """All that a piece of the rule may ask of a model, or of its versions.

    Models of one shape have the rule in the same words (ready.py): what their class
    says, to whom they point, and by what others find them. A piece that asks for more
    is found by tests/consents/test_ready.py.
    """
    live: Any = getattr(model, "instance_type", model)
    if not issubclass(live, Disclosable):
        return model
    found_by = {named.found_by for each in registry() for named in each.NAMED}
    columns = {field.attname for field in model._meta.concrete_fields}
    return (
        model is live,
        (live.DATED, live.AUTHOR_KEEPS, live.ER_CORE),
        tuple(parties(model)),
        frozenset(found_by.intersection(columns)),
        "about" in columns,
    )


def parties(model: type[models.Model]) -> list[str]:
    """Every field that points to a person or organization, the author's first."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if field.related_model is Party
    ]


def model_of(label: str) -> type[Disclosable]:
    """The model of a label such as "patients.condition"; LookupError otherwise."""
    from django.apps import apps

    model = apps.get_model(label)
    if not issubclass(model, Disclosable):
        raise LookupError(label)
    return model
