"""The signed permission, part by part, each tagged with the law that it serves.

Sources: 42 CFR 2.31 as amended by 89 FR 12472 (2024), 45 CFR 164.508(c).
Written to be read aloud: short sentences, first person.
"""

from collections.abc import Iterator

from consents.texts.en_2026_11.vocabulary import (
    CATEGORIES,
    ITEM_WINDOWS,
    LABELS,
    PURPOSES,
)
from consents.texts.shape import (
    Section,
    Terms,
    WordingError,
    date_words,
    joined,
    words_for,
)


def sections(terms: Terms) -> tuple[Section, ...]:
    """The whole permission. Raises WordingError for a code without words."""
    return (
        _patient(terms),
        _disclosers(terms),
        _operator(terms),
        _recipient(terms),
        _information(terms),
        _topics(terms),
        _notes(),
        _purpose(terms),
        _period(terms),
        _revocation(terms),
        _refusal(terms),
        _redisclosure(terms),
        _proceedings(),
        _money(),
        _copy(),
        _signature(terms),
    )


def _patient(terms: Terms) -> Section:
    return Section(
        "Whose information this is",
        (
            f"Patient: {terms.patient_name}.",
            "I say who may see it, what they may see, why, and until when.",
        ),
        "42 CFR 2.31(a)(1)",
    )


def _disclosers(terms: Terms) -> Section:
    if terms.discloser_names is None:
        who = "So may any member of my care team in this service."
    else:
        who = f"So may {joined(terms.discloser_names)}, and no one else."
    return Section(
        "Who may share it",
        ("I may share it myself.", who),
        "42 CFR 2.31(a)(2); 45 CFR 164.508(c)(1)(ii)",
    )


def _operator(terms: Terms) -> Section:
    return Section(
        "Who passes it on",
        (
            f"{terms.operator.name} runs this service.",
            "It passes on only what I allow here, and only to the reader named below.",
            f"To reach the people who run it: {terms.operator.contact}",
        ),
        "42 CFR 2.31(a)(4)(ii)",
    )


def _recipient(terms: Terms) -> Section:
    return Section(
        "Who will see it",
        tuple(_recipient_lines(terms)),
        "42 CFR 2.31(a)(4)(i); 45 CFR 164.508(c)(1)(iii)",
    )


def _recipient_lines(terms: Terms) -> Iterator[str]:
    yield f"{terms.recipient_name}, {terms.recipient_role}."
    if terms.openings is not None:
        yield "They open it with a code that I give them, and my birth date."
        yield "They say who they are. Nobody checks that."
        yield f"The code opens it at most {times_words(terms.openings)}."
        yield "I am told each time."
    elif terms.recipient_is_organization:
        yield "There, only the staff whose work calls for it will see it here."
        yield "When someone new there can see it, I am told who."
        yield "Staff at one clinic may already share a chart of their own."
    else:
        yield "No one else may see it because of this permission."


def times_words(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _information(terms: Terms) -> Section:
    kinds = words_for(terms.category_names, CATEGORIES, kind="category")
    added = "What is added until the end date is shared too."
    return Section(
        "What they will see",
        (
            "These kinds of information, and no other:",
            *kinds,
            *_window_lines(terms),
            added,
        ),
        "42 CFR 2.31(a)(3); 45 CFR 164.508(c)(1)(i)",
    )


def _window_lines(terms: Terms) -> Iterator[str]:
    if terms.item_window:
        window = ITEM_WINDOWS.get(terms.item_window, terms.item_window)
        yield f"How far back, for updates, numbers and papers: {window}."


def _topics(terms: Terms) -> Section:
    named = words_for(terms.label_names, LABELS, kind="label")
    held_back = tuple(text for text in LABELS.values() if text not in named)
    return Section(
        "Topics that need their own yes",
        tuple(_topic_lines(named=named, held_back=held_back)),
        "42 CFR 2.31(a)(3); 45 CFR 164.508(c)(1)(i)",
    )


def _topic_lines(
    *, named: tuple[str, ...], held_back: tuple[str, ...]
) -> Iterator[str]:
    yield from (f"I say yes to: {text}." for text in named)
    if LABELS["substance_use"] in named:
        yield "A federal law protects substance use records further (42 CFR part 2)."
    yield from (f"Not shared: {text}." for text in held_back)


def _notes() -> Section:
    return Section(
        "Notes from therapy talks",
        (
            "A therapist's own notes on what we talk about are not shared.",
            "Such psychotherapy notes do not exist in this product.",
            "Nor do counseling notes from substance use treatment.",
        ),
        "42 CFR 2.31(b); 45 CFR 164.508(b)(3)(ii)",
    )


def _purpose(terms: Terms) -> Section:
    return Section(
        "Why",
        words_for(terms.purposes, PURPOSES, kind="purpose"),
        "42 CFR 2.31(a)(5); 45 CFR 164.508(c)(1)(iv)",
    )


def _period(terms: Terms) -> Section:
    return Section(
        "When it starts and ends",
        tuple(_period_lines(terms)),
        "42 CFR 2.31(a)(7); 45 CFR 164.508(c)(1)(v)",
    )


def _period_lines(terms: Terms) -> Iterator[str]:
    yield f"It starts on {date_words(terms.starts)}."
    if terms.ends_event:
        yield f"It ends when this happens: {terms.ends_event}."
        yield f"It ends at the latest at the end of {date_words(terms.ends)}."
    else:
        yield f"It ends at the end of {date_words(terms.ends)}."


def _revocation(terms: Terms) -> Section:
    return Section(
        "How I can stop it",
        (
            "I can stop this at any time, and I need no reason.",
            "I open Sharing, choose the reader and press Stop sharing now.",
            f"Or I write to: {terms.operator.contact}",
            "It ends as soon as I press the button, or when my letter is read.",
            f"{terms.recipient_name} keeps what was already read or printed.",
            "What was done because of it before then stays done.",
        ),
        "42 CFR 2.31(a)(6); 45 CFR 164.508(c)(2)(i)",
    )


def _refusal(terms: Terms) -> Section:
    return Section(
        "If I say no",
        (
            "I do not have to sign.",
            "No one may make my treatment, payment, sign-up or benefits depend on it.",
            "This service works the same for me if I say no.",
            f"{terms.recipient_name} will then not see this here, and may ask me.",
        ),
        "42 CFR 2.31(a)(10)(ii); 45 CFR 164.508(c)(2)(ii)",
    )


def _redisclosure(terms: Terms) -> Section:
    lines = _under_hipaa if terms.redisclosure == "hipaa" else _unprotected
    return Section(
        "If it is passed on",
        (
            *lines(terms.recipient_name),
            "No one may use my substance use records in a case against me.",
            "That holds in civil, criminal, administrative and legislative cases.",
            "Only my own separate consent or a court order can change that.",
        ),
        "42 CFR 2.31(a)(4)(iii); 42 CFR 2.31(a)(10)(i); 45 CFR 164.508(c)(2)(iii)",
    )


def _under_hipaa(name: str) -> tuple[str, ...]:
    return (
        f"{name} may pass it on as the federal privacy rules (HIPAA) allow.",
        "Once passed on, it may no longer be protected by those rules.",
    )


def _unprotected(name: str) -> tuple[str, ...]:
    return (
        f"{name} does not have to follow the federal privacy rules (HIPAA).",
        f"{name} could pass it on, and those rules may no longer protect it.",
    )


def _proceedings() -> Section:
    return Section(
        "Not for a court case",
        (
            "This permission does not cover use in a court case or a hearing.",
            "That needs a separate permission, signed only for that.",
        ),
        "42 CFR 2.31(d)",
    )


def _money() -> Section:
    return Section(
        "Not for money",
        (
            "This permission does not let anyone sell it.",
            "Nor may anyone use it for ads or to ask for gifts of money.",
        ),
        "42 CFR 2.31(a)(5)(iii); 45 CFR 164.508(a)(3); 45 CFR 164.508(a)(4)",
    )


def _copy() -> Section:
    return Section(
        "My copy",
        ("I get a copy when I sign. I can open and print it later under Sharing.",),
        "45 CFR 164.508(c)(4)",
    )


def _signature(terms: Terms) -> Section:
    return Section(
        "My signature",
        (
            *_signer_lines(terms),
            "Typing the full name below is the signature.",
            "The service keeps the name, the date and time, and how I signed in.",
        ),
        "42 CFR 2.31(a)(8); 42 CFR 2.31(a)(9); 45 CFR 164.508(c)(1)(vi)",
    )


def _signer_lines(terms: Terms) -> Iterator[str]:
    signer = terms.representative
    if signer is None:
        yield f"Signed by the patient, {terms.patient_name}."
        return
    if not (signer.name.strip() and signer.authority.strip()):
        raise WordingError("Name the person who signs, and by what right.")
    yield f"Signed by {signer.name} for {terms.patient_name}."
    yield f"{signer.name} signs as {signer.authority}."
