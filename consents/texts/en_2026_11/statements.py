"""The texts around a permission: no, stop, talk to each other, and the notice."""

from collections.abc import Sequence

from consents.texts.en_2026_11.vocabulary import CATEGORIES, LABELS
from consents.texts.shape import (
    Section,
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
