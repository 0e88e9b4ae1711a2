"""How serious a flag is, what kind it is, and the words that always stand by it."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

CAVEAT = _("This check is help for a conversation, not a complete check.")


class Severity(IntEnum):
    """From the least to the most serious; the words are those on every screen."""

    KNOW_ABOUT = 1
    TAKE_CARE = 2
    USUALLY_NOT = 3
    AVOID = 4

    @property
    def words(self) -> Any:
        return WORDS[self]

    @property
    def tone(self) -> str:
        """The job of the colour (SCREENS D1): red is for what must not be together."""
        return TONES[self]

    @property
    def advice(self) -> Any:
        """What to do where a rule says nothing better."""
        return ADVICE[self]


class Kind(StrEnum):
    INTERACTION = "interaction"
    QT = "qt"
    SAME_INGREDIENT = "same_ingredient"
    SAME_CLASS = "same_class"
    ALLERGY = "allergy"
    PREGNANCY = "pregnancy"
    BREASTFEEDING = "breastfeeding"
    CONDITION = "condition"
    SUBSTANCE = "substance"
    BOXED = "boxed"
    WASHOUT = "washout"


WORDS = {
    Severity.AVOID: _("Avoid together"),
    Severity.USUALLY_NOT: _("Usually not together"),
    Severity.TAKE_CARE: _("Take care"),
    Severity.KNOW_ABOUT: _("Know about"),
}
TONES = {
    Severity.AVOID: "urgent",
    Severity.USUALLY_NOT: "warn",
    Severity.TAKE_CARE: "info",
    Severity.KNOW_ABOUT: "plain",
}
ADVICE = {
    Severity.AVOID: _(
        "Ask a pharmacist or your prescriber before the next dose. "
        "Do not stop by yourself what you have taken for long."
    ),
    Severity.USUALLY_NOT: _(
        "Ask your prescriber soon whether both are meant. "
        "Do not stop either by yourself."
    ),
    Severity.TAKE_CARE: _(
        "Ask what to watch for, and tell your prescriber if you notice it."
    ),
    Severity.KNOW_ABOUT: _("Nothing to do now. Mention it at the next visit."),
}
