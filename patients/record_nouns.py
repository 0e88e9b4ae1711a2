"""The kinds of items a patient keeps besides medicines and allergies: one table.

Pages, forms and actions of the record are written once, for a noun of this table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from consents.codes import CATEGORIES
from consents.disclosable import Disclosable
from patients import models
from patients.forms import record as forms
from patients.medicine_names import plain_name
from patients.one_page import Line
from patients.record_words import LINES, daily_life


@dataclass(frozen=True)
class Noun:
    """One kind of item: where it lives, what it is called, what it is for.

    `single`: one row a patient, filled in and changed, never listed.
    """

    slug: str
    model: type[Disclosable]
    form: type[forms.ItemForm]
    category: str
    title: Any
    add: Any
    purpose: Any
    single: bool = False

    @property
    def categories(self) -> int:
        return CATEGORIES[self.category]

    def lines(self, item: Disclosable) -> tuple[Line, ...]:
        """The item as the chart and the paper print it, a medicine's name in plain
        letters: these are the pages of whoever keeps the record (SCREENS A2).
        """
        if isinstance(item, models.DailyLife):
            return daily_life(item)
        line = LINES[self.model](item)
        if isinstance(item, models.MedicineTrial):
            line = replace(line, strong=plain_name(line.strong))
        return (line,)


NOUNS = (
    Noun(
        "symptoms",
        models.Symptom,
        forms.SymptomForm,
        "measures",
        _("What is happening now"),
        _("Add a symptom"),
        _("What bothers you, since when, and what makes it better or worse."),
    ),
    Noun(
        "numbers",
        models.Observation,
        forms.ObservationForm,
        "measures",
        _("Numbers"),
        _("Add a number"),
        _("Sleep, panic, missed doses: a number says more than better or worse."),
    ),
    Noun(
        "decisions",
        models.DecisionWanted,
        forms.DecisionForm,
        "goals",
        _("What I want decided"),
        _("Add a question"),
        _("What you want decided at the next visit."),
    ),
    Noun(
        "goals",
        models.Goal,
        forms.GoalForm,
        "goals",
        _("Goals"),
        _("Add a goal"),
        _("Where you want to be, in numbers if you can, and by when."),
    ),
    Noun(
        "conditions",
        models.Condition,
        forms.ConditionForm,
        "conditions",
        _("Diagnoses and conditions"),
        _("Add a diagnosis or condition"),
        _("Diagnoses, pregnancy and other medical conditions."),
    ),
    Noun(
        "past-medicines",
        models.MedicineTrial,
        forms.TrialForm,
        "medications",
        _("Medicines tried before"),
        _("Add a medicine from before"),
        _("So that nobody starts again what did not help or did harm."),
    ),
    Noun(
        "treatments",
        models.TreatmentTried,
        forms.TreatmentForm,
        "history",
        _("Other treatments tried"),
        _("Add a treatment"),
        _("Therapies and other treatments, and what came of them."),
    ),
    Noun(
        "hospital",
        models.HospitalStay,
        forms.StayForm,
        "history",
        _("Hospital stays"),
        _("Add a hospital stay or emergency visit"),
        _("Where, when, how long and why."),
    ),
    Noun(
        "contacts",
        models.EmergencyContact,
        forms.ContactForm,
        "contacts",
        _("Emergency contacts"),
        _("Add a person"),
        _("Who should be called if something happens to you."),
    ),
    Noun(
        "daily-life",
        models.DailyLife,
        forms.DailyLifeForm,
        "contacts",
        _("Daily life"),
        _("Fill in daily life"),
        _("Work, sleep, visits, hospital, pharmacy and insurance."),
        single=True,
    ),
)
BY_SLUG = {noun.slug: noun for noun in NOUNS}
