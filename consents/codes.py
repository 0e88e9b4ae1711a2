"""What can be disclosed, how sensitive it is, and why: bit, word, HL7 code.

Masks are stored as integers. Bits are never re-used and never renumbered: they stand
in signed consents.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import models


@dataclass(frozen=True)
class Code:
    """One bit of a mask. `hl7` codes are v3-ActCode or v3-ActReason."""

    bit: int
    name: str
    word: str
    covers: str = ""
    hl7: tuple[str, ...] = ()


class Codes:
    """A closed table of codes. An unknown name raises KeyError: never a quiet allow."""

    def __init__(self, *codes: Code) -> None:
        self.by_name = {code.name: code for code in codes}
        self.all = reduce(or_, (code.bit for code in codes))

    def __iter__(self):
        return iter(self.by_name.values())

    def __getitem__(self, name: str) -> int:
        return self.by_name[name].bit

    def mask(self, *names: str) -> int:
        return reduce(or_, (self[name] for name in names), 0)

    def of(self, mask: int) -> list[Code]:
        return [code for code in self if code.bit & mask]

    def names(self, mask: int) -> list[str]:
        return [code.name for code in self.of(mask)]

    def words(self, mask: int) -> list[str]:
        return [code.word for code in self.of(mask)]

    def choices(self) -> list[tuple[str, str]]:
        return [(code.name, code.word) for code in self]


CATEGORIES = Codes(
    Code(1, "medications", "Medicines", "The medicine list, past trials, side effects"),
    Code(2, "allergies", "Allergies", "Allergies and reactions"),
    Code(
        4, "substances", "Alcohol, cannabis, nicotine", "Drinking, smoking, other use"
    ),
    Code(8, "conditions", "Diagnoses", "Diagnoses, pregnancy, medical conditions"),
    Code(
        16,
        "updates",
        "Updates",
        "Updates that clinicians write, with the safety answer",
    ),
    Code(32, "measures", "Numbers", "Sleep, mood, panic, missed doses, scores, labs"),
    Code(64, "goals", "Goals", "Goals and the treatment plan"),
    Code(128, "history", "Treatment history", "Hospital stays, treatments tried"),
    Code(256, "documents", "Papers", "Papers in the folder"),
    Code(512, "safety", "Safety", "Risk flags and the crisis plan"),
    Code(1024, "observations", "What family notices", "What a family member noticed"),
    Code(2048, "care_team", "Care team", "Who is on the care team"),
    Code(
        4096,
        "contacts",
        "Contacts",
        "Emergency contacts, pharmacy, insurance, daily life",
    ),
)

LABELS = Codes(
    Code(1, "substance_use", "Substance use", hl7=("ETH", "SUD")),
    Code(
        2, "sexual_reproductive", "Sexual and reproductive health", hl7=("SEX", "STD")
    ),
    Code(4, "hiv", "HIV", hl7=("HIV",)),
    Code(8, "violence", "Violence", hl7=("SDV", "VIO")),
    Code(16, "private", "Marked private", hl7=("PRS",)),
)

PURPOSES = Codes(
    Code(1, "TREAT", "Treatment", hl7=("TREAT",)),
    Code(2, "COC", "Care coordination", hl7=("COC",)),
    Code(4, "FAMRQT", "Family support", hl7=("FAMRQT",)),
    Code(8, "PATRQT", "Your own request", hl7=("PATRQT",)),
    Code(16, "ETREAT", "Emergency treatment", hl7=("ETREAT",)),
    # Never a term of a consent: what the law allows or asks without one.
    Code(32, "THREAT", "Preventing serious harm", hl7=("THREAT",)),
    # Nor this: the document is what it rests on.
    Code(64, "PWATRNY", "Acting for you", hl7=("PWATRNY",)),
)
# Why the privacy officer reads what is there to be checked. Without a bit and outside
# of the table: no permission, request, draft or file can name it (ADR 20).
OFFICE = Code(0, "HCOMPL", "Checking how records are used", hl7=("HCOMPL",))


def purpose_word(name: str) -> str:
    """Why something was read, in words. Raises KeyError for an unknown name."""
    return OFFICE.word if name == OFFICE.name else PURPOSES.by_name[name].word


class Decision(models.TextChoices):
    PERMIT = "permit", "Permit"
    DENY = "deny", "Deny"
    # An answer, kept; it blocks nothing before or after it.
    REFUSAL = "refusal", "Refused"


class EndedHow(models.TextChoices):
    STOPPED = "stopped", "Stopped by you"
    SUPERSEDED = "superseded", "Replaced by a newer version"


class Channel(models.TextChoices):
    WEB = "web", "on screen"
    PDF = "pdf", "downloaded"
    EXPORT = "export", "copied as text"
    NOTICE = "notice", "notice"
    LINK = "link", "opened with a code"
    PHONE = "phone", "told by phone"


# Copies that leave the screen and cannot be called back.
DOWNLOADS = ("pdf", "export")


class Relation(models.TextChoices):
    PATIENT = "patient", "the patient"
    CLINICIAN = "clinician", "a clinician on the care team"
    FAMILY = "family", "family or a friend"
    GUEST = "guest", "someone with a code"
    REPRESENTATIVE = "representative", "someone who acts for the patient"
    OFFICER = "officer", "the privacy officer"


class Basis(models.TextChoices):
    """What a disclosure rests on."""

    PATIENT = "patient", "your own"
    CONSENT = "consent", "your permission"
    OWN_TEXT = "own_text", "their own text"
    EMERGENCY = "emergency", "an emergency they stated"
    EXCEPTIONAL = "exceptional", "an exception that the law makes"
    REPRESENTATIVE = "representative", "a document that lets them act for you"
    OFFICE = "office", "the work of the privacy officer"


# What the accounting of 45 CFR 164.528 leaves out: care that the patient allowed, the
# patient's own, the writer's own.
USUAL = ("patient", "consent", "own_text")


class RepresentativeKind(models.TextChoices):
    AGENT = "agent", "health-care agent"
    GUARDIAN = "guardian", "court-appointed guardian"
    PARENT = "parent", "parent or guardian of a child"
    ESTATE = "estate", "legal representative of the estate"


class BeginsHow(models.TextChoices):
    """What lets a representative act."""

    INCAPACITY = "incapacity", "A clinician stated that the patient cannot decide now"
    COURT = "court", "A court order"
    MINORITY = "minority", "The patient is a child"
    DEATH = "death", "The patient has died"


class GuestPage(models.TextChoices):
    """What a code opens."""

    SUMMARY = "summary", "One-page summary"
    EMERGENCY = "emergency", "What an emergency room needs"


class Outcome(models.TextChoices):
    SHOWN = "shown", "Shown"
    NOT_DELIVERED = "not_delivered", "Not delivered"


class ErCore(models.TextChoices):
    """Whether items of a model belong to the ER core (DESIGN 2, Emergency access)."""

    NEVER = "never", "Not part of it"
    ALWAYS = "always", "Part of it"
    RECENT = "recent", "Part of it for 90 days"


class EmergencyKind(models.TextChoices):
    """The nature of the emergency (42 CFR 2.51(c)(4))."""

    SUICIDE = "suicide", "Suicide attempt or immediate risk"
    OVERDOSE = "overdose", "Overdose or poisoning"
    UNCONSCIOUS = "unconscious", "Unconscious, confused, or cannot answer"
    REACTION = "reaction", "Severe reaction to a medicine"
    ILLNESS = "illness", "Other medical emergency"
    DANGER = "danger", "Crisis with danger to life"


class EmergencyOutcome(models.TextChoices):
    """What the privacy officer found about an emergency access."""

    IN_ORDER = "in_order", "In order"
    NOT_NEEDED = "not_needed", "Not needed, and talked about"
    WRONG = "wrong", "Not allowed, and acted upon"


class ConsultedWith(models.TextChoices):
    """Step 2 of an exceptional disclosure: who was asked before telling."""

    SUPERVISOR = "supervisor", "A supervisor"
    COLLEAGUE = "colleague", "A colleague"
    LEGAL = "legal", "A lawyer or the privacy officer"
    NOBODY = "nobody", "Nobody: it could not wait, or nobody was there"


class ReviewAnswer(models.TextChoices):
    """The privacy officer on a reason to wait before telling the patient."""

    AGREED = "agreed", "Waiting is right until that day"
    NOT_AGREED = "not_agreed", "Do not wait: tell the patient now"


class Talking(models.TextChoices):
    """How much the team talks, from most to least. What each does: talking.py."""

    FREE = "free", "Talk freely"
    CHANGES = "changes", "Only when something changes"
    READ_FIRST = "read_first", "I read it first"
    MEDICINES = "medicines", "Medicines only, no conversation"
    EMERGENCY = "emergency", "Only in an emergency"


class ReportKind(models.TextChoices):
    LOOK = "look", "Someone looked"
    CONDUCT = "conduct", "A clinician"


class ReportReason(models.TextChoices):
    """Why something looks wrong; which belong to which kind: reports.py."""

    UNKNOWN = "unknown", "I don’t know this person"
    SHOULD_NOT = "should_not", "They should not see this"
    TOLD_OTHERS = "told_others", "They told others about me"
    BEHAVIOUR = "behaviour", "They behaved in a way that felt wrong or unsafe"
    CARE = "care", "They did something that harmed, or kept help back"
    OTHER = "other", "Something else"


class ReportOutcome(models.TextChoices):
    IN_ORDER = "in_order", "There was a proper reason"
    STOPPED = "stopped", "It was wrong, and it was stopped"
    PASSED_ON = "passed_on", "It was passed on to those who decide"
    UNCLEAR = "unclear", "We could not find out"


class SuspensionBasis(models.TextChoices):
    WRITTEN = "written", "A written statement"
    ORAL = "oral", "Said, and written down here"
