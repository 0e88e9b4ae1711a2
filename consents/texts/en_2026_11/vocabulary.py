"""The codes of DESIGN 2 in the words of this wording."""

from datetime import date

from consents.texts.shape import date_words

CATEGORIES = {
    "medications": "Medicines: what I take, what I took before, and side effects.",
    "allergies": "Allergies: what I react to, and how.",
    "substances": "Alcohol, cannabis and nicotine: what I use and how much.",
    "conditions": "Health conditions: what I have been told I have, and pregnancy.",
    "updates": "Updates: short reports from my care team, with the safety answer.",
    "measures": (
        "Numbers: sleep, mood, panic, missed doses, test scores, vital signs and labs."
    ),
    "goals": "Goals and plan: what I work on, and how it is going.",
    "history": "History: hospital stays and treatments that I tried.",
    "documents": "Papers: letters, reports and test results in my folder.",
    "safety": "Safety: warning signs and my crisis plan.",
    "observations": "What family or friends noticed and wrote down.",
    "care_team": "My care team: who is on it and what each person does.",
    "contacts": "Contacts: emergency contacts, pharmacy, insurance and visits.",
}

LABELS = {
    "substance_use": "treatment for alcohol or drug use",
    "sexual_reproductive": "sexual and reproductive health",
    "hiv": "HIV",
    "violence": "violence or abuse that I lived through",
    "private": "what I marked as private",
}

# HL7 v3 ActReason. "At the request of the patient" is enough by itself:
# 42 CFR 2.31(a)(5)(i), 45 CFR 164.508(c)(1)(iv).
PURPOSES = {
    "TREAT": "To treat me.",
    "COC": "So that the people who treat me can work together.",
    "FAMRQT": "So that family or friends can support me.",
    "ETREAT": "To treat me in an emergency.",
    "PATRQT": "Because I ask for it.",
}

ITEM_WINDOWS = {
    "from_today": "only what is dated on or after the start date",
    "last_12_months": "what is dated in the 12 months before the start date, or later",
    "all": "all of it, old and new",
}


def since(day: date) -> str:
    """How far back, from a stored first day."""
    return f"what is dated {date_words(day)} or later"
