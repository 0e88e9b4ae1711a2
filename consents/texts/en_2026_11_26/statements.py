"""The texts around a permission, also around one that somebody signed for a patient."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from consents.texts.en_2026_11 import statements as first
from consents.texts.en_2026_11.statements import never, part2_notice, refusal
from consents.texts.en_2026_11_26.vocabulary import words
from consents.texts.shape import (
    Representative,
    Section,
    date_words,
    joined,
    words_for,
)

__all__ = [
    "coordination",
    "never",
    "part2_notice",
    "part2_scope",
    "refusal",
    "revocation",
    "stop_warning",
]


def part2_scope(
    *,
    signed: date,
    ends: date,
    recipient_name: str,
    category_names: Sequence[str],
    purposes: Sequence[str],
    substance_use: bool = False,
    signed_by: Representative | None = None,
) -> Section:
    """What the permission covers, said beside the notice (42 CFR 2.32(b)).

    Of the topics it names the one that the notice is about, and no other: this line
    travels with the record.
    """
    spoken = words(for_the_patient=signed_by is not None)
    kinds = words_for(category_names, spoken.categories, kind="category")
    why = " ".join(words_for(purposes, spoken.purposes, kind="purpose"))
    if substance_use:
        why += f" Allowed by name: {spoken.labels['substance_use']}."
    hand = "The patient signed"
    if signed_by:
        hand = f"{signed_by.name} signed for the patient, as {signed_by.authority},"
    return Section(
        "What was allowed for the patient" if signed_by else "What the patient allowed",
        (
            f"{hand} on {date_words(signed)}.",
            f"For: {recipient_name}, until the end of {date_words(ends)}.",
            f"Why: {why}",
            *kinds,
        ),
        "42 CFR 2.32(b)",
    )


def stop_warning(
    *, recipient_name: str, comes_with_code: bool = False
) -> tuple[Section, ...]:
    """The page before sharing stops: what ends and what cannot be undone.

    Whoever comes with a code is known by nothing but their own word: the code stops.
    """
    if not comes_with_code:
        return first.stop_warning(recipient_name=recipient_name)
    return (
        Section(
            "Stop this code",
            (
                f"You made it for: {recipient_name}. Nobody checked who uses it.",
                "The code will open nothing any more. This counts at once.",
                "Whoever used it keeps what was already read or printed.",
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
    comes_with_code: bool = False,
) -> tuple[Section, ...]:
    """The signed receipt of a stop: in writing, with its time."""
    if not comes_with_code:
        return first.revocation(
            patient_name=patient_name,
            recipient_name=recipient_name,
            when=when,
            by_name=by_name,
            organizations=organizations,
            shared_again=shared_again,
        )
    actor = "" if by_name == patient_name else f", by {by_name} for {patient_name}"
    return (
        Section(
            "The code is stopped",
            (
                f"{patient_name} made it for: {recipient_name}. It ended{actor}.",
                f"When: {when}.",
                "The code opens nothing any more.",
                "Whoever used it keeps what was already read or printed.",
                "What was done before then, because it was allowed, stays done.",
                "To share again, make a new code.",
            ),
            "42 CFR 2.31(a)(6); 45 CFR 164.508(b)(5)",
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
    spoken = words(for_the_patient=signed_by is not None)
    kinds = words_for(category_names, spoken.categories, kind="category")
    named = words_for(label_names, spoken.labels, kind="label")
    held_back = tuple(text for text in spoken.labels.values() if text not in named)
    topics = [f"Allowed too: {text}." for text in named]
    topics += [f"Not allowed: {text}." for text in held_back]
    back = [f"How far back, for updates, numbers and papers: {item_window}."]
    who, hand, signer = patient_name, "by the patient", "the patient"
    covers = "What it covers, in the patient's words"
    if signed_by:
        signer = signed_by.name
        who, covers = f"{signer}, for {patient_name},", "What it covers"
        hand = f"by {signer} for the patient, as {signed_by.authority}"
    sooner = [f"It ends sooner if something happens that {signer} named."]
    return (
        Section(
            "Coordination is allowed",
            (
                f"{who} allows sharing with {clinician_name} here.",
                f"It may come from: {joined(tuple(team))}.",
                f"From {date_words(starts)} to the end of {date_words(ends)}.",
                *(sooner if ends_sooner else ()),
            ),
        ),
        Section(
            covers,
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
