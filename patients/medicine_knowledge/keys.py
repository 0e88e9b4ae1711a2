"""One spelling for names that mean the same: for looking up, never for showing."""

from __future__ import annotations

import re
import unicodedata

_words = str.split

# What a label adds to a name without changing what the medicine is.
SALTS = frozenset(
    _words(
        """acetate adipate anhydrous aspartate benzoate besylate bisulfate bitartrate
    bromide calcium carbonate chloride cilexetil citrate cypionate decanoate
    dihydrate dihydrochloride dimesylate dipotassium disoproxil edisylate
    enanthate epolamine estolate ethanolate etexilate fumarate furoate
    gluconate hcl hemihydrate hydrobromide hydrochloride
    hydrochlorothiazide-free hyclate lactate lauroxil magnesium malate maleate
    medoxomil mesylate monohydrate mononitrate nitrate oxalate palmitate
    pamoate phosphate polacrilex polistirex potassium propionate saccharate
    sodium stearate succinate sulfate sulphate tartrate tosylate trihydrate
    tromethamine undecanoate valerate zinc"""
    )
)
RELEASE_WORDS = frozenset(
    _words(
        """er xr sr cr xl la cd dr ec odt ir mr pr xt release extended delayed immediate
    sustained controlled modified prolonged oral chewable disintegrating"""
    )
)
FORM_WORDS = frozenset(
    _words(
        """tab tabs tablet tablets pill pills cap caps capsule capsules patch patches
    film films liquid solution syrup suspension elixir injection injectable
    shot spray drops drop cream gel ointment lotion lozenge gum inhaler puff
    puffs suppository packet powder ring implant pen kit"""
    )
)
_WORD = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*")


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in small letters, without accents, dots and apostrophes."""
    flat = unicodedata.normalize("NFKD", name).casefold()
    flat = "".join(letter for letter in flat if not unicodedata.combining(letter))
    flat = flat.replace("’", "").replace("'", "").replace(".", "")
    # `Tylenol #3` is not three of `Tylenol`.
    flat = flat.replace("#", " number ")
    return tuple(_WORD.findall(flat))


def key(name: str) -> str:
    """`St. John’s Wort` and `st johns wort` are one key."""
    return " ".join(words_of(name)).replace("-", " ")


def bare_key(name: str) -> str:
    """The key without salt, release and form: `bupropion hydrochloride XL` is
    `bupropion`. Empty if nothing else is in the name."""
    extra = SALTS | RELEASE_WORDS | FORM_WORDS
    return " ".join(word for word in key(name).split() if word not in extra)
