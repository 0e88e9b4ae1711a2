"""The words around updates, and what notices may say outside. Codes: codes.py.

Clinical wording: awaiting review by a clinician (docs/wording-awaiting-review.md).
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from messaging.codes import PRESENT, Ask, NoticeKind, Plan, SuicidalThoughts, Urgency

WHAT_CHANGED_LIMIT = 280


def urgencies_for(answer: str) -> tuple[Urgency, ...]:
    """The urgencies that may go with an answer.

    Any thoughts present are never "for information"; a plan is always today, with a
    call. Raises ValueError for an unknown answer.
    """
    match SuicidalThoughts(answer):
        case SuicidalThoughts.PLAN:
            return (Urgency.TODAY,)
        case SuicidalThoughts.THOUGHTS:
            return (Urgency.NEXT_VISIT, Urgency.TWO_DAYS, Urgency.TODAY)
        case _:
            return tuple(Urgency)


def asks_for(answer: str) -> tuple[Ask, ...]:
    """The asks that may go with an answer: thoughts present always ask for something.

    Raises ValueError for an unknown answer.
    """
    if SuicidalThoughts(answer) in PRESENT:
        return tuple(ask for ask in Ask if ask is not Ask.NOTHING)
    return tuple(Ask)


def must_call_now(answer: str) -> bool:
    """Whether the send button gives way to the page with numbers to call now."""
    return SuicidalThoughts(answer) is SuicidalThoughts.PLAN


# "Advise on ___" is no ask without its subject.
ASKS_WITH_SUBJECT = frozenset({Ask.ADVISE})

# What completes each plan: a date, a text, or a member of the care team.
PLAN_NEEDS = {
    Plan.CALL_BY: "date",
    Plan.DECIDE_AT: "date",
    Plan.DECIDED: "text",
    Plan.NOT_MINE: "person",
    Plan.SEEN: "",
}


def plans_for(ask: str) -> tuple[Plan, ...]:
    """How an update may be acknowledged: what was asked is never just "seen".

    Raises ValueError for an unknown ask.
    """
    if Ask(ask) is Ask.NOTHING:
        return (Plan.SEEN,)
    return tuple(plan for plan in Plan if plan is not Plan.SEEN)


def safety_line(*, crisis_number: str = "988", working_days: int = 2) -> str:
    """Above every form that writes to the team (SCREENS E4)."""
    return _(
        "Only use updates for non-urgent needs. "
        "Your team may take up to %(days)d working days to reply. "
        "If you are in crisis or thinking about suicide, "
        "call or text %(number)s, any time."
    ) % {"days": working_days, "number": crisis_number}


# Notices --------------------------------------------------------------------
# Mail and text pass through other people's machines and screens. They hold no clinical
# word and no name of a person, medicine, condition or role (DESIGN 3).

SENDER_NAME = "Shared care"
MAX_SUBJECT_WORDS = 9
MAX_SUBJECT_LENGTH = 60


# Kind to (subject, body). Kinds beyond NoticeKind are said here before they are stored.
_NOTICES: dict[str, tuple[str, str]] = {
    NoticeKind.UPDATE: (
        gettext_noop("You have something to check"),
        gettext_noop("Someone on your team asked you to check something."),
    ),
    NoticeKind.EVENT: (
        gettext_noop("Something you follow has changed"),
        gettext_noop("Something that you may see has changed."),
    ),
    NoticeKind.ANSWER: (
        gettext_noop("An update was acknowledged"),
        gettext_noop("An update that you sent was acknowledged or answered."),
    ),
    NoticeKind.OVERDUE: (
        gettext_noop("Something is past its date"),
        gettext_noop("Something that was asked is past its date."),
    ),
    NoticeKind.LATE_DOSE: (
        gettext_noop("Something is past its day"),
        gettext_noop("Something that you follow is past its day."),
    ),
    NoticeKind.CONSENT_REQUEST: (
        gettext_noop("Someone asked you a question"),
        gettext_noop("Someone asked you to share something. You can say yes or no."),
    ),
    NoticeKind.SHARED: (
        gettext_noop("Someone shared something with you"),
        gettext_noop("Someone chose to share with you."),
    ),
    NoticeKind.SHARING_ENDS: (
        gettext_noop("Some of your sharing ends soon"),
        gettext_noop("You can let it end or share again."),
    ),
    NoticeKind.JOINED: (
        gettext_noop("Someone accepted your invitation"),
        gettext_noop("Nothing opens until you say that it is the right person."),
    ),
    NoticeKind.NEW_STAFF: (
        gettext_noop("Someone can see more than before"),
        gettext_noop(
            "Someone works at a place you share with. They may see that now. "
            "You can see who."
        ),
    ),
    NoticeKind.REPORT_ANSWERED: (
        gettext_noop("You have an answer"),
        gettext_noop("Something that you sent was answered."),
    ),
    NoticeKind.FIRST_ACCESS: (
        gettext_noop("Someone looked at your information for the first time"),
        gettext_noop(
            "Someone you share with opened your information for the first time. "
            "You can see who."
        ),
    ),
    NoticeKind.ACTS_FOR: (
        gettext_noop("Someone can decide for you now"),
        gettext_noop("Someone can look and decide for you now. You can see who."),
    ),
    NoticeKind.STOPPED_ACTING: (
        gettext_noop("Someone no longer decides for you"),
        gettext_noop(
            "Someone who could decide for you no longer can. You can see who."
        ),
    ),
    NoticeKind.DECIDED_FOR: (
        gettext_noop("Something was decided for you"),
        gettext_noop(
            "Someone who decides for you decided who can see or hear something. "
            "You can see who and what, and you can change it."
        ),
    ),
    NoticeKind.COMING_OF_AGE: (
        gettext_noop("A birthday changes who decides here"),
        gettext_noop("A birthday that comes soon changes who decides here."),
    ),
    NoticeKind.CODE_USED: (
        gettext_noop("Someone used a code of yours"),
        gettext_noop("Someone used a code that you gave. You can see who."),
    ),
    NoticeKind.CODE_CLOSED: (
        gettext_noop("A code of yours was closed"),
        gettext_noop("A code that you gave opens nothing any more. You can see why."),
    ),
    NoticeKind.GUEST_NOTE: (
        gettext_noop("Someone wrote you a note"),
        gettext_noop("Someone with a code of yours wrote you a note."),
    ),
    NoticeKind.CONFLICT: (
        gettext_noop("Two things you follow go together"),
        gettext_noop("Two things that you may see go together. Please look at both."),
    ),
    NoticeKind.CHECK_IN: (
        gettext_noop("A short question waits for you"),
        gettext_noop("One question waits for you. One tap is enough."),
    ),
    NoticeKind.WARNING: (
        gettext_noop("You have something to read"),
        gettext_noop("Please read it today, before you change anything."),
    ),
    NoticeKind.WAITS: (
        gettext_noop("Something waits for your word"),
        gettext_noop("Something waits. You can send it on, or leave it."),
    ),
    NoticeKind.EMERGENCY: (
        gettext_noop("Something was opened without asking you first"),
        gettext_noop(
            "Someone on your team opened something without asking you first. "
            "You can see who and why."
        ),
    ),
    NoticeKind.EMERGENCY_CHECKED: (
        gettext_noop("What was opened without asking was checked"),
        gettext_noop(
            "Something was opened without asking you first. It was checked. "
            "You can read what was found."
        ),
    ),
    NoticeKind.CASE: (
        gettext_noop("Something needs you"),
        gettext_noop("Something that concerns you was written down."),
    ),
    NoticeKind.OFFICE: (
        gettext_noop("Something waits for you"),
        gettext_noop("Something waits for you to check it."),
    ),
    "correction": (
        gettext_noop("Something we told you was corrected"),
        gettext_noop("Something we told you about was corrected. Read it again."),
    ),
    "released": (
        gettext_noop("Something that waited was sent"),
        gettext_noop("Something that you wrote has now been sent."),
    ),
    # For whatever is clinical, and for several kinds at once: always the same words.
    "gathered": (
        gettext_noop("You have something new"),
        gettext_noop("There is something new for you."),
    ),
    "refused": (
        gettext_noop("A page was requested and not shown"),
        gettext_noop("A page that you did not share was requested. Nothing was shown."),
    ),
}

_DISCREET_SUBJECT = gettext_noop("You have a new message")
_DISCREET_BODY = gettext_noop("You have a new message.")


@dataclass(frozen=True)
class Notice:
    """The outside face of an event: constant words and, at most, a day."""

    sender_name: str
    subject: str
    body: str
    text_message: str


def notice(
    kind: str, *, site: str, by: date | None = None, is_discreet: bool = False
) -> Notice:
    """The mail and the text message for one kind of event.

    `site` is the address of the sign-in page, without an id. `by` is a day only; no
    other fact about the event can be passed in. Raises KeyError for an unknown kind.
    """
    subject, body = _NOTICES[kind]
    if is_discreet:
        subject, body = _DISCREET_SUBJECT, _DISCREET_BODY
    return Notice(
        sender_name=SENDER_NAME,
        subject=_(subject),
        body="\n\n".join(_body_lines(_(body), site=site, by=by)),
        text_message=_text_message(by=by, is_discreet=is_discreet),
    )


def _body_lines(what: str, *, site: str, by: date | None) -> list[str]:
    sign_in = (
        _("Please sign in before %(day)s.") % {"day": _day(by)}
        if by
        else _("Please sign in to see it.")
    )
    return [
        _("Hello,"),
        f"{what} {sign_in}",
        _("Sign in: %(site)s") % {"site": site},
        _("You get this because you chose e-mail notices. Do not reply."),
    ]


def _text_message(*, by: date | None, is_discreet: bool) -> str:
    if is_discreet:
        return _("You have a new message. Open the site yourself.")
    if by:
        return _(
            "Shared care: something needs you by %(day)s. "
            "Open the site yourself; we do not send links by text."
        ) % {"day": _day(by)}
    return _(
        "Shared care: you have something to check. "
        "Open the site yourself; we do not send links by text."
    )


def _day(day: date) -> str:
    return date_format(day, "M j")


# Stems that would tell a stranger at a lock screen what the service is for, or who
# wrote. Sweeps over templates and mail use `telling_words`.
_TELLING = re.compile(
    r"""\b(
        mental\w* | psych\w* | therap\w* | counsel\w* | psychiatr\w* | suicid\w*
      | crisis | depress\w* | anxi\w* | bipolar | psychos\w* | mania | manic | trauma\w*
      | addict\w* | substance\w* | alcohol\w* | drug\w* | hiv | pregnan\w*
      | medicine\w* | medicat\w* | dose\w* | pill\w* | prescri\w* | pharmac\w*
      | allerg\w* | diagnos\w* | symptom\w* | treatment\w* | hospital\w* | clinic\w*
      | patient\w* | doctor\w* | dr | nurse\w* | physician\w* | provider\w*
      | supervisor\w* | caregiver\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def telling_words(text: str) -> tuple[str, ...]:
    """The words in a notice that say too much, in order; empty if it may go out."""
    return tuple(match.group(0) for match in _TELLING.finditer(text))
