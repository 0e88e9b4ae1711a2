"""Codes of the structured update. The words on screen are in messaging/words.py."""

from django.db import models


class Urgency(models.TextChoices):
    """How soon. Nothing is preselected."""

    INFORMATION = "information", "For information"
    NEXT_VISIT = "next_visit", "Before next visit"
    TWO_DAYS = "two_days", "Within 2 working days"
    TODAY = "today", "Today. I will also call"


class SuicidalThoughts(models.TextChoices):
    """No default. Any thoughts present are never "for information"."""

    NOT_ASKED = "not_asked", "Not asked"
    NONE = "none", "Asked: none"
    THOUGHTS = "thoughts", "Thoughts, no plan or intent"
    PLAN = "plan", "Plan, intent, attempt or preparation"
    NO_ANSWER = "no_answer", "Asked, no answer"


PRESENT = (SuicidalThoughts.THOUGHTS, SuicidalThoughts.PLAN)


class Appetite(models.TextChoices):
    NOT_ASKED = "not_asked", "Not asked"
    USUAL = "usual", "As usual"
    LESS = "less", "Less than usual"
    MORE = "more", "More than usual"
    NONE = "none", "Hardly eating"


class Ask(models.TextChoices):
    NOTHING = "nothing", "Nothing, for information"
    REVIEW_DOSE = "review_dose", "Review dose or timing"
    SIDE_EFFECT = "side_effect", "Check a side effect"
    ADVISE = "advise", "Advise on something"
    EARLIER_VISIT = "earlier_visit", "Bring visit forward"
    CALL = "call", "Call me"


class RecipientStatus(models.TextChoices):
    """Stored state of an update for one recipient; overdue is computed."""

    SENT = "sent", "Sent"
    HELD = "held", "Held"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    REPLIED = "replied", "Replied"
    CLOSED = "closed", "Closed"


class Plan(models.TextChoices):
    """What someone who was asked takes on by acknowledging."""

    CALL_BY = "call_by", "I will call by"
    DECIDE_AT = "decide_at", "I will decide at the visit on"
    DECIDED = "decided", "Decided"
    NOT_MINE = "not_mine", "Not mine, passed to"
    SEEN = "seen", "Seen"


class NoticeChannel(models.TextChoices):
    IN_APP = "in_app", "In the app"
    EMAIL = "email", "E-mail"


class NoticeKind(models.TextChoices):
    """Content-free: the words are in messaging/words.py."""

    EVENT = "event", "Something changed"
    UPDATE = "update", "Something to check"
    ANSWER = "answer", "An update was answered"
    CONSENT_REQUEST = "consent_request", "Someone asks to see something"
    FIRST_ACCESS = "first_access", "Someone looked for the first time"
    SHARING_ENDS = "sharing_ends", "Sharing ends soon"
    SHARED = "shared", "Something was shared with you"
    OVERDUE = "overdue", "Something is overdue"
    LATE_DOSE = "late_dose", "Something is past its day"
    ACTS_FOR = "acts_for", "Someone can act for you"
    STOPPED_ACTING = "stopped_acting", "Someone no longer acts for you"
    DECIDED_FOR = "decided_for", "Something was signed or stopped for you"
    COMING_OF_AGE = "coming_of_age", "A birthday changes who decides"
    CODE_USED = "code_used", "A code of yours was used"
    CODE_CLOSED = "code_closed", "A code of yours was closed"
    GUEST_NOTE = "guest_note", "Somebody with your code wrote to you"
    CONFLICT = "conflict", "Medicine and therapy at the same time"
    CHECK_IN = "check_in", "How has it been?"
    WARNING = "warning", "Something to read before you take it"
    WAITS = "waits", "Something waits for your word"
    JOINED = "joined", "Someone accepted your invitation"
    EMERGENCY = "emergency", "Something was opened without asking"
    EMERGENCY_CHECKED = "emergency_checked", "What was opened was checked"
    CASE = "case", "Something is written down for you"
    OFFICE = "office", "Something waits for the privacy officer"
    NEW_STAFF = "new_staff", "Someone works there now"
    REPORT_ANSWERED = "report_answered", "Your report was answered"


# Two things are told of one permission: each is an event of its own.
SIGNED_FOR, STOPPED_FOR = "signed for", "stopped for"
