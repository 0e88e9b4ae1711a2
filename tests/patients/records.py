"""A record with something in every field, for the pages that read it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from consents.codes import CATEGORIES
from consents.disclosable import Disclosable
from patients import models
from patients.actions import medicines
from patients.dosage import Dosage, DoseStep
from patients.models import Patient


def item(
    model: type[Disclosable], patient: Patient, category: str, at: datetime, **fields
):
    """One item of the patient's own, `at` days ago if nothing else is said."""
    made = model(
        patient=patient,
        categories=CATEGORIES[category],
        occurred_at=at,
        recorded_at=at,
        recorded_by=patient.user,
        **fields,
    )
    made.lineage = fields.get("lineage") or made.id
    made._history_user, made._history_date = patient.user, at
    made.save()
    return made


def medicine(
    patient: Patient, at: datetime, name: str, **fields
) -> models.MedicationStatement:
    dose = {
        "schedule": "daily",
        "strength": Decimal(50),
        "unit": "mg",
        "form": "tablet",
    }
    labels = fields.pop("labels", 0)
    dose |= {"morning": Decimal(1)} if "schedule" not in fields else {}
    details = {
        key: fields.pop(key)
        for key in (
            "brand",
            "reason",
            "prescriber",
            "kind",
            "started_date",
            "started_precision",
        )
        if key in fields
    }
    return medicines.add(
        patient=patient,
        details=medicines.Details(name=name, **details),
        dosage=Dosage(**(dose | fields)),
        by=patient.user,
        at=at,
        labels=labels,
    ).item


def injection(
    patient: Patient, at: datetime, *, last_given: date, **fields
) -> models.MedicationStatement:
    """Paliperidone, every four weeks."""
    return medicine(
        patient,
        at,
        "paliperidone",
        brand="Invega Sustenna",
        reason="mood",
        schedule="interval",
        strength=Decimal(156),
        form="injection",
        count=Decimal(1),
        every_count=4,
        every_unit="week",
        last_given_date=last_given,
        **fields,
    )


def fill(patient: Patient, at: datetime, *, psychiatrist=None) -> None:
    """Jordan's record of the design, more or less: every section has a line."""
    before = at - timedelta(days=20)
    today = at.date()

    def put(model, category, **fields):
        return item(model, patient, category, fields.pop("at", before), **fields)

    who = {"prescriber": psychiatrist} if psychiatrist else {}
    medicine(
        patient,
        before,
        "quetiapine",
        brand="Seroquel XR",
        reason="sleep, mood",
        form="extended-release tablet",
        strength=Decimal(150),
        morning=None,
        bedtime=Decimal(1),
        schedule="daily",
        started_date=today - timedelta(days=20),
        started_precision="day",
        **who,
    )
    medicine(
        patient,
        before,
        "lamotrigine",
        brand="Lamictal",
        reason="mood",
        strength=Decimal(200),
        morning=Decimal(1),
        bedtime=Decimal(1),
        schedule="daily",
        **who,
    )
    injection(patient, before, last_given=today - timedelta(days=18), **who)
    medicine(
        patient,
        before,
        "hydroxyzine",
        schedule="as_needed",
        strength=Decimal(25),
        form="capsule",
        count=Decimal(1),
        as_needed_for="panic",
        min_gap_hours=Decimal(6),
        max_in_24_hours=Decimal(4),
        reason="panic",
        **who,
    )
    medicine(
        patient,
        before,
        "prednisone",
        schedule="steps",
        strength=Decimal(5),
        reason="asthma",
        steps=(
            DoseStep(today - timedelta(days=5), morning=Decimal(2)),
            DoseStep(today + timedelta(days=2), morning=Decimal(1)),
            DoseStep(today + timedelta(days=9)),
        ),
    )
    medicine(
        patient,
        before,
        "vitamin D3",
        strength=Decimal(1000),
        unit="units",
        form="capsule",
        kind="supplement",
    )
    put(
        models.AllergyIntolerance,
        "allergies",
        substance="sulfa antibiotics",
        reaction="hives",
        year=2012,
    )
    put(
        models.AllergyIntolerance,
        "allergies",
        substance="haloperidol",
        reaction="stiff jaw, could not speak",
        year=2019,
        criticality="high",
    )
    put(
        models.FamilyNote,
        "observations",
        text="up until 4 am, three nights",
        noticed_date=today - timedelta(days=3),
    )
    put(
        models.SubstanceUse,
        "substances",
        substance="alcohol",
        amount="2 drinks",
        often="a week",
    )
    put(
        models.MedicineTrial,
        "medications",
        name="sertraline",
        dose_reached="100 mg",
        weeks=8,
        year=2020,
        effect="no benefit",
    )
    put(
        models.MedicineTrial,
        "medications",
        name="haloperidol",
        year=2019,
        effect="stiff jaw",
        why_stopped="side effect",
        dangerous=True,
    )
    put(
        models.TreatmentTried,
        "history",
        what="light therapy",
        when="2021",
        effect="a little better in winter",
    )
    put(models.Condition, "conditions", name="bipolar 2 disorder", since_year=2019)
    put(
        models.Condition,
        "conditions",
        name="hypothyroidism",
        since_year=2021,
        status="remission",
    )
    put(
        models.HospitalStay,
        "history",
        where="Mercy General",
        when="February 2019",
        how_long="6 days",
        why="hypomania",
    )
    put(
        models.Symptom,
        "measures",
        what="waking at 3 am",
        since="Oct 25",
        better="walking, therapy skills",
        worse="night shifts",
    )
    put(
        models.Goal,
        "goals",
        what="Sleep through the night",
        measure="sleep_hours",
        baseline="4 hours",
        target="7 hours",
        target_date=today + timedelta(days=60),
    )
    put(
        models.DecisionWanted, "goals", what="Is the higher dose worth the morning fog?"
    )
    put(
        models.EmergencyContact,
        "contacts",
        name="Ana Rivera",
        relationship="sister",
        phone="(555) 010-0142",
    )
    put(
        models.DailyLife,
        "contacts",
        work_schedule="Nights, Thursday to Sunday",
        sleep_pattern="9 am to 2 pm after a shift",
        visit_preference="By video",
        preferred_hospital="Mercy General",
        pharmacy="Corner Pharmacy",
        insurance="Blue plan 123",
    )
    for days, value in enumerate((7, 6, 5, 4.5, 4, 5, 4)):
        put(
            models.Observation,
            "measures",
            measure="sleep_hours",
            value=Decimal(str(value)),
            at=at - timedelta(days=40 - 5 * days),
        )
    put(
        models.Observation,
        "measures",
        measure="missed_doses_14",
        value=Decimal(2),
        note="nausea",
        at=at - timedelta(days=2),
    )
    put(models.ListConfirmation, "medications", at=at - timedelta(days=3))
