"""The texts around a permission: no, stop, talk to each other, and the notice."""

from collections.abc import Sequence
from datetime import date

from consents.texts.en_2026_11.vocabulary import CATEGORIES, LABELS, PURPOSES
from consents.texts.shape import (
    Representative,
    Section,
    date_words,
    joined,
    words_for,
)

# 42 CFR 2.32(a)(1) and (a)(2) as amended by 89 FR 12472, letter for letter: the law
# gives the words, so they are not put into plain ones. Compare with eCFR before use.
PART2_LONG = (
    "This record which has been disclosed to you is protected by Federal "
    "confidentiality rules (42 CFR part 2). These rules prohibit you from using or "
    "disclosing this record, or testimony that describes the information contained in "
    "this record, in any civil, criminal, administrative, or legislative proceedings "
    "by any Federal, State, or local authority, against the patient, unless "
    "authorized by the consent of the patient, except as provided at 42 CFR 2.12(c)(5) "
    "or as authorized by a court in accordance with 42 CFR 2.64 or 2.65. In addition, "
    "the Federal rules prohibit you from making any other use or disclosure of this "
    "record unless at least one of the following applies:",
    "(i) Further use or disclosure is expressly permitted by the written consent of "
    "the individual whose information is being disclosed in this record or as "
    "otherwise permitted by 42 CFR part 2.",
    "(ii) You are a covered entity or business associate and have received the record "
    "for treatment, payment, or health care operations, or",
    "(iii) You have received the record from a covered entity or business associate "
    "as permitted by 45 CFR part 164, subparts A and E.",
    "A general authorization for the release of medical or other information is NOT "
    "sufficient to meet the required elements of written consent to further use or "
    "redisclose the record (see 42 CFR 2.31).",
)
PART2_SHORT = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


def part2_notice(*, form: str) -> Section:
    """The notice that travels with records of Part 2 origin (42 CFR 2.32(a))."""
    if form == "long":
        return Section("Federal notice", PART2_LONG, "42 CFR 2.32(a)(1)")
    return Section("Federal notice", (PART2_SHORT,), "42 CFR 2.32(a)(2)")


def part2_scope(
    *,
    signed: date,
    ends: date,
    recipient_name: str,
    category_names: Sequence[str],
    purposes: Sequence[str],
    substance_use: bool = False,
) -> Section:
    """What the permission covers, said beside the notice (42 CFR 2.32(b)).

    Of the topics it names the one that the notice is about, and no other: this line
    travels with the record.
    """
    kinds = words_for(category_names, CATEGORIES, kind="category")
    why = " ".join(words_for(purposes, PURPOSES, kind="purpose"))
    if substance_use:
        why += f" Allowed by name: {LABELS['substance_use']}."
    return Section(
        "What the patient allowed",
        (
            f"The patient signed on {date_words(signed)}.",
            f"For: {recipient_name}, until the end of {date_words(ends)}.",
            f"Why: {why}",
            *kinds,
        ),
        "42 CFR 2.32(b)",
    )


def refusal(*, recipient_name: str) -> tuple[Section, ...]:
    """After "Do not share": an answer, not a ban."""
    return (
        Section(
            "You said no",
            (
                f"Nothing new is shared with {recipient_name}.",
                "What you shared before, if anything, has not changed.",
                "You can share later if you wish. No one will ask you why.",
            ),
        ),
    )


def stop_warning(*, recipient_name: str) -> tuple[Section, ...]:
    """The page before sharing stops: what ends and what cannot be undone."""
    return (
        Section(
            f"Stop sharing with {recipient_name}",
            (
                f"{recipient_name} will not be able to open your record here.",
                "This counts at once. Messages that wait to be sent are held.",
                f"{recipient_name} keeps what was already read or printed.",
                "You do not have to say why.",
            ),
            "42 CFR 2.31(a)(6); 45 CFR 164.508(b)(5)",
        ),
    )


def revocation(
    *,
    patient_name: str,
    recipient_name: str,
    when: str,
    by_name: str,
    organizations: Sequence[str] = (),
    shared_again: bool = False,
) -> tuple[Section, ...]:
    """The signed receipt of a stop: in writing, with its time.

    `organizations`: through which the recipient sees something all the same.
    """
    actor = "" if by_name == patient_name else f", by {by_name} for {patient_name}"
    return (
        Section(
            "Sharing ended",
            (
                f"Sharing by {patient_name} with {recipient_name} ended{actor}.",
                f"When: {when}.",
                *_opens_now(recipient_name, organizations, shared_again),
                f"{recipient_name} keeps what was already read or printed.",
                "What was done before then, because it was allowed, stays done.",
                "To share again, choose Share the same again.",
            ),
            "42 CFR 2.31(a)(6); 45 CFR 164.508(b)(5)",
        ),
    )


def _opens_now(
    name: str, organizations: Sequence[str], shared_again: bool
) -> tuple[str, ...]:
    if not organizations and not shared_again:
        return (f"{name} cannot open the record from now on.",)
    still = ["This permission opens nothing any more."]
    if organizations:
        places = joined(tuple(organizations))
        still.append(f"{name} still sees what is shared with {places}.")
    if shared_again:
        still.append(f"{name} sees what a newer permission allows.")
    return tuple(still)


def never(
    *,
    patient_name: str,
    recipient_name: str,
    category_names: Sequence[str],
    label_names: Sequence[str],
) -> tuple[Section, ...]:
    """A signed "never": it beats every permission, until the patient lifts it."""
    kinds = words_for(category_names, CATEGORIES, kind="category")
    topics = words_for(label_names, LABELS, kind="label")
    what = tuple(f"Anything about: {text}." for text in topics) or kinds
    return (
        Section(
            f"Never share with {recipient_name}",
            (
                f"I, {patient_name}, do not allow {recipient_name} to see this here:",
                *what,
                "This beats every permission, signed before or after it.",
                "It holds until I lift it. I can lift it at any time.",
                f"{recipient_name} keeps what was already read or printed.",
            ),
        ),
    )


def coordination(
    *,
    patient_name: str,
    clinician_name: str,
    team: Sequence[str],
    category_names: Sequence[str],
    label_names: Sequence[str],
    starts: date,
    ends: date,
    permission_id: str,
    item_window: str = "",
    ends_sooner: bool = False,
    signed_by: Representative | None = None,
) -> tuple[Section, ...]:
    """That coordination is allowed, to be printed into one chart (S40).

    The event that ends it sooner is the patient's to tell: here is only that there
    is one.
    """
    kinds = words_for(category_names, CATEGORIES, kind="category")
    named = words_for(label_names, LABELS, kind="label")
    held_back = tuple(text for text in LABELS.values() if text not in named)
    topics = [f"Allowed too: {text}." for text in named]
    topics += [f"Not allowed: {text}." for text in held_back]
    back = [f"How far back, for updates, numbers and papers: {item_window}."]
    sooner = ["It ends sooner if something happens that the patient named."]
    hand = "by the patient"
    if signed_by:
        hand = f"by {signed_by.name} for the patient, as {signed_by.authority}"
    return (
        Section(
            "Coordination is allowed",
            (
                f"{patient_name} allows sharing with {clinician_name} here.",
                f"It may come from: {joined(tuple(team))}.",
                f"From {date_words(starts)} to the end of {date_words(ends)}.",
                *(sooner if ends_sooner else ()),
            ),
        ),
        Section(
            "What it covers, in the patient's words",
            (*kinds, *(back if item_window else ()), *topics),
        ),
        Section(
            "Before you rely on this page",
            (
                f"Permission number {permission_id}, signed {hand}.",
                "The patient can stop it at any time. Check the service first.",
                "The patient chooses what is shared. This may not be everything.",
            ),
        ),
    )
