"""What the service knows about medicines: names, classes, strengths, look-alikes.

The starter list (`data/*.toml`) was written for this project from public knowledge; the
RxCUIs are facts made by the National Library of Medicine. It awaits review by a
pharmacist. A deployment adds the complete list with `manage.py import_rxterms` or
`import_rxnorm`.

    find("Zoloft").ingredient                  "sertraline"
    parse("Zoloft 50mg").ingredients           (("sertraline", Decimal(50), "MG"),)
    medicines_in("Percocet 5 mg/325 mg")       oxycodone, acetaminophen
"""

from patients.medicine_knowledge.parsed import PackItem, ParsedMedicine, Part
from patients.medicine_knowledge.parsing import medicines_in, parse
from patients.medicine_knowledge.starter import (
    Amount,
    Medicine,
    Strength,
    all_medicines,
    find,
    group_title,
    labels_of,
    with_class,
)
from patients.medicine_knowledge.watching import Course, Watching, watching_of

__all__ = [
    "Amount",
    "Course",
    "Medicine",
    "PackItem",
    "ParsedMedicine",
    "Part",
    "Strength",
    "Watching",
    "all_medicines",
    "find",
    "group_title",
    "labels_of",
    "medicines_in",
    "parse",
    "watching_of",
    "with_class",
]
