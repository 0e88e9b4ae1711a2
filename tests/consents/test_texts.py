"""A signed permission says everything that the law asks for, in plain words."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date

import pytest

from consents import codes, texts
from tests.readability import grade, longest_sentence


@dataclass(frozen=True)
class Operator:
    name: str = "Shared Care Co-op"
    contact: str = "privacy@care.example, 1 Main Street"


TERMS = texts.Terms(
    patient_name="Jordan Rivera",
    recipient_name="Dr. Lee",
    recipient_role="psychiatrist",
    discloser_names=None,
    category_names=("medications", "allergies", "updates"),
    label_names=("hiv",),
    purposes=("TREAT", "COC"),
    starts=date(2026, 11, 22),
    ends=date(2027, 3, 1),
    item_window="last_12_months",
    operator=Operator(),
    redisclosure="hipaa",
)
EVERY_LABEL = tuple(texts.label_words())


def render(**changes):
    version = changes.pop("version", texts.CURRENT)
    return texts.render_terms(replace(TERMS, **changes), version=version)


def section(text, heading):
    (found,) = [part for part in text.sections if part.heading == heading]
    return found.plain


# Every element of the law ----------------------------------------------------
@pytest.mark.parametrize("redisclosure", ["hipaa", "unprotected"])
@pytest.mark.parametrize("labels", [(), ("hiv",), EVERY_LABEL])
@pytest.mark.parametrize("disclosers", [None, ("Sam Ito", "Dr. Ortiz")])
@pytest.mark.parametrize(
    "representative", [None, texts.Representative("Ana Rivera", "health-care agent")]
)
def test_every_required_element_is_in_every_shape_of_consent(
    redisclosure, labels, disclosers, representative
):
    text = render(
        redisclosure=redisclosure,
        label_names=labels,
        discloser_names=disclosers,
        representative=representative,
    )
    assert texts.elements(text) == set(texts.REQUIRED_ELEMENTS)


@pytest.mark.parametrize("missing", range(16))
def test_leaving_out_any_section_loses_an_element(missing):
    text = render()
    kept = tuple(part for n, part in enumerate(text.sections) if n != missing)
    assert len(text.sections) == 16
    lost = texts.elements(text) - texts.elements(replace(text, sections=kept))
    # These two serve the same rule, so either may go; each other one stands alone.
    shares_its_rule = text.sections[missing].heading in (
        "What they will see",
        "Topics that need their own yes",
    )
    assert bool(lost) != shares_its_rule


def test_a_heading_without_words_serves_no_law():
    text = render()
    empty = replace(text.sections[0], paragraphs=("",))
    hollow = replace(text, sections=(empty, *text.sections[1:]))
    assert "42 CFR 2.31(a)(1)" not in texts.elements(hollow)


# A tag proves nothing by itself: what each rule asks for must be in its own section.
PROOFS = {
    "42 CFR 2.31(a)(1)": r"Jordan Rivera",
    "42 CFR 2.31(a)(2)": r"any member of my care team",
    "42 CFR 2.31(a)(3)": r"Medicines: .*Allergies: .*Updates: ",
    "42 CFR 2.31(a)(4)(i)": r"Dr\. Lee, psychiatrist",
    "42 CFR 2.31(a)(4)(ii)": r"Shared Care Co-op runs",
    "42 CFR 2.31(a)(4)(iii)": r"HIPAA.*civil, criminal, administrative and legislative",
    "42 CFR 2.31(a)(5)": r"treat me",
    "42 CFR 2.31(a)(5)(iii)": r"ask for gifts of money",
    "42 CFR 2.31(a)(6)": r"stop this at any time.*write to.*stays done",
    "42 CFR 2.31(a)(7)": r"March 1, 2027",
    "42 CFR 2.31(a)(8)": r"Typing the full name below is the signature",
    "42 CFR 2.31(a)(9)": r"the date and time",
    "42 CFR 2.31(a)(10)(i)": r"may no longer be protected",
    "42 CFR 2.31(a)(10)(ii)": r"I do not have to sign.*will then not see",
    "42 CFR 2.31(b)": r"counseling notes",
    "42 CFR 2.31(d)": r"court case.*separate permission",
    "45 CFR 164.508(a)(3)": r"for ads",
    "45 CFR 164.508(a)(4)": r"sell it",
    "45 CFR 164.508(b)(3)(ii)": r"psychotherapy notes do not exist in this product",
    "45 CFR 164.508(c)(1)(i)": r"and no other",
    "45 CFR 164.508(c)(1)(ii)": r"share it myself",
    "45 CFR 164.508(c)(1)(iii)": r"Dr\. Lee, psychiatrist",
    "45 CFR 164.508(c)(1)(iv)": r"work together",
    "45 CFR 164.508(c)(1)(v)": r"March 1, 2027",
    "45 CFR 164.508(c)(1)(vi)": r"Signed by the patient, Jordan Rivera",
    "45 CFR 164.508(c)(2)(i)": r"keeps what was already read",
    "45 CFR 164.508(c)(2)(ii)": r"treatment, payment, sign-up or benefits",
    "45 CFR 164.508(c)(2)(iii)": r"pass it on",
    "45 CFR 164.508(c)(4)": r"copy when I sign",
}


def test_every_element_has_a_proof():
    assert set(PROOFS) == set(texts.REQUIRED_ELEMENTS)


@pytest.mark.parametrize("rule", texts.REQUIRED_ELEMENTS)
def test_the_section_tagged_with_a_rule_says_what_the_rule_asks(rule):
    tagged = " ".join(part.plain for part in render().sections if rule in part.rules)
    assert re.search(PROOFS[rule], tagged.replace("\n", " "))


# What the patient decided is what the text says ------------------------------
def test_only_the_chosen_categories_are_named():
    shown = section(
        render(category_names=("goals",), item_window=""), "What they will see"
    )
    assert "Goals and plan" in shown
    for code, words in texts.category_words().items():
        assert (words in shown) == (code == "goals")


def test_every_label_is_answered_yes_or_no():
    shown = section(render(label_names=("hiv",)), "Topics that need their own yes")
    assert "I say yes to: HIV." in shown
    for code, words in texts.label_words().items():
        assert (f"Not shared: {words}." in shown) == (code != "hiv")


def test_substance_use_is_called_specially_protected_only_if_shared():
    without = section(render(), "Topics that need their own yes")
    shared = render(label_names=("substance_use",))
    assert "42 CFR part 2" not in without
    assert "42 CFR part 2" in section(shared, "Topics that need their own yes")


def test_named_disclosers_replace_the_care_team():
    shown = section(render(discloser_names=("Sam Ito",)), "Who may share it")
    assert "Sam Ito, and no one else" in shown
    assert "care team" not in shown


def test_an_event_end_also_has_a_latest_day():
    shown = section(render(ends_event="my treatment ends"), "When it starts and ends")
    assert "my treatment ends" in shown
    assert "at the latest at the end of March 1, 2027" in shown


def test_an_organization_consent_says_who_there_and_that_new_staff_are_told():
    shown = section(render(recipient_is_organization=True), "Who will see it")
    assert "I am told who" in shown
    assert "may already share a chart" in shown


def test_a_relative_is_said_to_be_outside_the_privacy_rules():
    shown = section(render(redisclosure="unprotected"), "If it is passed on")
    assert "does not have to follow the federal privacy rules" in shown


def test_a_representative_signs_with_their_authority():
    signer = texts.Representative("Ana Rivera", "health-care agent")
    shown = section(render(representative=signer), "My signature")
    assert "Signed by Ana Rivera for Jordan Rivera." in shown
    assert "signs as health-care agent" in shown


def test_how_far_back_takes_a_phrase_of_its_own():
    shown = section(render(item_window="from May 1, 2026 on"), "What they will see")
    assert "from May 1, 2026 on" in shown


def test_how_far_back_can_be_said_of_a_stored_consent():
    assert texts.item_window_since(None) == texts.item_windows()["all"]
    window = texts.item_window_since(date(2026, 5, 1))
    shown = section(render(item_window=window), "What they will see")
    assert "what is dated May 1, 2026 or later." in shown


# Terms that no consent may have ----------------------------------------------
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"category_names": ()}, "at least one kind"),
        ({"purposes": ()}, "at least one reason"),
        ({"ends": date(2026, 11, 21)}, "end date must not be before"),
        ({"patient_name": " "}, "lacks the patient's name"),
        ({"recipient_role": ""}, "lacks the recipient's role"),
        ({"operator": Operator(contact="")}, "lacks the operator's contact"),
        ({"discloser_names": ()}, "who may share"),
        ({"item_window": ""}, "how far back"),
        ({"redisclosure": "maybe"}, "HIPAA or not"),
    ],
)
def test_deficient_terms_are_refused_with_a_sentence(changes, sentence):
    with pytest.raises(texts.WordingError, match=sentence):
        replace(TERMS, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"category_names": ("everything",)},
        {"label_names": ("psychotherapy",)},
        {"purposes": ("HMARKT",)},
        {"representative": texts.Representative("Ana Rivera", "")},
    ],
)
def test_a_code_without_words_is_never_put_into_a_consent(changes):
    with pytest.raises(texts.WordingError):
        render(**changes)


# Versions stay ---------------------------------------------------------------
# Once a wording has been signed by anyone, its digest here must never be edited.
DIGESTS = {
    "en-2026-11": "249d53ac5fe0c8d0",
    "en-2026-11-26": "245f0ffba67c99c4",
}


def every_word(version):
    shapes = [
        {"category_names": tuple(texts.category_words(version))},
        {"label_names": EVERY_LABEL, "purposes": tuple(texts.purpose_words(version))},
        {"label_names": (), "discloser_names": ("Sam Ito",), "ends_event": "I move"},
        {"redisclosure": "unprotected", "recipient_is_organization": True},
        {"representative": texts.Representative("Ana Rivera", "guardian")},
        *({"item_window": window} for window in texts.item_windows(version)),
    ]
    return "".join(render(version=version, **shape).plain for shape in shapes)


def test_every_version_prints_the_same_words_for_ever():
    assert set(DIGESTS) == set(texts.VERSIONS)
    for version, digest in DIGESTS.items():
        printed = every_word(version).encode()
        assert hashlib.sha256(printed).hexdigest()[:16] == digest


def test_an_unknown_version_is_refused():
    with pytest.raises(texts.WordingError, match="no wording of version"):
        render(version="en-1999-01")


def test_the_wording_knows_every_code_that_a_consent_can_hold():
    assert set(texts.category_words()) == set(codes.CATEGORIES.by_name)
    assert set(texts.label_words()) == set(codes.LABELS.by_name)
    # What the law opens by itself is no term of a consent.
    unsigned = {"THREAT", "PWATRNY"}
    assert set(texts.purpose_words()) == set(codes.PURPOSES.by_name) - unsigned


# The texts around it ---------------------------------------------------------
def test_the_receipt_has_every_field_of_a_kantara_receipt():
    lines = dict(
        texts.receipt_lines(
            TERMS,
            receipt_id="7f3a",
            signed="November 22, 2026, 2:10 pm",
            method="signed in with password and code",
            signed_by="Jordan Rivera",
            jurisdiction="United States",
            policy_address="/privacy/",
        )
    )
    assert lines["Receipt number"] == "7f3a"
    assert lines["Wording"] == texts.CURRENT
    assert lines["Law"] == "United States"
    # consentType and service, which each receipt must have.
    assert lines["Kind of permission"].startswith("Explicit")
    assert "record" in lines["What the service is for"]
    assert lines["Who runs the service"] == "Shared Care Co-op"
    assert lines["Shared with"] == "Dr. Lee, psychiatrist"
    assert lines["Sensitive topics included"] == "HIV"
    assert "Stop sharing now" in lines["How to stop"]
    assert all(value.strip() for value in lines.values())
    assert len(lines) == 20


def test_a_refusal_does_not_sound_like_a_ban():
    plain = texts.refusal(recipient_name="Dr. Lee").plain
    assert "has not changed" in plain
    assert "You can share later" in plain


def test_a_stop_says_what_ends_and_what_cannot_be_undone():
    for text in (
        texts.stop_warning(recipient_name="Dr. Lee"),
        texts.revocation(
            patient_name="Jordan Rivera",
            recipient_name="Dr. Lee",
            when="November 22, 2026, 2:10 pm",
            by_name="Jordan Rivera",
        ),
    ):
        assert "keeps what was already read or printed" in text.plain
        assert "42 CFR 2.31(a)(6)" in texts.elements(text)


def test_a_stop_by_a_representative_names_both():
    plain = texts.revocation(
        patient_name="Jordan Rivera",
        recipient_name="Dr. Lee",
        when="today",
        by_name="Ana Rivera",
    ).plain
    assert "by Ana Rivera for Jordan Rivera" in plain


def test_coordination_is_allowed_can_be_printed_into_a_chart():
    plain = texts.coordination(
        patient_name="Jordan Rivera",
        clinician_name="Dr. Lee",
        team=("Sam Ito, therapist", "Dr. Ortiz, primary care"),
        category_names=("medications", "updates"),
        label_names=(),
        starts=date(2026, 11, 22),
        ends=date(2027, 3, 1),
        permission_id="7f3a",
    ).plain
    assert "Jordan Rivera allows sharing with Dr. Lee" in plain
    assert "Sam Ito, therapist and Dr. Ortiz, primary care" in plain
    assert "Not allowed: treatment for alcohol or drug use." in plain
    assert "Check the service first" in plain
    assert "This may not be everything." in plain


@pytest.mark.security("T88")
def test_the_part_2_notice_has_the_words_of_the_law_in_both_forms():
    assert texts.part2_notice().paragraphs == (
        "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
    )
    long = texts.part2_notice(form="long").plain
    assert "This record which has been disclosed to you is protected by Federal" in long
    assert "any civil, criminal, administrative, or legislative proceedings" in long
    assert "(iii) You have received the record from a covered entity" in long
    assert "is NOT sufficient" in long
    with pytest.raises(texts.WordingError):
        texts.part2_notice(form="medium")


def test_the_scope_of_the_consent_stands_beside_the_notice():
    scope = texts.part2_scope(
        signed=date(2026, 11, 22),
        ends=date(2027, 3, 1),
        recipient_name="Dr. Lee",
        category_names=("medications",),
        purposes=("TREAT",),
    )
    assert scope.rules == ("42 CFR 2.32(b)",)
    assert "Dr. Lee, until the end of March 1, 2027" in scope.plain
    assert "Medicines:" in scope.plain


# Plain words -----------------------------------------------------------------
def every_text():
    yield "consent", render(label_names=EVERY_LABEL[:2]).plain
    yield "to a relative", render(redisclosure="unprotected").plain
    yield "refusal", texts.refusal(recipient_name="Dr. Lee").plain
    yield "stop", texts.stop_warning(recipient_name="Dr. Lee").plain


@pytest.mark.parametrize(
    ("name", "plain"), list(every_text()), ids=lambda value: value[:14]
)
def test_the_words_are_for_everyone(name, plain):
    assert grade(plain) <= 6
    # "42 CFR", names and the four kinds of case make a line long, not hard.
    assert longest_sentence(plain) <= 20


@pytest.mark.parametrize("word", ["medication", "hereby", "invalid", "click", "abuse "])
def test_words_that_no_one_says_are_not_used(word):
    plain = render(label_names=(), category_names=tuple(texts.category_words())).plain
    assert (
        word not in plain.replace("violence or abuse that I lived through", "").lower()
    )
