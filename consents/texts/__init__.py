"""Versioned wording of permissions and of the texts around them.

A version string stays valid forever: a consent signed under it can print its own text
at any later time. A change of wording is a new package beside the others, a new entry
in `_WORDINGS`, and a new `CURRENT`.

Legal wording here is awaiting review by counsel (docs/wording-awaiting-review.md).
"""

from collections.abc import Sequence
from datetime import date
from types import MappingProxyType, ModuleType

from consents.texts.en_2026_11 import consent, receipt, vocabulary
from consents.texts.en_2026_11_26 import consent as consent_26
from consents.texts.en_2026_11_26 import receipt as receipt_26
from consents.texts.en_2026_11_26 import statements
from consents.texts.en_2026_11_26 import vocabulary as vocabulary_26
from consents.texts.shape import (
    WINDOWED_CATEGORIES,
    ConsentText,
    Operator,
    Representative,
    Section,
    Terms,
    WordingError,
)

__all__ = [
    "CURRENT",
    "REQUIRED_ELEMENTS",
    "TOPICS",
    "VERSIONS",
    "WHAT",
    "WINDOWED_CATEGORIES",
    "ConsentText",
    "Operator",
    "Representative",
    "Section",
    "Terms",
    "WordingError",
    "category_words",
    "coordination",
    "elements",
    "item_window_since",
    "item_windows",
    "label_words",
    "never",
    "part2_notice",
    "part2_scope",
    "purpose_words",
    "receipt_kinds",
    "receipt_lines",
    "refusal",
    "render",
    "render_terms",
    "revocation",
    "stop_warning",
]

CURRENT = "en-2026-11-26"
# Lines of a receipt, in every version: what is shared, and the sensitive topics.
WHAT = "What"
TOPICS = "Sensitive topics included"

_WORDINGS: dict[str, dict[str, ModuleType]] = {
    "en-2026-11": {
        "consent": consent,
        "receipt": receipt,
        "statements": statements,
        "vocabulary": vocabulary,
    },
    "en-2026-11-26": {
        "consent": consent_26,
        "receipt": receipt_26,
        "statements": statements,
        "vocabulary": vocabulary_26,
    },
}
VERSIONS = tuple(_WORDINGS)

# What the law asks for, as a checklist. CLINICAL 6.1 and 6.4.
REQUIRED_ELEMENTS = MappingProxyType(
    {
        "42 CFR 2.31(a)(1)": "name of the patient",
        "42 CFR 2.31(a)(2)": "who may disclose",
        "42 CFR 2.31(a)(3)": "what information, specific and meaningful",
        "42 CFR 2.31(a)(4)(i)": "who receives",
        "42 CFR 2.31(a)(4)(ii)": "the intermediary by name",
        "42 CFR 2.31(a)(4)(iii)": "redisclosure under HIPAA, not in proceedings",
        "42 CFR 2.31(a)(5)": "each purpose",
        "42 CFR 2.31(a)(5)(iii)": "no fundraising",
        "42 CFR 2.31(a)(6)": "right to revoke in writing, how, and its limit",
        "42 CFR 2.31(a)(7)": "end date or event",
        "42 CFR 2.31(a)(8)": "signature of patient or representative",
        "42 CFR 2.31(a)(9)": "date of signature",
        "42 CFR 2.31(a)(10)(i)": "redisclosure and loss of protection",
        "42 CFR 2.31(a)(10)(ii)": "consequences of refusing",
        "42 CFR 2.31(b)": "counseling notes need their own consent",
        "42 CFR 2.31(d)": "proceedings need their own consent",
        "45 CFR 164.508(a)(3)": "no marketing",
        "45 CFR 164.508(a)(4)": "no sale",
        "45 CFR 164.508(b)(3)(ii)": "psychotherapy notes need their own authorization",
        "45 CFR 164.508(c)(1)(i)": "specific description of information",
        "45 CFR 164.508(c)(1)(ii)": "who may disclose",
        "45 CFR 164.508(c)(1)(iii)": "who may receive",
        "45 CFR 164.508(c)(1)(iv)": "each purpose",
        "45 CFR 164.508(c)(1)(v)": "end date or event",
        "45 CFR 164.508(c)(1)(vi)": "signature, date, representative's authority",
        "45 CFR 164.508(c)(2)(i)": "right to revoke, how, exceptions",
        "45 CFR 164.508(c)(2)(ii)": "treatment is not conditioned on signing",
        "45 CFR 164.508(c)(2)(iii)": "possible redisclosure",
        "45 CFR 164.508(c)(4)": "copy to the individual",
    }
)


def _wording(version: str, part: str) -> ModuleType:
    if version not in _WORDINGS:
        raise WordingError(f"There is no wording of version {version}.")
    return _WORDINGS[version][part]


def render(
    *,
    patient_name: str,
    recipient_name: str,
    recipient_role: str,
    discloser_names: Sequence[str] | None,
    category_names: Sequence[str],
    label_names: Sequence[str],
    purposes: Sequence[str],
    starts: date,
    ends: date,
    item_window: str,
    operator: Operator,
    redisclosure: str,
    representative: Representative | None = None,
    ends_event: str = "",
    recipient_is_organization: bool = False,
    version: str = CURRENT,
) -> ConsentText:
    """The permission to show, sign and keep. What each argument means: `Terms`.

    Raises WordingError for terms that no consent may have, for a code that the wording
    does not know, and for an unknown version.
    Source: 42 CFR 2.31, 45 CFR 164.508(c).
    """
    decided = Terms(
        patient_name=patient_name,
        recipient_name=recipient_name,
        recipient_role=recipient_role,
        discloser_names=discloser_names,
        category_names=category_names,
        label_names=label_names,
        purposes=purposes,
        starts=starts,
        ends=ends,
        item_window=item_window,
        operator=operator,
        redisclosure=redisclosure,
        representative=representative,
        ends_event=ends_event,
        recipient_is_organization=recipient_is_organization,
    )
    return render_terms(decided, version=version)


def render_terms(decided: Terms, *, version: str = CURRENT) -> ConsentText:
    """As `render`, from terms made before (the receipt needs the same ones)."""
    return ConsentText(version, _wording(version, "consent").sections(decided))


def elements(text: ConsentText) -> frozenset[str]:
    """The sections of law that the text serves with words, not with a heading alone."""
    return frozenset(
        rule
        for section in text.sections
        if all(paragraph.strip() for paragraph in section.paragraphs or ("",))
        for rule in section.rules
    )


def receipt_lines(
    decided: Terms,
    *,
    receipt_id: str,
    signed: str,
    method: str,
    signed_by: str,
    jurisdiction: str,
    policy_address: str,
    version: str = CURRENT,
) -> tuple[tuple[str, str], ...]:
    """(what, words) for the receipt page and its PDF. Source: Kantara receipt 1.1.

    `signed` is the time in words, in the patient's zone; `method` says how the signer
    was authenticated.
    """
    result: tuple[tuple[str, str], ...] = _wording(version, "receipt").lines(
        decided,
        receipt_id=receipt_id,
        signed=signed,
        method=method,
        signed_by=signed_by,
        version=version,
        jurisdiction=jurisdiction,
        policy_address=policy_address,
    )
    return result


def receipt_kinds(decided: Terms, *, version: str = CURRENT) -> tuple[str, ...]:
    """The words of the line WHAT, each kind by itself."""
    result: tuple[str, ...] = _wording(version, "receipt").kinds(decided)
    return result


def refusal(*, recipient_name: str, version: str = CURRENT) -> ConsentText:
    """What the patient reads after "Do not share"."""
    part = _wording(version, "statements")
    return ConsentText(version, part.refusal(recipient_name=recipient_name))


def stop_warning(
    *, recipient_name: str, comes_with_code: bool = False, version: str = CURRENT
) -> ConsentText:
    """What the patient reads before sharing stops, or a code does."""
    sections = _wording(version, "statements").stop_warning(
        recipient_name=recipient_name, comes_with_code=comes_with_code
    )
    return ConsentText(version, sections)


def revocation(
    *,
    patient_name: str,
    recipient_name: str,
    when: str,
    by_name: str,
    organizations: Sequence[str] = (),
    shared_again: bool = False,
    comes_with_code: bool = False,
    version: str = CURRENT,
) -> ConsentText:
    """The written revocation and its receipt. `when` is in the patient's zone.

    `organizations` and `shared_again` say by what the recipient still sees something.
    `comes_with_code`: it was a code that ended.
    """
    sections = _wording(version, "statements").revocation(
        patient_name=patient_name,
        recipient_name=recipient_name,
        when=when,
        by_name=by_name,
        organizations=organizations,
        shared_again=shared_again,
        comes_with_code=comes_with_code,
    )
    return ConsentText(version, sections)


def never(
    *,
    patient_name: str,
    recipient_name: str,
    category_names: Sequence[str],
    label_names: Sequence[str],
    version: str = CURRENT,
) -> ConsentText:
    """The text of a signed deny. With topics, it is only about those."""
    sections = _wording(version, "statements").never(
        patient_name=patient_name,
        recipient_name=recipient_name,
        category_names=category_names,
        label_names=label_names,
    )
    return ConsentText(version, sections)


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
    version: str = CURRENT,
) -> ConsentText:
    """That coordination is allowed, for one chart. `team`: who may disclose."""
    sections = _wording(version, "statements").coordination(
        patient_name=patient_name,
        clinician_name=clinician_name,
        team=team,
        category_names=category_names,
        label_names=label_names,
        starts=starts,
        ends=ends,
        permission_id=permission_id,
        item_window=item_window,
        ends_sooner=ends_sooner,
        signed_by=signed_by,
    )
    return ConsentText(version, sections)


def part2_notice(*, form: str = "short", version: str = CURRENT) -> Section:
    """The notice of 42 CFR 2.32(a), "short" or "long". Only for Part 2 origin."""
    if form not in ("short", "long"):
        raise WordingError("The notice has a short and a long form.")
    notice: Section = _wording(version, "statements").part2_notice(form=form)
    return notice


def part2_scope(
    *,
    signed: date,
    ends: date,
    recipient_name: str,
    category_names: Sequence[str],
    purposes: Sequence[str],
    substance_use: bool = False,
    signed_by: Representative | None = None,
    version: str = CURRENT,
) -> Section:
    """The scope that must stand beside the notice: 42 CFR 2.32(b)."""
    scope: Section = _wording(version, "statements").part2_scope(
        signed=signed,
        ends=ends,
        recipient_name=recipient_name,
        category_names=category_names,
        purposes=purposes,
        substance_use=substance_use,
        signed_by=signed_by,
    )
    return scope


def category_words(version: str = CURRENT) -> MappingProxyType[str, str]:
    """Category code to the words that the patient signs."""
    return MappingProxyType(_wording(version, "vocabulary").CATEGORIES)


def label_words(version: str = CURRENT) -> MappingProxyType[str, str]:
    """Label code to the words that the patient signs."""
    return MappingProxyType(_wording(version, "vocabulary").LABELS)


def purpose_words(version: str = CURRENT) -> MappingProxyType[str, str]:
    """HL7 ActReason code to the words that the patient signs."""
    return MappingProxyType(_wording(version, "vocabulary").PURPOSES)


def item_windows(version: str = CURRENT) -> MappingProxyType[str, str]:
    """How far back the patient may share: code to words."""
    return MappingProxyType(_wording(version, "vocabulary").ITEM_WINDOWS)


def item_window_since(day: date | None, *, version: str = CURRENT) -> str:
    """How far back, from a stored consent: None means all of it."""
    vocabulary_part = _wording(version, "vocabulary")
    words: str = (
        vocabulary_part.ITEM_WINDOWS["all"]
        if day is None
        else vocabulary_part.since(day)
    )
    return words
