"""Names that look the same and are written in other letters (T51, T52).

A name that mixes alphabets in one word is refused (fields.clear_name). A word wholly in
letters of another alphabet is an honest name in most cases, so it is never refused:
where it can be taken for somebody who is on the record already, it is said.

The pairs are those of Unicode UTS 39, confusables.txt, between one letter of ours and
one that looks like it, of the alphabets of which whole words can be made that way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# Each letter with the Latin one that it looks like.
PAIRS = (
    # Greek
    "ΑA ΒB ΕE ΖZ ΗH Ιl ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa γy ιi νv οo ρp σo υu ϒY ϜF ϱp ϲc ϳj "
    "ϹC ϺM ͿJ "
    # Cyrillic
    "ЅS Іl ЈJ АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX Ьb аa гr еe оo рp сc уy хx ѕs іi јj "
    "ѡw ѴV ѵv ҮY үy һh ҽe Ӏl ӏi ԁd ԌG ԛq ԜW ԝw ꙇi "
    # Armenian
    "ՍU ՏS ՕO աw գq զq հh ոn ռn սu ցg քf օo "
    # Cherokee
    "ᎠD ᎡR ᎢT Ꭵi ᎩY ᎪA ᎫJ ᎬE ᎳW ᎷM ᎻH ᎽY ᏀG Ꮒh ᏃZ Ꮟb ᏒR ᏔW ᏕS ᏙV ᏚS ᏞL ᏟC ᏢP ᏦK Ꮷd ᏳG "
    "ᏴB ꭵi ꮁr ꮃw ꮓz ꮩv ꮪs ꮯc "
    # Lisu
    "ꓐB ꓑP ꓒd ꓓD ꓔT ꓖG ꓗK ꓙJ ꓚC ꓜZ ꓝF ꓟM ꓠN ꓡL ꓢS ꓣR ꓦV ꓧH ꓪW ꓫX ꓬY ꓮA ꓰE ꓲl ꓳO ꓴU "
    # Coptic
    "ⲅr ⲎH Ⲓl ⲔK ⲘM ⲚN ⲞO ⲟo ⲢP ⲣp ⲤC ⲥc ⲦT ⲨY ⲬX ⳐL "
    # Latin letters and digits that stand for each other
    "Il 1l 0O ıi"
)
LOOKS_LIKE = str.maketrans({pair[0]: pair[1] for pair in PAIRS.split()})


def skeleton(name: str) -> str:
    """What the eye keeps of a name: never to be shown, only compared (UTS 39, 4)."""
    seen = unicodedata.normalize("NFC", name).translate(LOOKS_LIKE).casefold()
    # "Dr." is no part of a name.
    words = [word for word in seen.split() if not word.endswith(".")]
    return " ".join(words).replace("rn", "m")


def looks_like(name: str, others: Iterable[str]) -> str:
    """The first of the others that this name can be taken for; empty for none.

    The same name is no lookalike, whatever its capitals, and nor is an empty one.
    """
    mine = skeleton(name)
    found = (
        other
        for other in others
        if mine and skeleton(other) == mine and _plain(other) != _plain(name)
    )
    return next(found, "")


def _plain(name: str) -> str:
    seen = unicodedata.normalize("NFC", name).casefold()
    return " ".join(word for word in seen.split() if not word.endswith("."))
