"""The constant lines in the words of whoever reads them.

Clinicians prescribe and ask; family is let see; whoever acts for the patient reads what
a document covers, or keeps the record alone. The words follow from the relation, the
document and whether the patient signs in, never from what the record holds.

Wording: awaiting review (docs/wording-awaiting-review.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from consents import lines
from consents.codes import Relation
from consents.lines import Extent

if TYPE_CHECKING:
    from consents.access.patient import OpenPatient


@dataclass(frozen=True)
class Words:
    """One kind of reader. `%(name)s` is the patient, `%(reader)s` whoever reads."""

    choice: str
    medicines: str
    allergies: str
    none: str
    none_of: str
    not_part: str
    not_part_of: str


FAMILY = Words(
    choice=gettext_noop(
        "%(name)s chooses what you see here. This may not be everything."
    ),
    medicines=gettext_noop(
        "Medicines shared with %(reader)s (%(count)d). There may be others."
    ),
    allergies=gettext_noop(
        "Allergies shared with %(reader)s (%(count)d). There may be others."
    ),
    none=gettext_noop("None on the list shared with you. Ask %(name)s."),
    none_of=gettext_noop(
        "%(section)s: none on the list shared with you. Ask %(name)s."
    ),
    not_part=gettext_noop("Not part of what is shared here."),
    not_part_of=gettext_noop("%(section)s: not part of what is shared here."),
)
ACTS = Words(
    choice=gettext_noop(
        "You see what the document covers. %(name)s can keep things private, "
        "so this may not be everything."
    ),
    medicines=gettext_noop(
        "Medicines of %(name)s that you see (%(count)d). There may be others."
    ),
    allergies=gettext_noop(
        "Allergies of %(name)s that you see (%(count)d). There may be others."
    ),
    none=gettext_noop("None on the list that you see. Ask %(name)s too."),
    none_of=gettext_noop(
        "%(section)s: none on the list that you see. Ask %(name)s too."
    ),
    not_part=gettext_noop("Not part of what the document covers."),
    not_part_of=gettext_noop("%(section)s: not part of what the document covers."),
)
KEEPS = Words(
    choice=gettext_noop(
        "This is what is written down for %(name)s. It may not be everything."
    ),
    medicines=gettext_noop(
        "Medicines written down for %(name)s (%(count)d). There may be others."
    ),
    allergies=gettext_noop(
        "Allergies written down for %(name)s (%(count)d). There may be others."
    ),
    none=gettext_noop("Nothing is written down here yet."),
    none_of=gettext_noop("%(section)s: nothing is written down here yet."),
    not_part=ACTS.not_part,
    not_part_of=ACTS.not_part_of,
)


@dataclass(frozen=True)
class Spoken:
    """The constant lines for one reader of one patient."""

    opened: OpenPatient

    def _words(self, category: str = "") -> Words | None:
        """None for clinicians: their lines stand in consents/lines.py."""
        opened = self.opened
        if opened.representative is None:
            return FAMILY if opened.relation == Relation.FAMILY else None
        if opened.patient.user_id is not None:
            return ACTS
        decides = opened.decides(category) if category else _signs(opened)
        return KEEPS if decides else ACTS

    def _said(self, text: str, **more: object) -> str:
        names = {
            "name": self.opened.patient.first_name,
            "reader": self.opened.reader_name,
        }
        return _(text) % {**names, **more}

    def choice(self) -> str:
        """On every page about a patient that somebody else reads."""
        words = self._words()
        return self._said(words.choice) if words else lines.choice()

    def medicines_heading(self, count: int) -> str:
        """Above a list of medicines, the same whatever is held back."""
        opened = self.opened
        covered = lines.extent(opened.scope, "medications")
        if covered is Extent.NONE:
            return self.not_part_of(_("Medicines"))
        if words := self._words("medications"):
            return self._said(words.medicines, count=count)
        return lines.medicines_heading(
            reader_name=opened.shared_with, count=count, covered=covered
        )

    def allergies_heading(self, count: int) -> str:
        """Above a list of allergies with at least one row."""
        if words := self._words("allergies"):
            return self._said(words.allergies, count=count)
        return lines.allergies_heading(reader_name=self.opened.shared_with, count=count)

    def none_here(self, category: str) -> str:
        """In scope with nothing to show, under a heading that names the section."""
        words = self._words(category)
        return self._said(words.none) if words else lines.none_here()

    def none_of(self, category: str, section: str) -> str:
        """The same with the name of the section in it."""
        if words := self._words(category):
            return self._said(words.none_of, section=section)
        return lines.none_on_list(section)

    def not_part_here(self) -> str:
        """Out of scope, under a heading that names the section."""
        words = self._words()
        return self._said(words.not_part) if words else lines.not_part_here()

    def not_part_of(self, section: str) -> str:
        """The same with the name of the section in it."""
        if words := self._words():
            return self._said(words.not_part_of, section=section)
        return lines.not_part(section)

    def safety_not_part(self) -> str:
        """Out of scope, under "Safety": a clinician reads what to ask about."""
        return self.not_part_here() if self._words() else lines.safety_not_part()

    def safety_none(self) -> str:
        """In scope, with no answer."""
        return self.none_here("updates") if self._words() else lines.safety_none()


def _signs(opened: OpenPatient) -> bool:
    acting = opened.representative
    return bool(acting and acting.may_sign)


def spoken_to(opened: OpenPatient) -> Spoken:
    """The lines for whoever opened the patient."""
    return Spoken(opened)
