"""Which of a medicine's many names to use, and what they agree on.

One entry can carry a text, several codings, a link's words and a list of
ingredients. People read the text; where two names disagree on the strength, nobody
should pick one silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carecoord.json_files import MAX_NAME, clean_text
from patients.fhir import codes
from patients.fhir.amounts import Label
from patients.fhir.context import Context
from patients.fhir.forms import Form, read_form
from patients.fhir.names import (
    UNIT,
    ParsedName,
    Part,
    dose_unit,
    read_name,
    strip_tag,
)
from patients.fhir.records import Coding
from patients.fhir.references import Resource
from patients.fhir.tolerant import (
    as_dict,
    can_be_kept,
    codings,
    concept_text,
    dicts,
    exact,
    first_text,
    number,
)

_IN_MG = {"mg": Decimal(1), "mcg": Decimal("0.001"), "g": Decimal(1000)}
_SAME_WORD = 5  # letters that two spellings of one ingredient share: anastrozol(e)


@dataclass(frozen=True)
class NamedMedicine:
    """A medicine's name and label, as well as the file lets them be known."""

    name: str = ""
    ingredient: str = ""
    brand: str = ""
    rxcui: str = ""
    source_text: str = ""
    label: Label = Label(None, "", "", "")
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    parsed: ParsedName
    source: str
    worth: int


def name_medicine(resource: Resource, *, context: Context) -> NamedMedicine:
    """The name of one entry, from its concept, its Medication or its link's words."""
    concept, medication, display = _sources(resource, context=context)
    found = codings(concept)
    candidates = list(_candidates(concept, found, display=display))
    ingredients = _ingredients(medication)
    candidates += [_candidate(name, worth=5) for name in ingredients]
    if not candidates:
        return _nameless(found)
    best = max(candidates, key=lambda one: one.worth)
    return _named(
        best, candidates, medication=medication, found=found, ingredients=ingredients
    )


def _sources(
    resource: Resource, *, context: Context
) -> tuple[dict[str, Any], Resource, str]:
    """The concept, the Medication entry (or nothing) and the words of the link."""
    r5 = as_dict(resource.get("medication"))
    concept = as_dict(resource.get("medicationCodeableConcept") or r5.get("concept"))
    reference = as_dict(resource.get("medicationReference") or r5.get("reference"))
    found = context.references.find(reference, inside=resource)
    display = clean_text(reference.get("display"), limit=MAX_NAME)
    if reference and found is None:
        context.unresolved.append(display or "a medicine without a name")
    medication = found or {}
    return concept or as_dict(medication.get("code")), medication, display


def _candidates(
    concept: dict[str, Any], found: tuple[Coding, ...], *, display: str
) -> Iterator[_Candidate]:
    text = clean_text(concept.get("text"), limit=MAX_NAME)
    coded = {c.display for c in found if c.system in codes.RXNORM_SYSTEMS}
    if text:
        yield _candidate(text, worth=50, rxnorm=text in coded)
    if display:
        yield _candidate(display, worth=30)
    for coding in found:
        if coding.display:
            rxnorm = coding.system in codes.RXNORM_SYSTEMS
            worth = 20 + 25 * coding.user_selected + 10 * rxnorm
            yield _candidate(coding.display, worth=worth, rxnorm=rxnorm)


def _candidate(text: str, *, worth: int, rxnorm: bool = False) -> _Candidate:
    parsed = read_name(text, rxnorm=rxnorm)
    worth += 15 * bool(parsed.parts and parsed.parts[0].strength)
    worth += 10 * parsed.understood - 5 * text.isupper()
    worth -= 20 * (strip_tag(text) != text)
    return _Candidate(parsed, text, worth)


def _named(
    best: _Candidate,
    candidates: list[_Candidate],
    *,
    medication: Resource,
    found: tuple[Coding, ...],
    ingredients: list[str],
) -> NamedMedicine:
    label, notes = _label(best, candidates, medication=medication)
    # A name that holds one of two strengths would settle what the file leaves open.
    name = best.parsed.name_without_strength if notes else best.parsed.name
    ingredient = best.parsed.ingredient
    brand = best.parsed.brand or _brand_among(found, medication=medication, name=name)
    stated = " and ".join(ingredients) or _generic(candidates)
    brand = brand or _generic_brand(candidates)
    if stated and not _alike(name, stated):
        ingredient, brand = stated, brand or name
    ingredient = ingredient or stated or _atc_name(found, name=name)
    return NamedMedicine(
        name=name,
        ingredient=ingredient,
        brand=brand,
        rxcui=_rxcui(found, best=best),
        source_text=best.source,
        label=label,
        codings=found,
        notes=notes,
    )


def _with_brand(candidates: list[_Candidate]) -> ParsedName | None:
    """The first name in RxNorm's full form, `venlafaxine … [Effexor]`: the only one
    whose first words are surely the ingredient."""
    names = (one.parsed for one in candidates if one.source.endswith("]"))
    return next((name for name in names if name.understood and name.brand), None)


def _generic(candidates: list[_Candidate]) -> str:
    named = _with_brand(candidates)
    return named.ingredient if named else ""


def _generic_brand(candidates: list[_Candidate]) -> str:
    """Its brand, if no other brand stands among the names."""
    brands = {one.parsed.brand for one in candidates if one.parsed.brand}
    return brands.pop() if len(brands) == 1 else ""


def _label(
    best: _Candidate, candidates: list[_Candidate], *, medication: Resource
) -> tuple[Label, tuple[str, ...]]:
    form = _form(best, candidates, medication=medication)
    stated_parts = [one.parsed.single for one in _by_worth(candidates)]
    amounts = {_key(part): part for part in stated_parts if part}
    if len({kind for kind, _value in amounts}) < len(amounts):
        said = " and ".join(part.strength_words for part in amounts.values())
        note = f"The file gives different strengths: {said}. Check the label."
        return Label(None, "", form.kind, form.label), (note,)
    own = best.parsed.single
    unit = dose_unit(own, form=form) if own else None
    if own and unit and own.strength is not None:
        strength, unit = _keepable(own.strength, unit)
        return Label(strength, unit, form.kind, form.label), ()
    if own or len(best.parsed.parts) > 1:
        return Label(None, "", form.kind, form.label), ()
    strength, unit = _elsewhere(
        list(amounts.values()), medication=medication, form=form
    )
    return Label(strength, unit, form.kind, form.label), ()


def _elsewhere(
    parts: list[Part], *, medication: Resource, form: Form
) -> tuple[Decimal | None, str]:
    """The strength from another of its names, or from its list of ingredients."""
    for part in parts:
        unit = dose_unit(part, form=form)
        if unit and part.strength is not None:
            return _keepable(part.strength, unit)
    stated = _stated_strength(medication, form=form)
    return _keepable(*stated) if stated else (None, "")


def _keepable(strength: Decimal, unit: str) -> tuple[Decimal | None, str]:
    """0.00312 mg per hour as 3.12 mcg per hour: exact, in digits the list can hold."""
    head, _space, rest = unit.partition(" ")
    if not can_be_kept(strength) and head == "mg":
        strength, unit = strength * 1000, f"mcg {rest}".strip()
    return (exact(strength), unit) if can_be_kept(strength) else (None, "")


def _by_worth(candidates: list[_Candidate]) -> list[_Candidate]:
    return sorted(candidates, key=lambda one: -one.worth)


def _key(part: Part) -> tuple[str, Decimal]:
    """What is measured and how much: 1 g is 1000 mg, and 0.05% is 0.5 mg per mL."""
    value = part.strength or Decimal(0)
    if part.unit == "%":
        return "mg per mL", (value * 10).normalize()
    if part.unit in _IN_MG:
        value, unit = value * _IN_MG[part.unit], "mg"
    else:
        unit = part.unit
    number_said, _space, measure = part.per.rpartition(" ")
    volume = number(number_said) if number_said else Decimal(1)
    value = value / volume if volume else value
    return f"{unit} per {measure}" if measure else unit, value.normalize()


def _form(
    best: _Candidate, candidates: list[_Candidate], *, medication: Resource
) -> Form:
    stated = strip_tag(concept_text(medication.get("form")))
    forms = [best.parsed.form, read_form(stated)]
    forms += [candidate.parsed.form for candidate in candidates]
    return next((form for form in forms if form.kind), best.parsed.form)


def _ingredients(medication: Resource) -> list[str]:
    names = []
    for ingredient in dicts(medication.get("ingredient")):
        # A prerelease name of the field ("code") is still sent by some.
        concept = ingredient.get("itemCodeableConcept") or ingredient.get("code")
        name = strip_tag(concept_text(concept))[:MAX_NAME]
        if name and ingredient.get("isActive") is not False:
            names.append(name)
    whole = concept_text(medication.get("code"))
    return [name for name in dict.fromkeys(names) if name != whole]


def _stated_strength(medication: Resource, *, form: Form) -> tuple[Decimal, str] | None:
    """The strength of the only ingredient, if it is said of one form and no less."""
    listed = dicts(medication.get("ingredient"))
    ratio = as_dict(listed[0].get("strength")) if len(listed) == 1 else {}
    above, below = as_dict(ratio.get("numerator")), as_dict(ratio.get("denominator"))
    value = number(above.get("value"))
    unit = UNIT.get(first_text(above.get("unit"), above.get("code")).lower())
    of = first_text(below.get("unit"), below.get("code")).strip("{}").lower()
    # 850 mg in 850 mg says nothing; 50 mg in 5 mL is no amount of one form.
    if (
        not value
        or value < 0
        or not unit
        or of in UNIT
        or number(below.get("value")) != 1
    ):
        return None
    return (value, unit) if form.kind or of else None


def _alike(name: str, ingredient: str) -> bool:
    """Whether a name is that of its ingredient, and no brand."""
    said = name.casefold()
    words = [word for word in ingredient.casefold().split() if len(word) >= 3]
    return any(word[:_SAME_WORD] in said for word in words)


_MARKETED = "marketing-authorisation"


def _brand_among(found: tuple[Coding, ...], *, medication: Resource, name: str) -> str:
    for coding in found:
        if _MARKETED in coding.system and coding.display:
            return "" if coding.display == name else coding.display
    return ""


def _atc_name(found: tuple[Coding, ...], *, name: str) -> str:
    """The substance by its ATC name, if the medicine's own name starts alike."""
    for coding in found:
        if coding.system == codes.ATC and _alike(name, coding.display):
            mixed = re.search(r"[+/]| and ", f"{coding.display} {name}")
            return "" if mixed else coding.display
    return ""


def _rxcui(found: tuple[Coding, ...], *, best: _Candidate) -> str:
    """The RxCUI of the name that is used; none where several could be meant."""
    coded = [coding for coding in found if coding.system in codes.RXNORM_SYSTEMS]
    if len(coded) == 1:
        return coded[0].code
    first = best.parsed.ingredient.casefold()
    same = [c.code for c in coded if first and c.display.casefold().startswith(first)]
    return same[0] if len(same) == 1 else ""


def _nameless(found: tuple[Coding, ...]) -> NamedMedicine:
    """A code and nothing else: said as a code, so that someone can look it up."""
    known = next((coding for coding in found if coding.code), None)
    if known is None:
        return NamedMedicine()
    system = "NDC" if known.system in codes.NDC_SYSTEMS else "code"
    name = f"Medicine without a name ({system} {known.code[:60]})"
    note = "The file gives a code and no name. Look at the label, or ask the sender."
    rxcui = known.code if known.system in codes.RXNORM_SYSTEMS else ""
    return NamedMedicine(
        name=name, source_text=name, rxcui=rxcui, codings=found, notes=(note,)
    )
