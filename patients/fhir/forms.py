"""Dose forms: RxNorm's, and the words pharmacies elsewhere put beside a strength."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

# kind -> words that make it so. The kinds are the forms of `patients.dosage`.
KINDS = {
    "tablet": "tablet tablets tab tabs caplet caplets",
    "capsule": "capsule capsules cap caps",
    "patch": "patch patches system",
    "suppository": "suppository suppositories",
    "puff": "inhaler",
    "injection": "injection injections injector auto-injector syringe injectable "
    "cartridge",
    "spray": "spray sprays",
    "drop": "drop drops",
    "lozenge": "lozenge lozenges",
    "film": "film films",
    "gum": "gum",
    "packet": "granules powder",
    "application": "cream ointment gel lotion foam shampoo pad soap paste",
    "liquid": "solution suspension syrup elixir liquid",
    "enema": "enema enemas",
    "implant": "implant implants",
}
FOREIGN = {
    "tablet": "tbl tablette tabletten tabletas tableta comprimido comprimidos "
    "comprimé comprimés compresse filmtablette filmtabletten",
    "capsule": "kapsel kapseln cápsula cápsulas gélule gélules",
    "suppository": "zetpil zetpillen zäpfchen supositorio",
    "packet": "poeder pulver",
    "liquid": "stroop sirup jarabe drank lösung",
}
_words = str.split
ROUTES = frozenset(
    _words(
        """oral topical ophthalmic otic nasal rectal vaginal transdermal sublingual
    buccal inhalation mucosal mucous membrane intravenous for medicated metered dose dry
    prefilled pen intrauterine drug irrigation gas bar chewing chewable disintegrating
    effervescent coated film-coated enteric-coated"""
    )
)
NOT_SWALLOWED = frozenset(_words("ophthalmic otic nasal topical inhalation mucosal"))
RELEASE = re.compile(
    r"\b(extended|modified|delayed|prolonged|sustained|controlled|immediate)"
    r"[ -]release\b",
    re.IGNORECASE,
)
_KIND = {word: kind for kind, words in KINDS.items() for word in words.split()}
_FOREIGN = {word: kind for kind, words in FOREIGN.items() for word in words.split()}
_WORD_ORDER = {kind: place for place, kind in enumerate(KINDS)}
UNSAID = frozenset({"oral", "coated", "film-coated"})
WHOLE = frozenset({"tablet", "capsule", "film"})
DURATIONS = {"12", "24"}


@dataclass(frozen=True)
class Form:
    """A dose form: its kind for counting, and its words as on the label."""

    words: str = ""
    kind: str = ""
    release: str = ""
    understood: bool = True
    english: bool = False

    @property
    def label(self) -> str:
        """One of it, in words that keep what changes how it is taken.

        A sublingual tablet is not swallowed; "oral" and "coated" say nothing new.
        """
        said = [word for word in self.words.split() if word not in UNSAID]
        special = self.understood and self.kind in WHOLE and self.english and said
        if not special or _KIND.get(said[-1]) != self.kind:
            return self.kind
        return " ".join([*said[:-1], self.kind])

    def lasting(self, hours: str) -> Form:
        """With how long one dose lasts: it tells two release forms apart."""
        if not hours:
            return self
        said = f"({hours} hour)" if self.release or hours in DURATIONS else ""
        said = said or f"(lasts {hours} hours)"
        return replace(self, release=" ".join(filter(None, (self.release, said))))


def read_form(text: str) -> Form:
    """The dose form in a few words; not `understood` if any word is unknown."""
    said = " ".join(text.lower().replace(",", " ").split())
    match = RELEASE.search(said)
    release = match[0].replace("-", " ") if match else ""
    words = RELEASE.sub(" ", said).split()
    kinds = [_KIND.get(word) or _FOREIGN.get(word) or "" for word in words]
    understood = all(
        kind or word in ROUTES for word, kind in zip(words, kinds, strict=True)
    )
    known = sorted(filter(None, kinds), key=_WORD_ORDER.__getitem__)
    return Form(
        words=" ".join(RELEASE.sub(" ", said).split()),
        kind=_kind(known, words=set(words)),
        release=release,
        understood=understood,
        english=bool(release) or any(word in _KIND for word in words),
    )


def _kind(known: list[str], *, words: set[str]) -> str:
    if not known:
        return ""
    kind = known[0]
    # Eye and ear drops and washes are not counted in mL like a medicine one drinks.
    if kind == "liquid" and words & NOT_SWALLOWED:
        return ""
    return "" if kind == "patch" and "intrauterine" in words else kind


def form_kind(unit: str) -> str:
    """`{tablet}`, `tabs`, `Tabletten` counted in a dose: `tablet`; else empty."""
    word = unit.strip("{}() ").removesuffix("(s)").lower()
    if word in {"actuat", "actuation", "actuations", "puff", "puffs"}:
        return "puff"
    return _KIND.get(word) or _FOREIGN.get(word) or ""
