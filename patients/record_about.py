"""The questions of the record where somebody answers them about the patient.

A parent is not asked what bothers them. Words by kind and field; where none stands
here the patient's own words fit as they are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.record_nouns import Noun

if TYPE_CHECKING:
    from consents.access import OpenPatient

TITLES = {"decisions": _("What is to be decided")}
PURPOSES = {
    "symptoms": _(
        "What bothers %(name)s, since when, and what makes it better or worse."
    ),
    "decisions": _("What is to be decided at the next visit of %(name)s."),
    "goals": _(
        "Where %(name)s is to be, in numbers where that is possible, and by when."
    ),
    "contacts": _("Who should be called if something happens to %(name)s."),
}
QUESTIONS = {
    ("treatments", "what"): _("What was tried?"),
    ("past-medicines", "year"): _("In which year did %(name)s stop?"),
    ("past-medicines", "why_stopped"): _("Why was it stopped?"),
    ("goals", "baseline"): _("Where is %(name)s now?"),
    ("goals", "target"): _("Where does %(name)s want to be?"),
    ("contacts", "relationship"): _("Who is it to %(name)s?"),
    ("daily-life", "work_schedule"): _("When does %(name)s work or go to school?"),
    ("daily-life", "sleep_pattern"): _("When does %(name)s usually sleep?"),
    ("daily-life", "visit_preference"): _("How does %(name)s like visits?"),
    ("daily-life", "preferred_hospital"): _("Which hospital does %(name)s prefer?"),
    ("daily-life", "pharmacy"): _("Which pharmacy does %(name)s use?"),
    ("daily-life", "insurance"): _("Which insurance does %(name)s have?"),
    ("decisions", "what"): _("What is to be decided for %(name)s?"),
}


def about(noun: Noun, opened: OpenPatient) -> Noun:
    """A kind of items in the words for whoever keeps it. No name in its title."""
    return replace(
        noun,
        title=_said(TITLES.get(noun.slug), noun.title, opened),
        purpose=_said(PURPOSES.get(noun.slug), noun.purpose, opened),
    )


def ask(form: forms.Form, noun: Noun, opened: OpenPatient) -> None:
    """Puts the questions of a form about the patient, by name."""
    for name, field in form.fields.items():
        question = QUESTIONS.get((noun.slug, name))
        field.label = _said(question, field.label, opened)


def _said(other: Any, own: Any, opened: OpenPatient) -> Any:
    if other is None or opened.is_patient:
        return own
    return str(other) % {"name": opened.patient.first_name}
