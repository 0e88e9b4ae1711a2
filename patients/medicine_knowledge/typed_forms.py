"""The words of forms and releases as people type them: `tabs`, `inj`, `XR`."""

from __future__ import annotations

import re

FORMS = {
    "Tablet": "tablet tablets tab tabs pill pills caplet caplets",
    "Capsule": "capsule capsules cap caps",
    "Patch": "patch patches",
    "Film": "film films strip strips",
    "Solution": "solution liquid syrup elixir soln syr syp",
    "Suspension": "suspension susp",
    "Injection": "injection injectable shot pen syringe vial inj",
    "Spray": "spray",
    "Drops": "drop drops",
    "Cream": "cream",
    "Gel": "gel",
    "Lotion": "lotion",
    "Shampoo": "shampoo",
    "Foam": "foam",
    "Ointment": "ointment oint",
    "Lozenge": "lozenge lozenges",
    "Gum": "gum",
    "Gummy": "gummy gummies",
    "Inhaler": "inhaler inhl",
    "Suppository": "suppository suppositories",
    "Powder": "powder packet packets",
}
RELEASES = {
    "Extended Release": "er xr sr xl la cr cd extended-release",
    "Delayed Release": "dr ec delayed-release enteric-coated",
    "Disintegrating": "odt disintegrating",
    "Chewable": "chewable chew",
    "Sublingual": "sublingual sl",
    "Immediate Release": "ir immediate-release",
}
_FORM = {word: form for form, words in FORMS.items() for word in words.split()}
RELEASE_OF = {word: form for form, words in RELEASES.items() for word in words.split()}


def form_in(text: str) -> str:
    words = [word.lower() for word in re.findall(r"[\w-]+", text)]
    said = [RELEASE_OF[word] for word in words if word in RELEASE_OF]
    said += [_FORM[word] for word in words if word in _FORM]
    return " ".join(dict.fromkeys(said))


def without_form(text: str) -> str:
    """The name alone; the release stays for now, `Adderall XR` is a name of its own."""
    words = [w for w in text.split() if w.strip("(),.").lower() not in {*_FORM, "mg"}]
    return " ".join(words).strip(" ,-/()")


def without_release(text: str) -> str:
    """`bupropion 300 xl` ends with its number."""
    words = text.split()
    while words and words[-1].lower() in RELEASE_OF:
        words.pop()
    return " ".join(words)
