"""Hidden things that would change what is said of the things that are shown.

A hidden medicine is not only a line that must not stand there: it would raise a flag
with one that is shown, ask for a test, or go badly with an allergy. A hidden answer
would take a flag away, a hidden result would make a test no longer late, a hidden dose
that was missed would count. Each of them is here in two ways: "only me", and under a
label that is shared with nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from carecoord import zones
from consents import actions as consents
from consents.access import Reading
from consents.access.patient import open_for
from consents.codes import LABELS
from consents.disclosable import Disclosable
from patients import models
from patients.access.flags import load_flags
from patients.actions import medicines
from patients.codes import (
    Change,
    Course,
    EventKind,
    FlagReply,
    Helped,
    Measure,
    Pace,
    Phase,
    SideEffectKind,
)
from tests.cast import Cast
from tests.hidden_world import hiding
from tests.patients import medicines_world

# Side effects that an answer of the full world names, and nobody but Amina sees.
MATTERED = (uuid.UUID(int=71), uuid.UUID(int=72))
# (model, number, fields) -> a hidden item.
Hide = Callable[..., Disclosable]


def show_windows(cast: Cast) -> None:
    """Two medicines more with a window; of one, Amina said how it went."""
    for name in ("trazodone", "mirtazapine"):
        medicines.add(
            patient=cast.amina,
            details=medicines.Details(name=name),
            dosage=medicines_world.DAILY,
            watch=medicines.Watch(watch_for="falls", weeks=6),
            by=cast.amina.user,
            at=cast.at - timedelta(days=3),
        )
    asked = models.MedicineChange.objects.get(name="mirtazapine")
    mattered = [str(pk) for pk in MATTERED]
    hiding.make(
        cast,
        models.CheckIn,
        number=0,
        change=asked,
        lineage=asked.lineage,
        helped=Helped.HELPED,
        mattered=mattered,
        note="",
    )


def hide_all(cast: Cast, reader: str) -> None:
    """Amina's record gets all of it; nothing of it is for `reader`."""
    hiding.hide_everything(cast, reader)
    hide_what_matters(cast, only_me(cast), under_a_label(cast))


def keep_all_back(cast: Cast, reader: str) -> None:
    """An item of each kind, and what matters to what is shown, as "only me"."""
    hiding.keep_everything_back(cast, reader)
    hide_what_matters(cast, only_me(cast))


def hide_what_matters(cast: Cast, *ways: Hide) -> None:
    """Beside each medicine of Amina's that the full world shows; in a bare one none."""
    rows = models.MedicationStatement.objects.filter(patient=cast.amina)
    lines = {row.name: row for row in rows if row.lineage not in _denied(cast)}
    if "lithium" not in lines:
        return
    for place, hide in enumerate(ways):
        beside_medicines(cast, lines, hide)
        about_tests(cast, hide)
        about_changes(cast, lines, hide, place)
        about_flags(cast, hide)


def _denied(cast: Cast) -> set:
    return set(cast.amina.item_denies.values_list("lineage", flat=True))


def only_me(cast: Cast) -> Hide:
    def hide(model: type[Disclosable], number: int, **fields: Any) -> Disclosable:
        item = hiding.make(cast, model, number=number, **fields)
        consents.keep_back(item=item, by=cast.amina.user, at=cast.at)
        return item

    return hide


def under_a_label(cast: Cast) -> Hide:
    def hide(model: type[Disclosable], number: int, **fields: Any) -> Disclosable:
        fields |= {"labels": LABELS["hiv"]}
        return hiding.make(cast, model, number=number + 1, **fields)

    return hide


def beside_medicines(cast: Cast, lines: dict, hide: Hide) -> None:
    """What would stand beside a line that is shown, or go badly with it."""
    lithium, lamotrigine = lines["lithium"], lines["lamotrigine"]
    today = zones.today(cast.at, cast.amina.time_zone)
    hide(models.MedicationStatement, 30, name="ibuprofen")
    hide(models.MedicationRequest, 30, name="lithium", beside=lithium)
    hide(models.AllergyIntolerance, 30, substance="lamotrigine")
    hide(models.Condition, 30, name="pregnancy", status="active")
    hide(models.SideEffect, 30, medicine=lamotrigine, kind=SideEffectKind.RASH)
    shown = models.SideEffect.objects.filter(medicine=lithium).first()
    hide(models.SideEffectMark, 30, side_effect=shown, course=Course.WORSENING)
    hide(models.SupplyCount, 30, medicine=lithium, left=3, counted_date=today)
    for kind in (EventKind.DOSES_MISSED, EventKind.RAN_OUT):
        hide(models.TimelineEvent, 30, kind=kind, about=lithium.pk, happened_date=today)
    missed = {"measure": Measure.MISSED_DOSES, "value": Decimal(9)}
    hide(models.Observation, 40, **missed)


def about_tests(cast: Cast, hide: Hide) -> None:
    """Results that would be the newest, and somebody else who looks after the test."""
    today = zones.today(cast.at, cast.amina.time_zone)
    hide(models.TestResult, 30, test="lithium_level", value="0.9", done_date=today)
    hide(models.TestOwner, 30, test="lithium_level", owner=cast.jon)
    hide(models.Observation, 42, measure=Measure.WEIGHT, value=Decimal(71))


def about_changes(cast: Cast, lines: dict, hide: Hide, place: int) -> None:
    """A newer change, an answer to one that is shown, and hard work in therapy."""
    today = zones.today(cast.at, cast.amina.time_zone)
    window = {"since_date": today, "watch_until_date": today + timedelta(days=20)}
    for name in ("quetiapine", "lithium"):
        hide(
            models.MedicineChange,
            50,
            statement=lines[name],
            lineage=lines[name].lineage if place else None,
            what=Change.DOSE,
            pace=Pace.SEDATING,
            name=name,
            watch_for=hiding.CANARY,
            **window,
        )
    hide(models.TherapyPhase, 50, what=Phase.DEMANDING, starts_date=today, weeks=4)
    # One answer belongs to one change: each way has a change of its own.
    asked = models.MedicineChange.objects.filter(
        statement=lines[("lithium", "trazodone")[place]], what=Change.STARTED
    ).get()
    hide(models.CheckIn, 50, change=asked, helped=Helped.WORSE)
    # An answer that is shown says that these mattered.
    effect = {"id": MATTERED[place], "medicine": lines["mirtazapine"]}
    hide(models.SideEffect, 50, kind=SideEffectKind.RESTLESSNESS, **effect)


def about_flags(cast: Cast, hide: Hide) -> None:
    """That somebody looked at a flag between two things that are shown."""
    reading = Reading(user=cast.user("bram"), entrance="patients:chart")
    opened = open_for(reading, cast.amina.pk, writes=False)
    for one in load_flags(opened).raised:
        if one.flag.b:
            first, second = one.about
            hide(
                models.FlagAnswer,
                50,
                kind=one.flag.kind,
                first=first.pk,
                second=second.pk,
                mark=one.flag.mark,
                answer=FlagReply.SET_ASIDE,
                reason=hiding.CANARY,
            )
