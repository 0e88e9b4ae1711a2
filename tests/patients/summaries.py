"""Summaries for the paper: 0, 1, 6, 10, 14, 15 and 25 medicines, with full text.

The people are invented. Names of medicines are as long as they come.
"""

from dataclasses import replace

from patients.one_page import (
    Allergies,
    Duty,
    Line,
    MedicineRow,
    Section,
    Summary,
)

PSYCHIATRY = "Dr. Lee, psychiatry"
PRIMARY = "Dr. Ortiz, primary care"
SELF = "Self, no prescription"


def _daily(
    name: str, each: str, day: str, times: tuple[str, str, str, str], **more: object
) -> MedicineRow:
    return MedicineRow(
        name=name, each_time=each, a_day=day, times=times, id=f"med-{name}", **more
    )


def _spanned(
    name: str, schedule: str, each: str, span: str, **more: object
) -> MedicineRow:
    return MedicineRow(
        name=name,
        schedule=schedule,
        each_time=each,
        span=span,
        id=f"med-{name}",
        **more,
    )


MEDICINES = (
    _daily(
        "lamoTRIgine",
        "200 mg",
        "400 mg a day",
        ("1 tablet", "", "", "1 tablet"),
        brand="LaMICtal",
        form="tablet",
        purpose="Mood",
        prescriber=PSYCHIATRY,
        last_change="Since Mar 2026",
    ),
    _daily(
        "QUEtiapine",
        "150 mg",
        "150 mg a day",
        ("", "", "", "1 tablet"),
        brand="SEROquel XR",
        form="extended-release tablet",
        purpose="Sleep, mood",
        prescriber=PSYCHIATRY,
        last_change="Up from 100 mg, Nov 3, 2026",
        flags=("Dr. Lee's list says 100 mg",),
    ),
    _spanned(
        "paliperidone palmitate",
        "interval",
        "156 mg",
        "156 mg, every 4 weeks. Last Nov 3, next due Dec 1",
        brand="Invega Sustenna",
        form="injection",
        purpose="Mood",
        prescriber=PSYCHIATRY,
        last_change="Since Jun 2026",
    ),
    _daily(
        "levothyroxine",
        "75 mcg",
        "75 mcg a day",
        ("1 tablet", "", "", ""),
        form="tablet",
        purpose="Thyroid",
        prescriber=PRIMARY,
        last_change="Since 2021",
    ),
    _daily(
        "metFORMIN",
        "500 mg",
        "1,000 mg a day",
        ("1 tablet", "", "1 tablet", ""),
        form="tablet",
        purpose="Weight and glucose",
        prescriber=PRIMARY,
        last_change="Since Jun 2026",
    ),
    _spanned(
        "hydrOXYzine hydrochloride",
        "as_needed",
        "25 mg",
        "Only when needed for panic. Wait 6 hours between. At most 4 tablets "
        "in 24 hours",
        brand="Vistaril",
        form="capsule",
        purpose="Panic",
        prescriber=PSYCHIATRY,
        last_change="Used about 1 time a week",
    ),
    _spanned(
        "predniSONE",
        "steps",
        "",
        "From Nov 16: 2 tablets in the morning. From Nov 23: 1 tablet in the "
        "morning. Stops Nov 30",
        form="tablet",
        purpose="Asthma",
        prescriber=PRIMARY,
        last_change="Since Nov 16, 2026",
    ),
    _daily(
        "dextroamphetamine saccharate and amphetamine aspartate",
        "10 mg",
        "20 mg a day",
        ("1 capsule", "1 capsule", "", ""),
        brand="Adderall XR",
        form="extended-release capsule",
        purpose="Attention",
        prescriber="Dr. Oyelaran-Whitcombe, psychiatry",
        last_change="Since Jan 2026",
    ),
    _daily(
        "propranolol",
        "10 mg",
        "20 mg a day",
        ("1 tablet", "", "1 tablet", ""),
        form="tablet",
        purpose="Tremor",
        prescriber=PSYCHIATRY,
        last_change="Since Feb 2026",
    ),
    _spanned(
        "nicotine",
        "interval",
        "14 mg",
        "1 patch, every day, on the skin for 24 hours",
        form="patch",
        purpose="To stop smoking",
        prescriber=PRIMARY,
        last_change="Since Oct 2026",
    ),
    _daily(
        "vitamin D3",
        "1,000 units",
        "1,000 units a day",
        ("1 capsule", "", "", ""),
        form="capsule",
        purpose="Low vitamin D",
        prescriber=SELF,
        last_change="Since 2024",
        kind="supplement",
    ),
    _daily(
        "omega-3 fish oil",
        "1,000 mg",
        "1,000 mg a day",
        ("", "", "1 capsule", ""),
        form="capsule",
        purpose="Mood",
        prescriber=SELF,
        last_change="Since 2025",
        kind="supplement",
    ),
    _spanned(
        "buPROPion",
        "on_hold",
        "150 mg",
        "On hold since Nov 10, 2026. Before: 1 tablet in the morning",
        brand="Wellbutrin XL",
        form="extended-release tablet",
        purpose="Mood",
        prescriber=PSYCHIATRY,
        last_change="On hold Nov 10, 2026",
    ),
    _spanned(
        "ibuprofen",
        "as_needed",
        "200 mg",
        "Only when needed for headache. Wait 6 hours between. At most 6 tablets "
        "in 24 hours",
        form="tablet",
        purpose="Headache",
        prescriber=SELF,
        last_change="Used about 3 times a month",
        kind="non_prescription",
    ),
    _daily(
        "cetirizine",
        "10 mg",
        "10 mg a day",
        ("", "", "1 tablet", ""),
        form="tablet",
        purpose="Hay fever",
        prescriber=SELF,
        last_change="Spring only",
        kind="non_prescription",
    ),
)


def _more_medicines(count: int) -> tuple[MedicineRow, ...]:
    names = (
        "levETIRAcetam",
        "OXcarbazepine",
        "carbidopa and levodopa",
        "atorvastatin",
        "hydroCHLOROthiazide",
        "emtricitabine and tenofovir alafenamide",
        "sacubitril and valsartan",
        "pantoprazole",
        "cloNIDine",
        "guanFACINE",
    )
    return tuple(
        _daily(
            name,
            "25 mg",
            "50 mg a day",
            ("1 tablet", "", "", "1 tablet"),
            form="tablet",
            purpose="As Dr. Ortiz explained",
            prescriber=PRIMARY,
            last_change="Since Jan 2025",
        )
        for name in names[:count]
    )


FULL = Summary(
    name="Jordan Alexandra Rivera",
    pronouns="they/them",
    born="Feb 14, 1991",
    age="age 35",
    phone="(555) 010-0199",
    language="English",
    confirmed="Medicine list confirmed by Jordan on Nov 18, 2026",
    printed="Printed Nov 21, 2026, 2:10 pm, for Dr. Ortiz.",
    newer_copy="Ask Jordan for a newer copy after Dec 21, 2026.",
    emergency_contact="Ana Rivera (sister) (555) 010-0142",
    preferred_hospital="Mercy General",
    sign_in_url="https://care.example.org/s/7Q4K2MXT",
    document_id="7Q4K-2MXT-9RWC",
    allergies=Allergies(
        label="Known allergies",
        items=(
            Line(strong="sulfa antibiotics", text=": hives (2012)", id="all-1"),
            Line(
                strong="haloperidol",
                text=": stiff jaw, could not speak (2019)",
                id="all-2",
            ),
        ),
    ),
    medicines_heading="",
    medicines_empty="No current medicines",
    substances=Section(
        items=(
            Line(strong="Alcohol", text="2 drinks a week.", id="sub-1"),
            Line(strong="Cannabis", text="edible 5 mg, 1 time a week.", id="sub-2"),
            Line(strong="Nicotine", text="patch since Oct.", id="sub-3"),
        )
    ),
    missed_doses=Section(
        items=(Line(strong="Missed doses", text="2 in 14 days (nausea)."),)
    ),
    changes=Section(
        items=(
            Line(
                strong="QUEtiapine",
                text="100 mg to 150 mg, Nov 3, 2026, Dr. Lee: waking at 3 am",
                id="chg-1",
            ),
            Line(
                strong="buPROPion",
                text="on hold Nov 10, 2026, Dr. Lee: more panic attacks",
                id="chg-2",
            ),
        )
    ),
    trials=Section(
        items=(
            Line(
                strong="escitalopram",
                text="until Sep 2026, up to 20 mg: no benefit",
                id="try-1",
            ),
            Line(
                strong="sertraline",
                text="2020, up to 100 mg: no benefit in 8 weeks",
                id="try-2",
            ),
            Line(strong="traZODone", text="2019: too sleepy", id="try-3"),
            Line(strong="venlafaxine", text="2018: high blood pressure", id="try-4"),
            Line(
                strong="haloperidol",
                text="2019: stiff jaw, could not speak. Do not restart",
                dangerous=True,
                id="try-5",
            ),
        )
    ),
    conditions=Section(
        items=(
            Line(text="Bipolar 2 disorder (2019)", id="con-1"),
            Line(text="panic disorder (2016)", id="con-2"),
            Line(text="hypothyroidism (2021)", id="con-3"),
        ),
        inline=True,
    ),
    stays=Section(
        items=(
            Line(
                text="Mercy General, 6 days, Feb 2019 (hypomania, mixed features)",
                id="hos-1",
            ),
        )
    ),
    now=Section(
        items=(
            Line(
                label="Sleep",
                strong="4 to 5 hours",
                text=", was 7. Since Oct 25. Worse: night shifts",
                id="now-1",
            ),
            Line(
                label="Panic attacks",
                strong="3 per week",
                text=", was 1. Before work. Better: walking",
                id="now-2",
            ),
            Line(
                label="Days able to work",
                strong="7 of 10",
                text=". PHQ-9 14 (was 9 on Oct 2)",
                id="now-3",
            ),
        )
    ),
    goals=Section(
        items=(
            Line(
                text="1 or fewer panic attacks per week; 7 hours of sleep on 5 "
                "nights; back to full-time work by February",
                id="goal-1",
            ),
        ),
        inline=True,
    ),
    daily_life=Section(
        items=(
            Line(text="Works nights Thu to Sat, 10 pm to 6 am", id="day-1"),
            Line(text="Sleeps 8 am to 1 pm after shifts", id="day-2"),
            Line(text="Prefers video visits", id="day-3"),
        ),
        inline=True,
    ),
    safety=Section(
        items=(
            Line(
                strong="Suicidal thoughts",
                text=": Asked Nov 18 by Sam: none. Crisis plan updated Nov 1, 2026",
                id="safe-1",
            ),
        )
    ),
    decide=Section(
        items=(
            Line(
                text="Is the higher quetiapine dose worth the morning grogginess?",
                id="dec-1",
            ),
        ),
        inline=True,
    ),
    duties=(
        Duty(
            name="Dr. Min Lee",
            role="psychiatry",
            phone="(555) 010-0110",
            duty="Changes mental health medicines. Next visit Dec 2, 2026",
        ),
        Duty(
            name="Sam Okafor, LCSW",
            role="therapy",
            phone="(555) 010-0111",
            duty="Weekly CBT; tracks panic and sleep goals. Thursdays",
        ),
        Duty(
            name="Dr. Pia Ortiz",
            role="primary care",
            phone="(555) 010-0112",
            duty="Thyroid, weight, labs. Due: lipids and glucose by Dec 15, 2026",
        ),
    ),
    legend="Reported by Jordan unless another source is named.",
    permission=(
        "Shared for treatment with the patient's permission of Sep 1, 2026. "
        "Please ask before sending it further."
    ),
)
COUNTS = (0, 1, 6, 10, 14, 15, 25)


def summary_of(count: int) -> Summary:
    """Return the full summary with this many medicines, as Dr. Ortiz may see it."""
    every = MEDICINES + _more_medicines(10)
    # Supplements stay in, whatever the count: they are what may be merged.
    return replace(
        FULL,
        medicines=every[:count],
        medicines_heading=(
            f"Medicines shared with Dr. Ortiz ({count}). "
            "Before prescribing, ask what else is taken."
        ),
    )
