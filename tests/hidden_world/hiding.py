"""Everything that can be hidden from a reader, put into a record at once.

Every clinical model takes part by itself: what a new one needs is read from its
fields. Each text is the canary, so that one that gets out can be found.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from consents import actions as consents
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.disclosable import Disclosable, registry
from messaging.models import Reply, Update
from patients.actions import medicines as medicine_actions
from patients.actions.medicines import Why
from patients.models import (
    DailyLife,
    ImportFile,
    MedicationRequest,
    MedicationStatement,
    MedicineChange,
    Observation,
    Patient,
    SideEffect,
    SideEffectMark,
    TimelineEvent,
)
from tests.cast import Cast, permit, signature
from tests.messaging import writing
from tests.patients import medicines_world

CANARY = "CNRYhidden7f3a"
# Enough to fill whatever is cut after so many rows.
MANY = 8
CATEGORY_OF = {
    "medicationstatement": "medications",
    "medicationrequest": "medications",
    "medicinetrial": "medications",
    "flaganswer": "medications",
    "sideeffect": "medications",
    "sideeffectmark": "medications",
    "medicinechange": "medications",
    "checkin": "medications",
    "therapyphase": "goals",
    "listconfirmation": "medications",
    "listreview": "medications",
    "allergyintolerance": "allergies",
    "allergyassertion": "allergies",
    "substanceuse": "substances",
    "condition": "conditions",
    "symptom": "measures",
    "observation": "measures",
    "testresult": "measures",
    "supplycount": "medications",
    "testowner": "measures",
    "familynote": "observations",
    "goal": "goals",
    "decisionwanted": "goals",
    "hospitalstay": "history",
    "treatmenttried": "history",
    "emergencycontact": "contacts",
    "dailylife": "contacts",
    "timelineevent": "medications",
    "importeditem": "medications",
    "update": "updates",
    "reply": "updates",
}
# Never the patient's own; here by Fatou, who has left.
BY_CLINICIANS = (Update, Reply, MedicationRequest, SideEffectMark)
# At most one in a record: hidden in one way, in a record that had none.
ONE_ONLY = {DailyLife}


def hide_everything(cast: Cast, reader: str) -> None:
    """Amina's record gets all of it; nothing of it is for `reader`."""
    for model in registry():
        kept_back(cast, model, number=0, party=None)
        if model in ONE_ONLY:
            continue
        kept_back(cast, model, number=1, party=getattr(cast, reader))
        only_for_somebody_else(cast, model, reader, number=4)
        labelled(cast, model, number=2)
        in_error(cast, model, number=3)
    for number in range(MANY):
        kept_back(cast, Observation, number=10 + number, party=None)
    medicines_kept_back(cast)
    updates_not_for(cast, reader)
    sharing_with_others(cast, reader)


def make(cast: Cast, model: type[Disclosable], *, number: int, **fields: Any) -> Any:
    """An item of this model, an hour newer for each number."""
    at = cast.at - timedelta(hours=1) + timedelta(minutes=number)
    required = dict(_required(cast, model))
    item = model(
        **required
        | {
            "patient": cast.amina,
            "author": cast.fatou if model in BY_CLINICIANS else None,
            "categories": CATEGORIES[CATEGORY_OF[model._meta.model_name]],
            "occurred_at": at,
            "recorded_at": at,
            "recorded_by": cast.amina.user,
        }
        | fields
    )
    item.lineage = fields.get("lineage") or item.id
    item._history_user, item._history_date = cast.amina.user, at
    item.save()
    return item


def _required(cast: Cast, model: type[Disclosable]) -> Iterator[tuple[str, Any]]:
    shared = {field.name for field in Disclosable._meta.fields}
    for field in model._meta.concrete_fields:
        if field.name not in shared and (field.choices or not _may_be_empty(field)):
            yield field.name, _value(cast, field)


def _may_be_empty(field: models.Field) -> bool:
    return field.null or field.has_default()


def _value(cast: Cast, field: models.Field) -> Any:
    if field.choices:
        return VALUES.get(field.name) or (
            field.default if field.has_default() else field.choices[0][0]
        )
    if field.is_relation:
        return RELATED[field.related_model](cast)
    if isinstance(field, models.DecimalField):
        return Decimal(7)
    if isinstance(field, models.DateField) and not isinstance(
        field, models.DateTimeField
    ):
        return date(2026, 1, 1)
    if isinstance(field, models.IntegerField):
        return 1
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    return CANARY[: field.max_length or len(CANARY)]


# Where the first choice would contradict another column.
VALUES = {
    "urgency": "two_days",
    "suicidal_thoughts": "none",
    "status": "active",
    "answer": "set_aside",
}
RELATED = {
    Update: lambda cast: _some(Update, cast) or _update(cast),
    ImportFile: lambda cast: _some(ImportFile, cast) or _file(cast),
    MedicationStatement: lambda cast: medicines_world.add_hidden(cast, CANARY),
    SideEffect: lambda cast: make(cast, SideEffect, number=0, labels=LABELS["hiv"]),
    TimelineEvent: lambda cast: _only_mine(cast, TimelineEvent),
    MedicineChange: lambda cast: _only_mine(cast, MedicineChange),
}


def _only_mine(cast: Cast, model: type[Disclosable]) -> Any:
    """A new one each time, kept back: one row belongs to one other."""
    item = make(cast, model, number=0)
    consents.keep_back(item=item, by=cast.amina.user, at=cast.at)
    return item


def _some(model: type[models.Model], cast: Cast) -> Any:
    return model.objects.filter(patient=cast.amina).order_by("pk").first()


def _update(cast: Cast) -> Update:
    return make(cast, Update, number=0, labels=LABELS["hiv"])


def _file(cast: Cast) -> ImportFile:
    return ImportFile.objects.create(
        patient=cast.amina,
        source=CANARY,
        sha256="0" * 64,
        read_at=cast.at,
        read_by=cast.amina.user,
    )


def kept_back(cast: Cast, model, *, number: int, party) -> None:
    """ "Only me", or "not for this person"."""
    item = make(cast, model, number=number)
    consents.keep_back(item=item, by=cast.amina.user, at=cast.at, party=party)


def only_for_somebody_else(cast: Cast, model, reader: str, *, number: int) -> None:
    """ "Only me, and …": two who see it by a permission, or would; not the reader."""
    others = {cast.bram, cast.jon, cast.dana} - {getattr(cast, reader)}
    item = make(cast, model, number=number)
    consents.keep_back(item=item, but=others, by=cast.amina.user, at=cast.at)


def labelled(cast: Cast, model, *, number: int) -> None:
    """With a label that is shared with nobody."""
    make(cast, model, number=number, labels=LABELS["hiv"])


def in_error(cast: Cast, model, *, number: int) -> None:
    make(
        cast,
        model,
        number=number,
        entered_in_error_at=cast.at,
        entered_in_error_by=cast.amina.user,
    )


def medicines_kept_back(cast: Cast) -> None:
    """One added, changed and stopped: with its events, versions and trial."""
    item = medicines_world.add_hidden(cast, CANARY)
    why = Why(day=cast.at.date(), decided_by="patient", reason="plan", note=CANARY)
    medicine_actions.change_dose(
        item=item,
        version=item.version,
        dosage=medicines_world.MORE,
        why=why,
        watch=medicine_actions.Watch(watch_for=CANARY, weeks=6, therapy=CANARY),
        by=cast.amina.user,
        at=cast.at,
    )
    item.refresh_from_db()


def updates_not_for(cast: Cast, reader: str) -> None:
    """Held for the reader, and sent to somebody else under a label."""
    author = "jon" if reader == "bram" else "bram"
    to = [reader] if reader in ("bram", "jon", "chidi") else ["chidi"]
    said = writing.content(labels=LABELS["violence"], what_changed=CANARY)
    writing.send(cast, author, *to, said=said)


def sharing_with_others(cast: Cast, reader: str) -> None:
    """Permissions, denies and requests of others, and one that ended."""
    other = cast.dana
    consent = permit(cast.amina, other, at=cast.at, labels=LABELS.all)
    consents.revoke(consent=consent, by=cast.amina.user, at=cast.at, why=CANARY)
    consents.deny(
        patient=cast.amina,
        terms=consents.Terms(
            recipient=other,
            categories=CATEGORIES.all,
            purposes=PURPOSES.all,
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=9),
        ),
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
    )
    consents.ask(
        patient=cast.amina,
        recipient=other,
        asked_by=other,
        categories=CATEGORIES.all,
        purposes=PURPOSES["TREAT"],
        at=cast.at,
        reason=CANARY,
    )


def keep_everything_back(cast: Cast, reader: str) -> None:
    """An item of each kind as "only me", and one as "not for this person"."""
    for model in registry():
        kept_back(cast, model, number=0, party=None)
        if model not in ONE_ONLY:
            kept_back(cast, model, number=1, party=getattr(cast, reader))
            only_for_somebody_else(cast, model, reader, number=2)
    medicines_kept_back(cast)


def keep_all_from_hana(cast: Cast, _reader: str) -> None:
    """A deny on every item that there is, for one person who sees none of them."""
    for model in registry():
        for item in model.objects.filter(patient=cast.amina):
            consents.keep_back(
                item=item, by=cast.amina.user, at=cast.at, party=cast.hana
            )


def in_every_model(patient: Patient) -> set[type[Disclosable]]:
    """The models of which this record has something."""
    return {
        model for model in registry() if model.objects.filter(patient=patient).exists()
    }
