"""The parts of a medicine's name: `sertraline 50 MG Oral Tablet` and its relatives.

The pattern is that of RxNorm's normalised names (ingredient, strength, dose form,
[brand]); the plain names of pharmacy systems are read with the same words. A name
that is not understood to its last word stays whole: nothing is dropped by guessing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from carecoord.json_files import MAX_NAME, clean_text
from patients.fhir.codes import SEMANTIC_TAGS
from patients.fhir.forms import Form, read_form

UNITS = {
    "mg": "mg milligram milligrams milligramm miligramo miligramos milligrammes",
    "mcg": "mcg ug µg μg microgram micrograms microgramo microgramos mikrogramm",
    "g": "g gm gram grams gramm gramo gramos gramme grammes",
    "mL": "ml milliliter milliliters millilitre millilitres",
    "units": "unt unit units iu ui",
    "mEq": "meq",
    "mmol": "mmol",
    "%": "%",
}
PER_UNITS = {
    "mL": UNITS["mL"],
    "mg": "mg",
    "g": "g gram",
    "L": "l",
    "hour": "hr hour h",
    "puff": "actuat actuation puff dose disparo",
    "sq cm": "sqcm",
}
UNIT = {word: unit for unit, words in UNITS.items() for word in words.split()}
PER_UNIT = {word: unit for unit, words in PER_UNITS.items() for word in words.split()}
_ANY_UNIT = "|".join(sorted(map(re.escape, UNIT), key=len, reverse=True))
_ANY_PER = "|".join(sorted(map(re.escape, PER_UNIT), key=len, reverse=True))
STRENGTH = re.compile(
    rf"(?<![\w.,/–-])(?P<number>\d[\d.,]{{0,14}}) ?(?P<unit>{_ANY_UNIT})(?![^\W\d_])"
    rf"(?: ?/ ?(?P<volume>\d[\d.,]{{0,14}})? ?(?P<per>{_ANY_PER})(?![^\W\d_]))?",
    re.IGNORECASE,
)
_BRACKET_BRAND = re.compile(r" ?\[([^\[\]]{1,200})\]$")
_CAPITAL_BRAND = re.compile(r"^([^()]{2,100}) \(([A-Z][A-Z0-9 -]{1,60})\)(.{0,100})$")
_APPROVAL = re.compile(r"^(?:NDA|ANDA|BLA)\d{4,8} ", re.ASCII)
_QUANTITY = re.compile(r"^\d[\d.]{0,8} (?:ML|ACTUAT|MG) ", re.ASCII)
_DURATION = re.compile(r"^(\d{1,3}) HR ", re.ASCII)
_PACK_COUNT = re.compile(r", \d{1,4}$", re.ASCII)
_PRODUCT = re.compile(
    r"^(?:product containing (?:only |precisely )?|producto que contiene "
    r"(?:exactamente |únicamente )?)",
    re.IGNORECASE,
)
_JOINT = re.compile(r"^ ?(?:/|\+|,|and) ", re.IGNORECASE)
_TALL = re.compile(r"[a-z]+[A-Z]+[a-zA-Z]*")  # lisinopriL: letters, not a name
_OPEN_END = re.compile(
    r"(?<!\w)\d[\d.,]* ?[-/+x]?$|[-/+]$"
)  # "oxycodone 5 /", before "325 mg"
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}\.\d00", re.ASCII)  # 1.000: one or a thousand


@dataclass(frozen=True)
class Part:
    """One ingredient with its strength, as written on the label."""

    name: str
    strength: Decimal | None
    unit: str
    per: str = ""  # "mL", "5 mL", "hour", "puff": a concentration or a rate

    @property
    def words(self) -> str:
        """`amoxicillin 250 mg`, `epinephrine 1 mg per mL`."""
        return " ".join(filter(None, (self.name, self.strength_words)))

    @property
    def strength_words(self) -> str:
        """`250 mg`, `1 mg per mL`, `0.05%`."""
        if self.strength is None:
            return ""
        gap = "" if self.unit == "%" else " "
        per = f" per {self.per}" if self.per else ""
        return f"{plain(self.strength)}{gap}{self.unit}{per}"


@dataclass(frozen=True)
class ParsedName:
    """A medicine's name in its parts; `understood` if every word found its place."""

    text: str
    parts: tuple[Part, ...] = ()
    form: Form = Form()
    brand: str = ""
    understood: bool = False

    @property
    def ingredient(self) -> str:
        return " and ".join(part.name for part in self.parts)

    @property
    def single(self) -> Part | None:
        """The only ingredient, if there is exactly one with a strength."""
        if len(self.parts) == 1 and self.parts[0].strength is not None:
            return self.parts[0]
        return None

    @property
    def name(self) -> str:
        """What to call it: with strengths only where one number cannot hold them."""
        if not self.understood or not self.parts:
            return self.text
        if len(self.parts) > 1:
            base = " and ".join(part.words for part in self.parts)
        else:
            base = self.parts[0].words if self._strength_in_name else self.ingredient
        return " ".join(word for word in (base, self.form.release) if word)

    @property
    def name_without_strength(self) -> str:
        """The name where its strength is in doubt."""
        if not self.understood or not self.parts:
            return self.text
        return " ".join(word for word in (self.ingredient, self.form.release) if word)

    @property
    def _strength_in_name(self) -> bool:
        part = self.single
        return part is not None and dose_unit(part, form=self.form) is None


def dose_unit(part: Part, *, form: Form) -> str | None:
    """The unit of what one form holds; None if the strength is no such amount.

    One tablet holds 50 mg, a liquid has 2 mg per mL, a patch gives 0.1 mg per hour;
    1 mg per mL of an injection says nothing about one injection.
    """
    if not part.per:
        return part.unit
    if part.per.endswith("mL") and form.kind == "liquid":
        return f"{part.unit} per {part.per}"
    if part.per == "puff" and form.kind in {"puff", "spray"}:
        return part.unit
    if part.per in {"hour", "24 hours"} and form.kind == "patch":
        return f"{part.unit} per {part.per}"
    return None


def plain(value: Decimal) -> str:
    """A number without trailing zeros or exponent; thousands with a comma."""
    text = format(value, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def strip_tag(text: str) -> str:
    """SNOMED CT's `Anemia (disorder)` as people say it: `Anemia`."""
    head, bracket, tag = text.rpartition(" (")
    known = bracket and tag.endswith(")") and tag[:-1].lower() in SEMANTIC_TAGS
    return head if known and head else text


def read_name(text: str, *, rxnorm: bool = False) -> ParsedName:
    """The parts of a medicine's name. Never raises; what is unclear stays whole."""
    whole = clean_text(text, limit=MAX_NAME)
    named, brand = _without_brand(_PRODUCT.sub("", strip_tag(whole)))
    body, duration = _without_prefixes(named)
    found = list(STRENGTH.finditer(body))
    parsed = (
        _read(body, found, rxnorm=rxnorm)
        if found
        else _without_strength(body, brand=brand)
    )
    if parsed is None or whole.startswith("{"):
        said = _PRODUCT.sub("", strip_tag(whole))
        return ParsedName(text=said.lower() if _TALL.fullmatch(said) else said)
    parsed = replace(parsed, brand=brand, form=parsed.form.lasting(duration))
    small = rxnorm or parsed.ingredient.isupper() or _TALL.fullmatch(parsed.ingredient)
    return _in_lower_case(parsed) if small else parsed


def _without_brand(text: str) -> tuple[str, str]:
    match = _BRACKET_BRAND.search(text)
    if match:
        return text[: match.start()].strip(), match[1].strip()
    match = _CAPITAL_BRAND.match(text)
    if match and _is_brand(match[2]) and read_form(match[3]).understood:
        brand = match[2].title() if match[2].replace(" ", "").isalpha() else match[2]
        return f"{match[1]}{match[3]}".strip(), brand
    return text, ""


def _is_brand(text: str) -> bool:
    """`GLUCOPHAGE`; not `CBD`, `XR` or `EXTENDED RELEASE`."""
    return len(text) > 3 and not read_form(text).understood


def _without_prefixes(text: str) -> tuple[str, str]:
    text = _APPROVAL.sub("", text).removeprefix("Abuse-Deterrent ")
    match = _DURATION.match(text)
    text = _DURATION.sub("", text)
    rest = _QUANTITY.sub("", text)
    # "500 mg aspirin" begins with its strength; "3 ML insulin 100 UNT/ML" does not.
    text = rest if STRENGTH.search(rest) else text
    return _PACK_COUNT.sub("", text), match[1] if match else ""


def _read(body: str, found: list[re.Match[str]], *, rxnorm: bool) -> ParsedName | None:
    parts, start = [], 0
    for match in found:
        name = (
            _JOINT.sub("", body[start : match.start()])
            if start
            else body[: match.start()]
        )
        parts.append(_part(name.strip(), match))
        start = match.end()
    form = read_form(body[start:])
    if len(parts) == 1 and not form.words:
        parts[0], form = _form_before(parts[0])
    clear = form.understood and all(
        _is_name(part.name) and (rxnorm or not _OPEN_END.search(part.name))
        for part in parts
    )
    parsed = ParsedName(text=body, parts=tuple(parts), form=form, understood=clear)
    return parsed if clear else _partly(parsed)


def _partly(parsed: ParsedName) -> ParsedName:
    """The name stays whole; one plain strength and a known form are still worth it.

    Any other number near it ("5-325 mg") may be a second strength: then neither is.
    """
    numbers = re.findall(r"\d[\d.,]*", parsed.text)
    if len(parsed.parts) > 1 or len(numbers) > 1:
        return ParsedName(text=parsed.text)
    part = replace(parsed.parts[0], name="")
    return ParsedName(text=parsed.text, parts=(part,), form=parsed.form)


def _form_before(part: Part) -> tuple[Part, Form]:
    """`PENICILLAMINE CAPSULE 125MG`: the form stands before the strength."""
    head, _space, last = part.name.rpartition(" ")
    form = read_form(last)
    if head and form.understood and form.words:
        return replace(part, name=head), form
    return part, read_form("")


def _without_strength(body: str, *, brand: str) -> ParsedName | None:
    words = body.split(" ")
    for start in range(1, min(len(words), 8)):
        form = read_form(" ".join(words[start:]))
        if form.understood and form.kind:
            part = Part(" ".join(words[:start]), None, "")
            return ParsedName(text=body, parts=(part,), form=form, understood=True)
    if brand:
        part = Part(body, None, "")
        return ParsedName(text=body, parts=(part,), understood=True)
    return None


def _part(name: str, match: re.Match[str]) -> Part:
    per = PER_UNIT.get((match["per"] or "").lower(), "")
    if match["volume"]:
        volume = read_number(match["volume"])
        per = per if volume == 1 else f"{match['volume']} {per}"
        per = "24 hours" if per == "24 hour" else per
    unit = UNIT[match["unit"].lower()]
    return Part(name.rstrip(" ,-"), read_number(match["number"]), unit, per)


def read_number(text: str) -> Decimal | None:
    """`1,000`, `0,5`, `12.5`; None for what two countries read differently."""
    text = text.rstrip(".,")
    if _AMBIGUOUS.fullmatch(text):
        return None
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?", text, re.ASCII):
        return Decimal(text.replace(",", ""))
    text = text.replace(",", ".", 1) if "." not in text else text
    return Decimal(text) if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) else None


def _is_name(text: str) -> bool:
    balanced = text.count("(") == text.count(")") and not text.startswith(("(", ")"))
    return len(text) > 1 and balanced and any(map(str.isalpha, text))


def _in_lower_case(parsed: ParsedName) -> ParsedName:
    """Generic names are written small; capitals clash with tall man letters."""
    parts = tuple(replace(part, name=_lower(part.name)) for part in parsed.parts)
    return replace(parsed, parts=parts)


def _lower(name: str) -> str:
    return " ".join(word if _is_sign(word) else word.lower() for word in name.split())


def _is_sign(word: str) -> bool:
    """`B`, `D3`, `XR` stay as they are; words become small."""
    return len(word) < 3 or not word.isalpha()
