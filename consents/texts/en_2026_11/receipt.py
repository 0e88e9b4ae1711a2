"""The receipt's lines: the fields of Kantara Consent Receipt 1.1 in plain words."""

from consents.texts.en_2026_11.vocabulary import CATEGORIES, LABELS, PURPOSES
from consents.texts.shape import Terms, date_words, joined, words_for


def kinds(terms: Terms) -> tuple[str, ...]:
    """What is shared, each kind in the words that were signed."""
    return words_for(terms.category_names, CATEGORIES, kind="category")


def lines(
    terms: Terms,
    *,
    receipt_id: str,
    signed: str,
    method: str,
    signed_by: str,
    version: str,
    jurisdiction: str,
    policy_address: str,
) -> tuple[tuple[str, str], ...]:
    """(what, words) in the order printed."""
    named = words_for(terms.label_names, LABELS, kind="label")
    why = words_for(terms.purposes, PURPOSES, kind="purpose")
    return (
        ("Receipt number", receipt_id),
        ("Signed on", signed),
        ("How it was signed", method),
        ("Signed by", signed_by),
        ("Kind of permission", "Explicit: given by name, for what stands here alone"),
        ("Wording", version),
        ("Law", jurisdiction),
        ("Patient", terms.patient_name),
        ("Who runs the service", terms.operator.name),
        ("How to reach them", terms.operator.contact),
        ("What the service is for", "One shared record for the people I choose"),
        ("Shared with", f"{terms.recipient_name}, {terms.recipient_role}"),
        ("Why", " ".join(why)),
        ("What", " ".join(kinds(terms))),
        ("Sensitive topics included", joined(named) if named else "none"),
        ("Passed on to anyone else by this service", "no"),
        ("Starts", date_words(terms.starts)),
        ("Ends", f"end of {date_words(terms.ends)}"),
        ("How to stop", "Open Sharing, choose the reader, press Stop sharing now."),
        ("Privacy policy", policy_address),
    )
