"""The signed permission; signed for a patient, in the words of who signs.

As `en_2026_11` where the patient signs. Where somebody else does, "I" is that person,
named with the patient and with their right in the first lines.

Sources: 42 CFR 2.31 as amended by 89 FR 12472 (2024), 45 CFR 164.508(c); for who signs
42 CFR 2.31(a)(8) with 2.14 and 2.15, and 45 CFR 164.508(c)(1)(vi).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from consents.texts.en_2026_11.consent import sections as patients_own
from consents.texts.en_2026_11.consent import times_words
from consents.texts.en_2026_11.vocabulary import ITEM_WINDOWS
from consents.texts.en_2026_11_26.vocabulary import words
from consents.texts.shape import Representative, Section, Terms, joined, words_for

SPOKEN = words(for_the_patient=True)
TOLD = "the service tells the patient, or me in the patient's place"


def sections(terms: Terms) -> tuple[Section, ...]:
    """The whole permission. Raises WordingError for a code without words."""
    own = patients_own(terms)
    signer = terms.representative
    if signer is None:
        return own
    return tuple(_spoken_by(signer, section, terms) for section in own)


def _spoken_by(signer: Representative, section: Section, terms: Terms) -> Section:
    spoken = _SECTIONS.get(section.heading)
    if spoken is None:
        return section
    return replace(section, paragraphs=tuple(spoken(terms, signer)))


def _patient(terms: Terms, signer: Representative) -> Iterator[str]:
    yield f"Patient: {terms.patient_name}."
    yield f"I, {signer.name}, sign for {terms.patient_name}, as {signer.authority}."
    yield f"Below, “I” is {signer.name}, and “the patient” is {terms.patient_name}."
    yield "I say who may see it, what they may see, why, and until when."


def _disclosers(terms: Terms, signer: Representative) -> Iterator[str]:
    yield "The patient may share it, and I may share it for the patient."
    if terms.discloser_names is None:
        yield "So may any member of the patient's care team in this service."
    else:
        yield f"So may {joined(terms.discloser_names)}, and no one else."


def _recipient(terms: Terms, signer: Representative) -> Iterator[str]:
    yield f"{terms.recipient_name}, {terms.recipient_role}."
    if terms.openings is not None:
        yield "They open it with a code that I give them, and the patient's birth date."
        yield "They say who they are. Nobody checks that."
        yield f"The code opens it at most {times_words(terms.openings)}."
        yield f"Each time, {TOLD}."
    elif terms.recipient_is_organization:
        yield "There, only the staff whose work calls for it will see it here."
        yield f"When someone new there can see it, {TOLD}."
        yield "Staff at one clinic may already share a chart of their own."
    else:
        yield "No one else may see it because of this permission."


def _information(terms: Terms, signer: Representative) -> Iterator[str]:
    yield "These kinds of information, and no other:"
    yield from words_for(terms.category_names, SPOKEN.categories, kind="category")
    if terms.item_window:
        window = ITEM_WINDOWS.get(terms.item_window, terms.item_window)
        yield f"How far back, for updates, numbers and papers: {window}."
    yield "What is added until the end date is shared too."


def _topics(terms: Terms, signer: Representative) -> Iterator[str]:
    named = words_for(terms.label_names, SPOKEN.labels, kind="label")
    yield from (f"I say yes to: {text}." for text in named)
    if "substance_use" in terms.label_names:
        yield "A federal law protects substance use records further (42 CFR part 2)."
    for text in SPOKEN.labels.values():
        if text not in named:
            yield f"Not shared: {text}."


def _notes(terms: Terms, signer: Representative) -> Iterator[str]:
    yield "A therapist's own notes on talks with the patient are not shared."
    yield "Such psychotherapy notes do not exist in this product."
    yield "Nor do counseling notes from substance use treatment."


def _purpose(terms: Terms, signer: Representative) -> Iterator[str]:
    yield from words_for(terms.purposes, SPOKEN.purposes, kind="purpose")


def _revocation(terms: Terms, signer: Representative) -> Iterator[str]:
    yield "I can stop this at any time, and I need no reason."
    yield "The patient can stop it too."
    yield "I open Sharing, choose the reader and press Stop sharing now."
    yield f"Or I write to: {terms.operator.contact}"
    yield "It ends as soon as I press the button, or when my letter is read."
    yield f"{terms.recipient_name} keeps what was already read or printed."
    yield "What was done because of it before then stays done."


def _refusal(terms: Terms, signer: Representative) -> Iterator[str]:
    yield "I do not have to sign."
    yield "No one may make the patient's treatment depend on it."
    yield "Nor may payment, sign-up or benefits depend on it."
    yield "This service works the same for the patient if I say no."
    yield f"{terms.recipient_name} will then not see this here, and may ask me."


def _redisclosure(terms: Terms, signer: Representative) -> Iterator[str]:
    name = terms.recipient_name
    if terms.redisclosure == "hipaa":
        yield f"{name} may pass it on as the federal privacy rules (HIPAA) allow."
        yield "Once passed on, it may no longer be protected by those rules."
    else:
        yield f"{name} does not have to follow the federal privacy rules (HIPAA)."
        yield f"{name} could pass it on, and those rules may no longer protect it."
    yield "No one may use substance use records in a case against the patient."
    yield "That holds in civil, criminal, administrative and legislative cases."
    yield "Only a separate consent for that, or a court order, can change it."


def _copy(terms: Terms, signer: Representative) -> Iterator[str]:
    yield "I get a copy when I sign. I can open and print it later under Sharing."
    yield "The patient can open and print it there too."


_SECTIONS: dict[str, Callable[[Terms, Representative], Iterator[str]]] = {
    "Whose information this is": _patient,
    "Who may share it": _disclosers,
    "Who will see it": _recipient,
    "What they will see": _information,
    "Topics that need their own yes": _topics,
    "Notes from therapy talks": _notes,
    "Why": _purpose,
    "How I can stop it": _revocation,
    "If I say no": _refusal,
    "If it is passed on": _redisclosure,
    "My copy": _copy,
}
