"""What a consent text is made of: terms go in, tagged sections come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

# Categories whose items carry a date, so the patient is asked how far back to share.
WINDOWED_CATEGORIES = ("updates", "measures", "documents")


class WordingError(ValueError):
    """The terms cannot be put into words. The message is one plain sentence."""


@dataclass(frozen=True)
class Section:
    """One headed part of a text.

    `rule` names the sections of law that the part serves, separated by "; ",
    or is empty where no law asks for it.
    """

    heading: str
    paragraphs: tuple[str, ...]
    rule: str = ""

    @property
    def rules(self) -> tuple[str, ...]:
        """The sections of law, one by one."""
        return tuple(part for part in self.rule.split("; ") if part)

    @property
    def plain(self) -> str:
        """Heading and paragraphs as lines of plain text."""
        return "\n".join((self.heading, *self.paragraphs))


@dataclass(frozen=True)
class ConsentText:
    """A finished text and the version of the wording that it was made from."""

    version: str
    sections: tuple[Section, ...]

    @property
    def plain(self) -> str:
        """The whole text as shown, to be kept with the signature."""
        return "\n\n".join(section.plain for section in self.sections)


@dataclass(frozen=True)
class Representative:
    """Who signs for the patient, and by what right.

    `authority` completes "signs as": "health-care agent", "court-appointed guardian".
    Source: 42 CFR 2.31(a)(8) with 2.14 and 2.15, 45 CFR 164.508(c)(1)(vi).
    """

    name: str
    authority: str


class Operator(Protocol):
    """Who runs the service; `carecoord.jurisdiction.Operator` is one."""

    @property
    def name(self) -> str: ...

    @property
    def contact(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the patient decided, in the codes of DESIGN 2 and in names as shown.

    `discloser_names` None means any member of the care team. Categories, labels and
    purposes are codes ("medications", "hiv", "TREAT"). `item_window` is a key of
    `item_windows()` or a phrase of one's own; empty only if nothing dated is shared.
    `redisclosure` is "hipaa" for a recipient bound by HIPAA, else "unprotected".
    `ends` is the last day, whole; with `ends_event` it is the latest one.
    `openings` is there for a recipient who comes with a code.

    Raises WordingError for terms that no consent may have.
    """

    patient_name: str
    recipient_name: str
    recipient_role: str
    discloser_names: Sequence[str] | None
    category_names: Sequence[str]
    label_names: Sequence[str]
    purposes: Sequence[str]
    starts: date
    ends: date
    item_window: str
    operator: Operator
    redisclosure: str
    representative: Representative | None = None
    ends_event: str = ""
    recipient_is_organization: bool = False
    # For a code: how often it opens the page. None for a recipient who is known.
    openings: int | None = None

    def __post_init__(self) -> None:
        self.check()

    def check(self) -> None:
        """Refuse terms that no consent may have.

        Raises WordingError. A deficient consent must not be acted on
        (42 CFR 2.31(c), 45 CFR 164.508(b)(2)), so none is ever put into words.
        """
        self._check_parties()
        self._check_scope()
        if self.ends < self.starts:
            raise WordingError("The end date must not be before the start date.")
        if self.redisclosure not in ("hipaa", "unprotected"):
            raise WordingError("Say if the recipient must follow HIPAA or not.")

    def _check_parties(self) -> None:
        required = {
            "the patient's name": self.patient_name,
            "the recipient's name": self.recipient_name,
            "the recipient's role": self.recipient_role,
            "the operator's name": self.operator.name,
            "the operator's contact": self.operator.contact,
        }
        missing = [what for what, value in required.items() if not value.strip()]
        if missing:
            raise WordingError(f"The consent lacks {' and '.join(missing)}.")
        if self.discloser_names is not None and not self.discloser_names:
            raise WordingError("Name who may share, or allow the whole care team.")

    def _check_scope(self) -> None:
        if not self.category_names:
            raise WordingError("Choose at least one kind of information to share.")
        if not self.purposes:
            raise WordingError("Choose at least one reason to share.")
        asks_how_far_back = set(self.category_names) & set(WINDOWED_CATEGORIES)
        if asks_how_far_back and not self.item_window.strip():
            raise WordingError("Choose how far back to share.")


def words_for(
    codes: Sequence[str], words: Mapping[str, str], *, kind: str
) -> tuple[str, ...]:
    """Each code's words in the order of the table, not of the request.

    Raises WordingError for a code that the wording does not know: an unknown code is
    never shared.
    """
    unknown = sorted(set(codes) - set(words))
    if unknown:
        raise WordingError(f"The wording does not know the {kind} {unknown[0]}.")
    return tuple(text for code, text in words.items() if code in codes)


def date_words(day: date) -> str:
    """A day in full, as a reader of the signed copy expects: March 1, 2027."""
    return f"{day:%B} {day.day}, {day.year}"


def joined(names: Sequence[str], *, word: str = "and") -> str:
    """Names as a phrase: "A", "A and B", "A, B and C"."""
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last
