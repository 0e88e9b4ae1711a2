"""Changes with their windows: one that was answered, one that is asked about now."""

from __future__ import annotations

import uuid
from dataclasses import replace

from carecoord.demo.jordan.the_list import line
from carecoord.demo.story import Stage, amount
from patients.actions import changes, medicines, side_effects
from patients.actions.medicines import Outcome, Watch, Why
from patients.models import MedicineChange, Patient


def bupropion_in_summer(stage: Stage, jordan: Patient) -> None:
    """Tried for weeks, asked about, and stopped: what is kept comes from the answer."""
    item, at = line(jordan, "bupropion"), stage.ago(130)
    saved = medicines.change_dose(
        item=item,
        version=item.version,
        dosage=replace(item.dosage, morning=amount("2")),
        why=Why(stage.day(130), "prescriber", "not_helping", ""),
        watch=Watch(
            expected="more energy",
            expected_weeks=4,
            watch_for="poor sleep, restlessness",
            weeks=6,
        ),
        by=jordan.account,
        at=at,
    )
    stage.tell(at)
    effect = side_effects.add(
        medicine=saved.item,
        effect=side_effects.Effect("activation", "moderate"),
        key=uuid.uuid4(),
        by=jordan.account,
        at=stage.ago(100),
    )
    stage.tell(stage.ago(100))
    changes.answer(
        change=MedicineChange.objects.get(event=saved.event),
        said=changes.Answer(
            helped="helped",
            since_date=stage.day(110),
            mattered=(effect.pk,),
            note="More energy, but more panic.",
        ),
        by=jordan.account,
        at=stage.ago(88),
    )
    stage.tell(stage.ago(88))


def stop_bupropion(stage: Stage, jordan: Patient) -> None:
    item, at = line(jordan, "bupropion"), stage.ago(72)
    medicines.stop(
        item=item,
        version=item.version,
        outcome=Outcome(effect="more energy, but more panic", for_good=True),
        why=Why(stage.day(72), "prescriber", "side_effect", "more panic attacks"),
        by=jordan.account,
        at=at,
    )
    stage.tell(at)


def more_levothyroxine(stage: Stage, jordan: Patient) -> None:
    """Its 6 weeks are over: the question waits on the home page."""
    item, at = line(jordan, "levothyroxine"), stage.ago(44)
    medicines.change_dose(
        item=item,
        version=item.version,
        dosage=replace(item.dosage, strength=amount("88")),
        why=Why(stage.day(44), "prescriber", "not_helping", "still tired"),
        watch=Watch(
            expected="more energy",
            expected_weeks=6,
            watch_for="a racing heart, shaking, poor sleep",
            weeks=6,
        ),
        by=jordan.account,
        at=at,
    )
    stage.tell(at)
