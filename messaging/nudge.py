"""One question back to the author when an update says "worse" and no number.

"Better", "worse" and "okay" do not tell a prescriber what to do: how often, how bad,
how long and compared with when do. The question is asked once and never blocks.
Wording awaits review by a clinician.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Part = Literal["frequency", "severity", "duration", "change"]


class Nudge(NamedTuple):
    """The vague sentence, the word in it, what is missing, and the question to ask."""

    sentence: str
    trigger: str
    missing: Part
    question: str


class Vague(NamedTuple):
    """The words of one language: what is vague, and what makes it exact."""

    triggers: re.Pattern[str]
    exact: re.Pattern[str]
    markers: re.Pattern[str]


def _words(*words: str) -> re.Pattern[str]:
    # The longest first, so that "not doing well" is found before "doing well".
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ordered)})(?!\w)", re.IGNORECASE)


ENGLISH = Vague(
    triggers=_words(
        *("better", "worse", "okay", "ok", "fine", "good", "bad", "stable", "same"),
        *("struggling", "a lot", "sometimes", "often", "rarely", "up and down"),
        *("some", "more", "less", "not great", "doing well", "not doing well"),
        *("anxious", "depressed", "tired", "moody", "off"),
    ),
    exact=_words(
        r"(?<!no )one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve",
        r"twenty|thirty|forty|fifty|hundred|dozen|once|twice|half",
        r"minutes?|hours?|days?|daily|nights|nightly|weeks?|weekly|weekends?",
        r"(?:last|every|each|a|per) night|months?|monthly|years?",
        r"today|tonight|yesterday|since",
    ),
    markers=_words(
        *("the", "is", "was", "and", "she", "he", "they", "i", "i['’]m", "to", "of"),
        *("in", "has", "have", "had", "with", "feels?", "not", "sleep", "very"),
    ),
)
SPANISH = Vague(
    triggers=_words(
        *("mejor", "peor", "bien", "mal", "regular", "más o menos", "mas o menos"),
        *("igual", "a veces", "mucho", "poco", "estable", "cansad[oa]", "ansios[oa]"),
    ),
    exact=_words(
        r"una vez|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce",
        r"veinte|treinta|cuarenta|cincuenta|cien|media|medio|docena",
        r"minutos?|horas?|días?|dias?|diari[oa]s?|a diario|noches",
        r"(?:cada|por|esta) noche|anoche|semanas?|semanal|mes(?:es)?|años?",
        r"hoy|ayer|desde|hace",
    ),
    markers=_words(
        *("el", "la", "los", "las", "que", "de", "del", "está", "esta", "estoy"),
        *("muy", "con", "se", "por", "más", "y", "en", "un", "una", "le", "lo", "es"),
        *("ha", "duerme", "siente", "ansiedad", "sueño", "paciente", "ánimo"),
    ),
)
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|[\r\n]+")
# What a text already says, wherever in it.
SAID: dict[Part, re.Pattern[str]] = {
    "frequency": re.compile(
        r"\d+\s*(?:x|times|veces|panic|attacks?|doses?|dosis)"
        r"|\b(?:once|twice|daily|nightly|weekly|diario|cada|every)\b"
        r"|\b(?:a|per|each|por|al?)\s+(?:day|night|week|month|día|dia|semana|mes)\b",
        re.IGNORECASE,
    ),
    "severity": re.compile(
        r"\b\d{1,2}\s*(?:/|of|out of|de)\s*10\b|\bphq|\bgad"
        r"|\b(?:could not|couldn['’]t|cannot|can['’]t|unable|missed|stopped)\b"
        r"|\b(?:no pudo|no puede|faltó|dejó)\b",
        re.IGNORECASE,
    ),
    "duration": re.compile(
        r"\b(?:since|desde)\s+\w"
        r"|\b(?:for|lasts?|lasted|hace|durante|dura)\b.{0,20}?"
        r"(?:\d|\b(?:day|week|month|hour|minute|día|semana|mes|hora))"
        r"|\d+\s*(?:hours?|minutes?|horas?|minutos?)",
        re.IGNORECASE,
    ),
    "change": re.compile(
        r"\b(?:since|than|compared|was|were|from|before|desde|antes|era|eran)\b.*\d"
        r"|\d.*\b(?:since|than|compared|was|were|before|desde|antes|era|eran)\b",
        re.IGNORECASE,
    ),
}


def find_nudge(text: str, *, last_visit_date: date | None = None) -> Nudge | None:
    """The one question to ask about a vague text; None if it is exact enough.

    Sentence by sentence: a vague word counts only in a sentence without a figure, a
    number word, a unit of time or "since".
    """
    missing = next((part for part in SAID if not SAID[part].search(text)), None)
    if missing is None:
        return None
    for sentence in SENTENCE_END.split(text):
        trigger = vague_word(sentence)
        if trigger:
            question = _question(missing, last_visit_date)
            return Nudge(sentence.strip(), trigger, missing, question)
    return None


def vague_word(sentence: str) -> str:
    """The first vague word of a sentence that says nothing exact; empty otherwise."""
    languages = _languages(sentence)
    if any(letter.isdigit() for letter in sentence):
        return ""
    if any(language.exact.search(sentence) for language in languages):
        return ""
    found = [language.triggers.search(sentence) for language in languages]
    return next((match.group() for match in found if match), "")


def _languages(sentence: str) -> tuple[Vague, ...]:
    english = len(ENGLISH.markers.findall(sentence))
    spanish = len(SPANISH.markers.findall(sentence))
    if english == spanish:
        return ENGLISH, SPANISH
    return (ENGLISH,) if english > spanish else (SPANISH,)


def _question(missing: Part, last_visit_date: date | None) -> str:
    if missing == "frequency":
        return _("How often? For example 3 panic attacks a week.")
    if missing == "severity":
        return _("How bad? 0 to 10, or what it stopped the person doing.")
    if missing == "duration":
        return _("How long does it last, and since when?")
    if last_visit_date is None:
        return _("Compared with when?")
    visit = date_format(last_visit_date, pgettext("date format", "M j"))
    return _("Compared with when? Last visit was %(visit)s.") % {"visit": visit}
