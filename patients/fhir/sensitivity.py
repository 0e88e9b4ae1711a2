"""Names that give a private matter away, and the label to propose for them.

Only a proposal: the patient decides. Awaiting review by a clinician. The labels are
those of the sharing rules; one starting word is enough, brands included.
"""

from __future__ import annotations

import re

from patients.fhir.codes import ICD10_SYSTEMS
from patients.fhir.records import Coding

MEDICINES = {
    "substance_use": """
        acamprosate antabuse brixadi buprenorphine campral contrave disulfiram
        lofexidine lucemyra methadone methadose nalmefene naloxone naltrexone narcan
        revia sublocade suboxone subutex vivitrol zubsolv
    """,
    "hiv": """
        abacavir apretude atazanavir atripla bictegravir biktarvy cabenuva cabotegravir
        cobicistat complera darunavir delstrigo descovy didanosine dolutegravir
        doravirine dovato edurant efavirenz elvitegravir emtricitabine enfuvirtide
        epivir etravirine fosamprenavir fostemsavir genvoya ibalizumab indinavir
        isentress juluca kaletra lamivudine lenacapavir lopinavir maraviroc nelfinavir
        nevirapine odefsey prezcobix prezista raltegravir rilpivirine ritonavir rukobia
        saquinavir stavudine stribild sunlenca symtuza tenofovir tipranavir tivicay
        triumeq truvada zidovudine
    """,
    "sexual_reproductive": """
        avanafil clomiphene depo-provera desogestrel drospirenone estradiol
        ethinyl etonogestrel levonorgestrel medroxyprogesterone mifepristone misoprostol
        nexplanon norelgestromin norethindrone norgestimate norgestrel sildenafil
        tadalafil testosterone ulipristal vardenafil viagra cialis
    """,
}
CONDITIONS = {
    "substance_use": r"alcohol|opioid|cocaine|amphetamine (?:use|depend)|"
    r"(?:drug|substance) (?:use|abuse|misuse|depend)|addict|withdrawal",
    "hiv": r"\bhiv\b|human immunodeficiency|\baids\b",
    "sexual_reproductive": r"pregnan|abortion|miscarriage|contracept|chlamydia|"
    r"gonorrh|syphilis|genital herpes|erectile|sexually transmitted",
    "violence": r"\babuse of (?:adult|child)|domestic violence|partner violence|"
    r"sexual (?:abuse|assault)|\brape\b|maltreatment",
}
# Tobacco (F17) brands nobody. ICD-10-CM chapters, first letters of the code.
ICD10 = {
    "substance_use": r"F1[0-689]",
    "hiv": r"B2[0-4]|Z21",
    "sexual_reproductive": r"A5\d|A6[0-4]|O\d|Z3[0-4]|Z3A",
    "violence": r"T7[46]|Y07",
}
_MEDICINE = {
    label: re.compile(rf"(?<!\w)(?:{'|'.join(words.split())})", re.IGNORECASE)
    for label, words in MEDICINES.items()
}
_CONDITION = {label: re.compile(said, re.I) for label, said in CONDITIONS.items()}
_ICD10 = {label: re.compile(rf"(?:{codes})") for label, codes in ICD10.items()}
# Ritonavir with nirmatrelvir treats COVID-19 and says nothing about HIV.
_NOT_HIV = re.compile(r"nirmatrelvir|paxlovid", re.IGNORECASE)


def medicine_labels(*names: str) -> tuple[str, ...]:
    """The labels to propose for a medicine's name, ingredient and brand."""
    said = " | ".join(names)
    found = [label for label, words in _MEDICINE.items() if words.search(said)]
    if "hiv" in found and _NOT_HIV.search(said):
        found.remove("hiv")
    return tuple(found)


def condition_labels(name: str, codings: tuple[Coding, ...]) -> tuple[str, ...]:
    """The labels to propose for a diagnosis, by its words and ICD-10 codes."""
    said = " | ".join([name, *(coding.display for coding in codings)])
    codes = [c.code for c in codings if c.system.startswith(ICD10_SYSTEMS)]
    return tuple(
        label
        for label in _CONDITION
        if _CONDITION[label].search(said) or any(map(_ICD10[label].match, codes))
    )
