"""Lines that a reader other than the patient always sees, and that never leak.

Each line follows from the scope of the reader's consent and from what is shown on the
page, never from what is held back. Where something is hidden, the page reads as it
would if that something did not exist (DESIGN 2, Constant lines).

Clinical wording: awaiting review by a clinician (docs/wording-awaiting-review.md).
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# Kept as message ids: translated when shown, the same text for every reader.
_CHOICE = gettext_noop(
    "The patient chooses what is shared. This may not be everything."
)


class Extent(Enum):
    """How much of one category a reader's consents cover."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


class Scope(Protocol):
    """What is shared by consent alone; `consents.scopes.Scope` is one."""

    def has(self, category: str) -> bool: ...

    def has_whole(self, category: str) -> bool: ...


def extent(scope: Scope, category: str) -> Extent:
    """How much of the category the scope covers.

    Marks on single items ("only me", "not for this person") are data, not scope: a
    line that followed them would change when an item is hidden.
    """
    if not scope.has(category):
        return Extent.NONE
    return Extent.WHOLE if scope.has_whole(category) else Extent.PART


def choice() -> str:
    """On every page about a patient that someone else reads."""
    return _(_CHOICE)


def nothing_shared() -> str:
    """For a care-team member whom no consent covers now."""
    return _("Nothing is shared with you now.")


def emergency_choice() -> str:
    """On the emergency page, the same for every reader."""
    return _(
        "This page opened because you stated an emergency. "
        "It may not be everything. Ask, and look for papers."
    )


def emergency_heading(section_name: str, *, count: int) -> str:
    """Above a list of the emergency page. Never "complete"."""
    return _("%(section)s open in this emergency (%(count)d). There may be others.") % {
        "section": section_name,
        "count": count,
    }


def emergency_none() -> str:
    """For a section of the emergency page with nothing on it: never "none"."""
    return _("Nothing open here. That does not mean that there is nothing. Ask.")


def emergency_closed() -> str:
    """Where the patient said no: for all, or for one. The same words for both."""
    return _("The emergency page is not open to you here.")


def medicines_heading(
    *, reader_name: str, count: int, covered: Extent = Extent.PART
) -> str:
    """Above a list of medicines. The same whatever is held back; never "complete"."""
    if covered is Extent.NONE:
        return not_part(_("Medicines"))
    return _(
        "Medicines shared with %(reader)s (%(count)d). "
        "Before prescribing, ask what else is taken."
    ) % {"reader": reader_name, "count": count}


def allergies_heading(*, reader_name: str, count: int) -> str:
    """Above a list of allergies with at least one row."""
    return _("Allergies shared with %(reader)s (%(count)d). Ask about others.") % {
        "reader": reader_name,
        "count": count,
    }


def not_part(section_name: str) -> str:
    """In place of a section whose category the reader's consents do not name."""
    return _("%(section)s: not part of what is shared here. Ask.") % {
        "section": section_name
    }


def none_on_list(section_name: str) -> str:
    """For a section in scope with nothing on it to show."""
    return _("%(section)s: none on the list shared with you. Ask.") % {
        "section": section_name
    }


def not_part_here() -> str:
    """`not_part` under a heading that names the section already."""
    return _("Not part of what is shared here. Ask.")


def none_here() -> str:
    """`none_on_list` under a heading that names the section already."""
    return _("None on the list shared with you. Ask.")


def safety_not_part() -> str:
    """Of the safety answer, to a clinician: it says what to ask about."""
    return _(
        "Answers about suicidal thoughts are not part of what is shared here. Ask."
    )


def safety_none() -> str:
    """In scope with no answer. Never "none" alone: it would read as the answer."""
    return _("No answer about suicidal thoughts is shared with you. Ask.")


def may_say_none_known(*, covered: Extent, is_stated: bool, count: int) -> bool:
    """Whether "No known allergies" may be said to a reader.

    Only if the whole scope of allergies is shared, the patient's own current statement
    "I have no known allergies" is itself on the page, and no allergy is. Adding any
    allergy must end that statement, also an allergy marked "only me": safety comes
    before concealment here. The line that follows is then the one that also stands
    where the patient was never asked.
    """
    return covered is Extent.WHOLE and is_stated and count == 0


def allergies_line(
    *, covered: Extent, is_stated: bool, count: int, reader_name: str
) -> str:
    """The one line of the allergies box; the rows, if any, stand below it."""
    if covered is Extent.NONE:
        return not_part(_("Allergies"))
    if count:
        return allergies_heading(reader_name=reader_name, count=count)
    if may_say_none_known(covered=covered, is_stated=is_stated, count=count):
        return _("No known allergies.")
    return none_on_list(_("Allergies"))


def own_allergies_line(*, is_stated: bool, count: int) -> str:
    """The same box for the patient, who sees everything."""
    if count:
        return _("Known allergies (%(count)d)") % {"count": count}
    if is_stated:
        return _("No known allergies.")
    return _("Allergies not recorded.")


def empty_reason(*, covered: Extent, is_stated: bool) -> str:
    """FHIR List.emptyReason for an empty allergy list: the same rule, as a code.

    Never "withheld": that code would say that something is there.
    Source: HL7 list-empty-reason.
    """
    if may_say_none_known(covered=covered, is_stated=is_stated, count=0):
        return "nilknown"
    return "unavailable"


@dataclass(frozen=True)
class NotSent:
    """An update that did not go out, so that it can't be taken for sent."""

    headline: str
    call: str
    law: str

    @property
    def plain(self) -> str:
        """The three lines as one paragraph."""
        return f"{self.headline} {self.call} {self.law}"


def not_sent(*, recipient_name: str, phone: str = "") -> NotSent:
    """The lines of a held update, for its author. `phone` is the recipient's own."""
    call = (
        _("Call now: %(phone)s.") % {"phone": phone}
        if phone
        else _("Call now. No phone number is on file here: look it up.")
    )
    return NotSent(
        headline=_("NOT SENT. %(name)s has not been told.") % {"name": recipient_name},
        call=call,
        law=_(
            "This service only shares what the patient allowed. "
            "It does not decide what the law lets you say by phone for treatment "
            "or to prevent harm."
        ),
    )


def names_medicine() -> str:
    """On the check page of every update: always, so that it reveals nothing."""
    return _(
        "If your text names a medicine: some readers may not have it on their list."
    )


def printed_footer(*, signed: date) -> str:
    """At the foot of a page made for a reader under a consent."""
    return _(
        "Shared for treatment with the patient's permission of %(date)s. "
        "Please ask before sending it further."
    ) % {"date": date_format(signed, "F j, Y")}


@dataclass(frozen=True)
class NotFound:
    """The page for what is not there, and for what is not shared: one text."""

    heading: str
    text: str


def not_found() -> NotFound:
    """The same for an address that never existed and for one that is not for you."""
    return NotFound(
        heading=_("Page not found"),
        text=_(
            "There is nothing to show at this address. "
            "Check the address, or go to your home page."
        ),
    )
