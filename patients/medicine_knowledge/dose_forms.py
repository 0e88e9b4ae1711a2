"""The dose forms of RxNorm, read by their words, so that a new one is read too.

All of them are written with capitals (`Extended Release Oral Tablet`), which tells them
from the name before them (`fish oil Oral Capsule`).
"""

from __future__ import annotations

_words = str.split

_NOUNS = frozenset(
    _words(
        """Tablet Capsule Solution Suspension Injection Cream Gel Spray Ointment Lotion
    System Suppository Syringe Injector Auto-Injector Auto-injector Pad
    Lozenge Patch Cartridge Powder Film Foam Granules Enema Shampoo Implant
    Inhaler Paste Soap Inhalation Gum Product Pill Liquid Emulsion Aerosol
    Applicator Mouthwash Toothpaste Ring Tape Insert Pellet Pellets Strip
    Douche Jelly Swab Sponge Stick Wafer Bar Cake Caplet Crystals Beads Elixir
    Syrup Drops Oil Gas Irrigant Flakes Tincture Concentrate Kit Pack Bead
    Troche Gelcap Sachet Cloth Dressing Rinse Wipe Device Plaster Disk
    Conditioner Collodion Salve Wash Cleanser Sprinkles Intrauterine"""
    )
)
_ADJECTIVES = frozenset(
    _words(
        """Oral Topical Extended Delayed Release Prefilled Injectable Chewable
    Disintegrating Transdermal Ophthalmic Rectal Medicated Pen Sublingual
    Mucosal Buccal Metered Dose Nasal Otic Mucous Membrane Effervescent Drug
    Dry Vaginal Intrauterine Irrigation Chewing for Inhalant Urethral
    Intravenous Intramuscular Intraperitoneal Intratracheal Intraventricular
    Intrathecal Intravitreal Intra-articular Dental Periodontal Augmented
    Coated Film-Coated Enteric Soluble Sustained Controlled Modified Immediate
    Multi-Dose Dispersible Ophthalmic/Otic Nasal/Oral Implantable Jet
    Nebulizer Subcutaneous Paste Soft Hard Gelatin Sprinkle Cutaneous"""
    )
)
_WORDS = _NOUNS | _ADJECTIVES


def is_form(text: str) -> bool:
    """Whether every word belongs to a dose form, and one of them names it."""
    words = text.split()
    return bool(words) and all(word in _WORDS for word in words) and _has_noun(words)


def _has_noun(words: list[str]) -> bool:
    return any(word in _NOUNS for word in words)


def split_form(text: str) -> tuple[str, str]:
    """`Aspirin Chewing Gum` as (`Aspirin`, `Chewing Gum`); no form: an empty one."""
    words = text.split()
    start = len(words)
    while start > 1 and words[start - 1] in _WORDS:
        start -= 1
    form = words[start:]
    if not _has_noun(form):
        return text, ""
    return " ".join(words[:start]), " ".join(form)
