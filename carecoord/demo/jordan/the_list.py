"""The master list: daily, as needed, a monthly injection, what is not prescribed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from carecoord.demo.story import Stage, amount
from consents.codes import LABELS
from patients.actions import allergies, list_checks, medicines, substances
from patients.actions.medicines import Details
from patients.dosage import Dosage
from patients.models import MedicationStatement, Patient


def tablet(strength: str, **more: Any) -> Dosage:
    return Dosage(
        schedule="daily", strength=amount(strength), unit="mg", form="tablet", **more
    )


ONE = amount("1")


def write_the_list(stage: Stage, jordan: Patient) -> None:
    lee, ortiz = stage.parties["psychiatrist"], stage.parties["pcp"]
    at = stage.ago(198)
    rows = (
        (
            Details("lamotrigine", "Lamictal", reason="mood", prescriber=lee),
            tablet("200", bedtime=ONE),
        ),
        (
            Details(
                "quetiapine", "Seroquel XR", reason="sleep and mood", prescriber=lee
            ),
            replace(tablet("50", bedtime=amount("2")), form="extended-release tablet"),
        ),
        (
            Details("levothyroxine", reason="thyroid", prescriber=ortiz),
            replace(tablet("75", morning=ONE), unit="mcg"),
        ),
        (
            Details("propranolol", reason="panic before work", prescriber=lee),
            Dosage(
                schedule="as_needed",
                strength=amount("10"),
                unit="mg",
                form="tablet",
                count=ONE,
                as_needed_for="panic before work",
                min_gap_hours=amount("6"),
                max_in_24_hours=amount("3"),
                recent_use="about 2 a week",
            ),
        ),
        (
            Details("vitamin D3", kind="supplement", reason="low vitamin D"),
            Dosage(
                schedule="daily",
                strength=amount("1000"),
                unit="units",
                form="capsule",
                morning=ONE,
            ),
        ),
        (
            Details("melatonin", kind="otc", reason="sleep"),
            tablet("3", bedtime=ONE),
        ),
        (
            Details(
                "paliperidone palmitate",
                "Invega Sustenna",
                reason="mood",
                prescriber=lee,
            ),
            Dosage(
                schedule="interval",
                strength=amount("156"),
                unit="mg",
                form="injection",
                count=ONE,
                every_count=4,
                every_unit="week",
                last_given_date=stage.day(19),
                next_due_date=stage.day(-9),
            ),
        ),
        (
            Details("bupropion", "Wellbutrin XL", reason="low mood", prescriber=lee),
            replace(tablet("150", morning=ONE), form="extended-release tablet"),
        ),
    )
    for details, dosage in rows:
        medicines.add(
            patient=jordan,
            details=replace(
                details, started_date=stage.day(260), started_precision="month"
            ),
            dosage=dosage,
            by=jordan.account,
            at=at,
        )
    for substance, reaction, year in (
        ("sulfa antibiotics", "hives", 2012),
        ("haloperidol", "stiff jaw, could not speak", 2019),
    ):
        allergies.add(
            patient=jordan,
            reaction=allergies.Reaction(substance, reaction, year, "high"),
            by=jordan.account,
            at=at,
        )
    for use in (
        substances.Use("alcohol", amount="2 drinks", often="a week"),
        substances.Use("cannabis", name="edible", amount="5 mg", often="once a week"),
        substances.Use("nicotine", amount="none", often="since 2022"),
    ):
        substances.add(
            patient=jordan,
            use=use,
            by=jordan.account,
            at=at,
            labels=LABELS["substance_use"] if use.substance == "cannabis" else 0,
        )
    list_checks.confirm(patient=jordan, by=jordan.account, at=at)
    stage.tell(at)


def line(jordan: Patient, name: str) -> MedicationStatement:
    return MedicationStatement.objects.get(patient=jordan, name=name)
