"""The words of updates and notices: closed lists, and what may be said outside.

Clinical wording: awaiting review by a clinician (docs/wording-awaiting-review.md).
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

WHAT_CHANGED_LIMIT = 280


class Urgency(models.TextChoices):
    """How soon. Nothing is preselected."""

    INFORMATION = "information", gettext_lazy("For information")
    NEXT_VISIT = "next_visit", gettext_lazy("Before next visit")
    TWO_DAYS = "two_days", gettext_lazy("Within 2 working days")
    TODAY = "today", gettext_lazy("Today (I will also call)")


class SuicidalThoughts(models.TextChoices):
    """The answer that every update from a clinician carries. No default."""

    NOT_ASKED = "not_asked", gettext_lazy("Not asked")
    NONE = "none", gettext_lazy("Asked: none")
    THOUGHTS = "thoughts", gettext_lazy("Thoughts, no plan or intent")
    PLAN = "plan", gettext_lazy("Plan, intent, attempt or preparation")
    NO_ANSWER = "no_answer", gettext_lazy("Asked, no answer")


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


def must_call_now(answer: str) -> bool:
    """Whether the send button gives way to the page with numbers to call now."""
    return SuicidalThoughts(answer) is SuicidalThoughts.PLAN


class Appetite(models.TextChoices):
    """Since the last visit, compared with usual."""

    NOT_ASKED = "not_asked", gettext_lazy("Not asked")
    LESS = "less", gettext_lazy("Eats less than usual")
    SAME = "same", gettext_lazy("Eats as usual")
    MORE = "more", gettext_lazy("Eats more than usual")


class Ask(models.TextChoices):
    """What the author asks of the receiver."""

    NOTHING = "nothing", gettext_lazy("Nothing, for information")
    REVIEW_DOSE = "review_dose", gettext_lazy("Review dose or timing")
    SIDE_EFFECT = "side_effect", gettext_lazy("Check a side effect")
    ADVISE = "advise", gettext_lazy("Advise on")
    VISIT_FORWARD = "visit_forward", gettext_lazy("Bring the visit forward")
    CALL_ME = "call_me", gettext_lazy("Call me")


# "Advise on ___" is no ask without its subject.
ASKS_WITH_SUBJECT = frozenset({Ask.ADVISE})


class Plan(models.TextChoices):
    """What the receiver of an ask will do: one of these acknowledges it."""

    WILL_CALL = "will_call", gettext_lazy("Will call by")
    WILL_DECIDE = "will_decide", gettext_lazy("Will decide at the visit on")
    DECIDED = "decided", gettext_lazy("Decided")
    NOT_MINE = "not_mine", gettext_lazy("Not mine, passed to")


# What completes each plan: a date, a text, or a member of the care team.
PLAN_NEEDS = {
    Plan.WILL_CALL: "date",
    Plan.WILL_DECIDE: "date",
    Plan.DECIDED: "text",
    Plan.NOT_MINE: "person",
}


class MissedDoseReason(models.TextChoices):
    """Why doses were missed. No word blames."""

    FORGOT = "forgot", gettext_lazy("Forgot")
    SIDE_EFFECTS = "side_effects", gettext_lazy("Side effects")
    RAN_OUT = "ran_out", gettext_lazy("Ran out")
    COST = "cost", gettext_lazy("Cost")
    FELT_WELL = "felt_well", gettext_lazy("Felt well without it")
    DID_NOT_HELP = "did_not_help", gettext_lazy("Felt that it did not help")
    DID_NOT_WANT = "did_not_want", gettext_lazy("Did not want to take it")
    TOLD_TO_STOP = "told_to_stop", gettext_lazy("Was told to stop")
    COULD_NOT = "could_not", gettext_lazy("Was ill, away or could not")
    NOT_KNOWN = "not_known", gettext_lazy("Not known")
    OTHER = "other", gettext_lazy("Other")


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


class NoticeKind(models.TextChoices):
    """What a notice is about. The label is for settings pages, behind login."""

    CHECK = "check", gettext_lazy("Something waits for you")
    UPDATE = "update", gettext_lazy("Someone wrote to you")
    CHANGE = "change", gettext_lazy("Something on a shared list changed")
    CORRECTION = "correction", gettext_lazy("Something sent before was corrected")
    ACKNOWLEDGED = "acknowledged", gettext_lazy("An update was acknowledged")
    OVERDUE = "overdue", gettext_lazy("Something is past its date")
    HELD = "held", gettext_lazy("Something you wrote was not sent")
    RELEASED = "released", gettext_lazy("Something that waited was sent")
    ASKED_TO_SHARE = "asked_to_share", gettext_lazy("Someone asks you to share")
    SHARED_WITH_YOU = "shared_with_you", gettext_lazy("Someone shared with you")
    SHARING_CHANGED = "sharing_changed", gettext_lazy("Sharing changed")
    SHARING_ENDS = "sharing_ends", gettext_lazy("Sharing ends soon")
    JOINED = "joined", gettext_lazy("Someone accepted your invitation")
    FIRST_LOOK = "first_look", gettext_lazy("Someone looked for the first time")
    NOT_SHARED_ASKED = "not_shared_asked", gettext_lazy("A page was not shown")
    SPECIAL_OPENING = "special_opening", gettext_lazy("Emergency access")


_SUBJECTS = {
    NoticeKind.CHECK: gettext_noop("You have something to check"),
    NoticeKind.UPDATE: gettext_noop("You have something to read"),
    NoticeKind.CHANGE: gettext_noop("Something you follow has changed"),
    NoticeKind.CORRECTION: gettext_noop("Something we told you was corrected"),
    NoticeKind.ACKNOWLEDGED: gettext_noop("An update was acknowledged"),
    NoticeKind.OVERDUE: gettext_noop("Something is past its date"),
    NoticeKind.HELD: gettext_noop("Something you wrote was NOT sent"),
    NoticeKind.RELEASED: gettext_noop("Something that waited was sent"),
    NoticeKind.ASKED_TO_SHARE: gettext_noop("Someone asked you a question"),
    NoticeKind.SHARED_WITH_YOU: gettext_noop("Someone shared something with you"),
    NoticeKind.SHARING_CHANGED: gettext_noop("Your sharing has changed"),
    NoticeKind.SHARING_ENDS: gettext_noop("Some of your sharing ends soon"),
    NoticeKind.JOINED: gettext_noop("Someone accepted your invitation"),
    NoticeKind.FIRST_LOOK: gettext_noop(
        "Someone looked at your information for the first time"
    ),
    NoticeKind.NOT_SHARED_ASKED: gettext_noop("A page was requested and not shown"),
    NoticeKind.SPECIAL_OPENING: gettext_noop("Your information was opened"),
}

_BODIES = {
    NoticeKind.CHECK: gettext_noop(
        "Someone on your team asked you to check something."
    ),
    NoticeKind.UPDATE: gettext_noop("Someone on a team you belong to wrote to you."),
    NoticeKind.CHANGE: gettext_noop("Something that you may see has changed."),
    NoticeKind.CORRECTION: gettext_noop(
        "Something we told you about was corrected. Please read it again."
    ),
    NoticeKind.ACKNOWLEDGED: gettext_noop("An update that you sent was acknowledged."),
    NoticeKind.OVERDUE: gettext_noop("Something that was asked is past its date."),
    NoticeKind.HELD: gettext_noop(
        "Something you wrote was NOT sent. If it cannot wait, call now."
    ),
    NoticeKind.RELEASED: gettext_noop("Something that you wrote has now been sent."),
    NoticeKind.ASKED_TO_SHARE: gettext_noop(
        "Someone asked you to share something. You can say yes or no."
    ),
    NoticeKind.SHARED_WITH_YOU: gettext_noop("Someone chose to share with you."),
    NoticeKind.SHARING_CHANGED: gettext_noop(
        "What you share, or what is shared with you, has changed."
    ),
    NoticeKind.SHARING_ENDS: gettext_noop(
        "Some of your sharing ends soon. You can let it end or share again."
    ),
    NoticeKind.JOINED: gettext_noop(
        "Someone accepted your invitation. Nothing opens until you say who it is."
    ),
    NoticeKind.FIRST_LOOK: gettext_noop(
        "Someone you share with opened your information for the first time. "
        "You can see who."
    ),
    NoticeKind.NOT_SHARED_ASKED: gettext_noop(
        "A page that you did not share was requested. Nothing was shown."
    ),
    NoticeKind.SPECIAL_OPENING: gettext_noop(
        "Your information was opened under special rules. You can see who and why."
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
    other fact about the event can be passed in. Raises ValueError for an unknown kind.
    """
    known = NoticeKind(kind)
    subject = _DISCREET_SUBJECT if is_discreet else _SUBJECTS[known]
    body = _DISCREET_BODY if is_discreet else _BODIES[known]
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
