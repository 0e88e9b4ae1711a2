"""What an emergency room needs, and no more of the chart than that.

Medicines and allergies, changes of the last 90 days, conditions, crisis plan where
there is one, contacts (DESIGN 2, emergency access). Read row by row through the rule.
"""

from __future__ import annotations

from consents.access import OpenPatient
from patients.access.allergies import load_allergies
from patients.access.chart import ChartRows, load_changes
from patients.access.medicines import load_list
from patients.conversation import Conversation
from patients.models import Condition, DailyLife, EmergencyContact


def load_core(opened: OpenPatient) -> ChartRows:
    """A chart of the emergency rows alone; the rest is empty for every reader."""
    medicines = load_list(opened)
    return ChartRows(
        medicines=medicines,
        allergies=load_allergies(opened),
        substances=[],
        changes=load_changes(opened, medicines.statements),
        trials=[],
        treatments=[],
        conditions=opened.items(Condition.objects.order_by("status", "name", "pk")),
        stays=[],
        symptoms=[],
        goals=[],
        decisions=[],
        daily_life=next(iter(opened.items(DailyLife.objects.all())), None),
        contacts=opened.items(EmergencyContact.objects.order_by("occurred_at", "pk")),
        numbers={},
        team=[],
        conversation=Conversation(),
    )
