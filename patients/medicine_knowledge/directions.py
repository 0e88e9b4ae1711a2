"""What people write around a name: when, how often, how many. None of it is its name.

`1/2 tab trazodone 50 mg at bedtime` is trazodone of 50 mg; half of a tablet is a dose,
and a dose read as a strength is a wrong strength.
"""

from __future__ import annotations

import re
from decimal import Decimal

_COUNTED = (
    "tablet tablets tab tabs pill pills caplet caplets capsule capsules cap caps patch "
    "patches film films strip strips drop drops puff puffs spray sprays gummy gummies "
    "lozenge lozenges packet packets dose doses"
)
# Up to twelve are counted; `metformin 500 tab` is a strength.
_WHOLE = r"(?:1[0-2]|\d)"
_FEW = rf"{_WHOLE}(?:\.5)?"
_PART = r"(?:1/2|1/3|1/4|2/3|3/4|[½¼¾]|halfs?|halves|quarters?)"
_SPOKEN = r"(?:one|two|three|four|a)"
_MANY = (
    rf"(?:(?:{_WHOLE}|{_SPOKEN})(?: and(?: an?)?)? {_PART}|{_PART}|\d[½¼¾]"
    rf"|{_FEW}|{_SPOKEN})"
)
_COUNT = re.compile(
    rf"(?<![^\s(])({_MANY})(?: ?(?:to|or|-|–|—) ?({_MANY}))?(?: of)?(?: an?)?"
    rf" (?={'|'.join(_COUNTED.split())})",
    re.IGNORECASE,
)
# `half a Xanax`, `2 x 500 mg Tylenol`.
_TAKE = re.compile(r"^(?:i )?(?:take|takes|taking) ", re.IGNORECASE)
_BEFORE = re.compile(rf"^(?:{_PART}(?: of)?(?: an?)? |\d{{1,2}} ?x )", re.IGNORECASE)
# `quetiapine 2x25 mg`: so many of a strength.
_TIMES = re.compile(
    r"(?<![\w.,])\d{1,2} ?[x×] ?(?=[\d.,]+ ?(?:m?g|mcg|ug|µg|ml|units?)\b)",
    re.IGNORECASE,
)
# `T. olanzapine`, `C. fluoxetine`: a tablet, a capsule.
_FORM_LETTER = re.compile(r"^[tc]\. ?(?=[^\W\d_]{3})", re.IGNORECASE)
_SPAN = r"(?:hours?|hrs?|h|days?|d|weeks?|wks?|wk|w|months?|mo)"
_HOW_OFTEN = (
    rf"(?:every|q) ?\d{{1,2}}(?: ?(?:-|–|to) ?\d{{1,2}})? ?{_SPAN}",
    r"every (?:other|second|third|fourth) (?:day|week|month|night)",
    rf"(?:for|x) ?\d{{1,3}} ?(?:{_SPAN}|doses?)",
    r"x ?\d{1,2}(?= |$)",
    r"(?:\d|one|two|three|four) ?(?:x|times) ?(?:/|an?|per|each|every)? ?"
    r"(?:daily|day|d|week)",
    r"(?:at )?\d{1,2}(?::\d\d)? ?[ap]\.?m",
    r"#\d{2,4}",
)
_OFTEN = re.compile(rf"(?<![\w.,/])(?:{'|'.join(_HOW_OFTEN)})(?![\w/])", re.IGNORECASE)
_WHEN = re.compile(
    r"\b(?:(?:once|twice|(?:one|two|three|four) times) (?:a|per|each) day"
    r"|(?:once|twice|(?:one|two|three|four) times)? ?daily|nightly|weekly|monthly"
    r"|(?:at|every|each|before) (?:bedtime|night|bed|noon)"
    r"|(?:in the|every|each) (?:morning|evening|day)"
    r"|(?:as|when|if|only when) needed|by mouth|prn|po|bid|tid|qid|qhs|qam|qpm|qd"
    # Words of a package that every medicine may have.
    r"|starter (?:kit|pack)|dose ?pac?k|z-?pa[ck]k?|sprinkles?|depot"
    r"|long[- ]acting|lai|tapers?"
    r"|baby|low[- ]dose|step \d|dec|im|iv|sub ?q|hfa|otc|hs|od|stat"
    # And of a pen or an inhaler.
    r"|solostar|flexpen|kwikpen|flextouch|penfill|respimat|handihaler|ellipta)\b",
    re.IGNORECASE,
)
# `0,5 mg` and `2,5 mg`; a comma before three digits is one of thousands: `1,200 mg`.
_DECIMAL_COMMA = re.compile(
    r"(?<![\w.,])(?:(0),(\d{1,4})|(\d{1,3}),(\d{1,2}))(?![\w,.])(?! ?,)"
    r"|(?<![\w.,])(?:(0),(\d{1,4})|(\d{1,3}),(\d{1,2}))(?=[^\W\d_]{1,3}\b)"
)
# `lexapro10mg`, `Zoloft100`: `CoQ10` and `omega3` are left alone.
_GLUED = re.compile(
    r"(?<![^\s(])([^\W\d_]{4,})"
    r"(\d{1,4}(?:\.\d{1,3})?(?= ?(?:mg|mcg|µg|μg|ug|g|ml)\b)|\d{2,4}$)",
    re.IGNORECASE,
)
# `0·1 mg`, as it is printed in Britain.
_RAISED_POINT = re.compile(r"(?<=\d)[·∙•](?=\d)")
# `U-100`: so many units in each milliliter.
_PER_ML = re.compile(r"(?<![\w.-])U-?(100|200|300|500)(?!\w)", re.IGNORECASE)
# `1:1,000` is one gram in so many milliliters.
_RATIO = re.compile(r"(?<![\w.:])1 ?: ?(\d{1,3}(?:,000)+|\d{1,3}000)(?![\w:,])")
# `calcium 600 + D`
_AND_D = re.compile(r" ?(?:\+|&|\b(?:and|with|plus)\b) ?D-?3?(?=$| )", re.IGNORECASE)
_WITH = re.compile(r"(?<!\S)w/ ?(?=\w)", re.IGNORECASE)
# Short forms that stand for one word: read here, and never written.
_SHORT = {
    "amox/clav": "amoxicillin-clavulanate",
    "apap": "acetaminophen",
    "asa": "aspirin",
    "carb/levo": "carbidopa-levodopa",
    "cbz": "carbamazepine",
    "hctz": "hydrochlorothiazide",
    "lithium carb": "lithium carbonate",
    "ltg": "lamotrigine",
    "smx/tmp": "sulfamethoxazole-trimethoprim",
    "smz/tmp": "sulfamethoxazole-trimethoprim",
    "tmp/smx": "sulfamethoxazole-trimethoprim",
    "so4": "sulfate",
    "vit": "vitamin",
    "vpa": "valproate",
}
_SHORT_WORD = re.compile(
    rf"\b(?:{'|'.join(word.replace('/', '[/-]') for word in _SHORT)})\b\.?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r" ?\(([^()]{2,60})\)")


def plain(text: str) -> str:
    """A comma that stands for a point is one, a number grown onto a name is apart, and
    a short form is spelled out."""
    text = _SHORT_WORD.sub(_spelled_out, text)
    text = _RAISED_POINT.sub(".", text)
    text = _RATIO.sub(_per_ml, _PER_ML.sub(r"\1 units/mL", text))
    text = _AND_D.sub(" and vitamin D", text)
    text = _DECIMAL_COMMA.sub(
        lambda match: ".".join(filter(None, match.groups())), text
    )
    return _GLUED.sub(r"\1 \2", text)


def with_written_out(text: str) -> str:
    """`Tylenol w/ codeine` with its `with`."""
    return _WITH.sub("with ", text)


def _spelled_out(match: re.Match[str]) -> str:
    return _SHORT[match[0].lower().rstrip(".").replace("-", "/")]


def _per_ml(match: re.Match[str]) -> str:
    """`1:1000` is 1 mg/mL; `1:10,000` a tenth of it."""
    per_ml = Decimal(1000) / Decimal(match[1].replace(",", ""))
    return f"{per_ml.normalize():f} mg/mL"


def without_directions(text: str) -> str:
    """The text without how many and how often; what no pattern knows stays."""
    text = _TIMES.sub("", _FORM_LETTER.sub("", _TAKE.sub("", text)))
    shorter = _COUNT.sub(_uncounted, _BEFORE.sub("", _OFTEN.sub(" ", text)))
    return " ".join(shorter.split()) or text


def _uncounted(match: re.Match[str]) -> str:
    """Nothing for a count. `8-2 film` falls, so it is the strength of two halves."""
    first, second = match.groups()
    falls = _is_number(first) and _is_number(second) and float(first) > float(second)
    return match[0] if falls else ""


def _is_number(text: str | None) -> bool:
    return bool(text and re.fullmatch(r"\d+(?:\.\d+)?", text))


def without_when(name: str) -> str:
    """`Depakote ER twice daily` is `Depakote ER`."""
    return " ".join(_WHEN.sub(" ", name).split()).strip(" ,-")


def asides(text: str) -> tuple[str, tuple[str, ...]]:
    """`Zoloft (sertraline) 50 mg` is `Zoloft 50 mg`, and `sertraline` beside it.

    `Zoloft (50 mg)` has its only amount in the brackets: they are left alone.
    """
    outside = _ASIDE.sub("", text)
    if re.search(r"\d", text) and not re.search(r"\d", outside):
        return text, ()
    return outside, tuple(_ASIDE.findall(text))
