"""A permission from elsewhere is never wider than its file."""

import json
import time
from datetime import UTC, date, datetime

import pytest

from carecoord.json_files import UnreadableFile
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.fhir import moments
from consents.fhir.reading import MAX_BYTES, read
from consents.fhir.rules import Whose
from tests.consents.fhir.files import (
    ACT,
    AMINA,
    DOCTOR,
    LOINC,
    REASON,
    TYPES,
    actor,
    coded,
    coding,
    consent,
    permit,
    reading,
    text,
)

CONDITIONS = CATEGORIES["conditions"]
BOTH = CATEGORIES.mask("conditions", "allergies")
GROUP = {"reference": "Group/1", "display": "Everybody"}
ELSEWHERE = {"reference": "https://elsewhere.example/Practitioner/9"}
DENY_ALL_LABELS = {
    "type": "deny",
    "securityLabel": coding(
        ACT, "ETH", "SUD", "SEX", "STD", "HIV", "SDV", "VIO", "PRS"
    ),
}


def labelled(*names: str, **more):
    return permit(securityLabel=coding(ACT, *names), **more)


def deny(**more):
    return permit(type="deny", purpose=None, period=None, **more)


def deny_of(*classes: str):
    return deny(**{"class": coding(TYPES, *classes)})


# The file -> the one rule of it: kinds, labels, purposes.
KEPT = {
    "as it is": (consent(), BOTH, 0),
    "with every topic denied": (
        consent(permit(provision=[DENY_ALL_LABELS])),
        BOTH,
        0,
    ),
    "an unknown type of resource": (
        consent(permit(**{"class": coding(TYPES, "Condition", "Appointment")})),
        CONDITIONS,
        0,
    ),
    "an unknown code": (
        consent(
            permit(
                **{"class": None},
                code=[coded(LOINC, "11450-4"), coded(LOINC, "99999-9")],
            )
        ),
        CONDITIONS,
        0,
    ),
    "a code and a type are both a limit": (
        consent(permit(code=[coded(LOINC, "11450-4")])),
        CONDITIONS,
        0,
    ),
    "medicines without allergies": (
        consent(permit(**{"class": coding(TYPES, "Condition", "MedicationStatement")})),
        CONDITIONS,
        0,
    ),
    "observations are numbers, not what family noticed": (
        consent(permit(**{"class": coding(TYPES, "Observation")})),
        CATEGORIES["measures"],
        0,
    ),
    "a whole topic beside the ordinary": (
        consent(permit(), labelled("HIV")),
        BOTH,
        LABELS["hiv"],
    ),
    "half a topic": (consent(permit(), labelled("SDV")), BOTH, 0),
    "an unknown topic": (consent(permit(), labelled("HIV", "GDIS")), BOTH, 4),
    "a topic for some kinds only": (
        consent(permit(), labelled("HIV", **{"class": coding(TYPES, "Condition")})),
        BOTH,
        0,
    ),
    "a topic that an exception takes away": (
        consent(
            permit(),
            labelled(
                *("HIV", "ETH", "SUD"),
                provision=[{"type": "deny", "securityLabel": coding(ACT, "OPIOIDUD")}],
            ),
        ),
        BOTH,
        LABELS["hiv"],
    ),
    "a kind that an exception takes away": (
        consent(
            permit(
                provision=[
                    {"type": "deny", "class": coding(TYPES, "AllergyIntolerance")}
                ]
            )
        ),
        CONDITIONS,
        0,
    ),
    "a deny beside it takes away too": (
        consent(permit(), deny_of("AllergyIntolerance")),
        CONDITIONS,
        0,
    ),
    "a list from a day on": (
        consent(
            permit(
                **{"class": coding(TYPES, "Observation", "Condition")},
                dataPeriod={"start": "2026-02-01"},
            )
        ),
        CATEGORIES["measures"],
        0,
    ),
}


SAID = [
    name for name in KEPT if name.startswith(("an ", "half", "medicines", "a list"))
]


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_not_wider(name):
    value, kinds, topics = KEPT[name]
    rules = [rule for rule in reading(value).rules if rule.effect == "permit"]
    assert [(rule.categories, rule.labels) for rule in rules] == [(kinds, topics)]
    if name in SAID:
        assert rules[0].said, "what is left out is said"


REFUSED = {
    "another default": consent(policyRule=coded(ACT, "OPTIN")),
    "no default": consent(policyRule=None),
    "no default but a policy": consent(policyRule=None, policy=[{"uri": "urn:x"}]),
    "no scope": consent(scope=None),
    "research": consent(
        scope=coded("http://terminology.hl7.org/CodeSystem/consentscope", "research")
    ),
    "ended": consent(status="inactive"),
    "refused": consent(status="rejected"),
    "a mistake": consent(status="entered-in-error"),
    "a status unknown": consent(status="on-hold"),
    "rules from somewhere else": consent(implicitRules="https://x.example"),
    "something that changes its meaning": consent(modifierExtension=[{"url": "u"}]),
    "the same inside a rule": consent(permit(modifierExtension=[{"url": "u"}])),
    "a field of no version": consent(permit(unless="Tuesday")),
    "somebody else by name": consent(patient={"display": "Gus Moreau"}),
    "nobody": consent(patient=None),
    "no recipient": consent(permit(actor=None)),
    "recipients that are none": consent(permit(actor=[])),
    "a recipient that is a word": consent(permit(actor=["#dr"])),
    "a part unknown": consent(permit(actor=[actor(DOCTOR), actor(DOCTOR, "CST")])),
    "a whole group": consent(permit(actor=[actor(GROUP)])),
    "a recipient that is not in the file": consent(permit(actor=[actor(ELSEWHERE)])),
    "a link and another name": consent(
        permit(actor=[actor({"reference": "#dr", "display": "Dr. Bram Visser"})])
    ),
    "everything": consent(permit(**{"class": None})),
    "an unknown type alone": consent(permit(**{"class": coding(TYPES, "Appointment")})),
    "words and no code": consent(
        permit(**{"class": None}, code=[{"text": "Diagnoses"}])
    ),
    "two things in one concept": consent(
        permit(
            **{"class": None},
            code=[{"coding": coding(LOINC, "11450-4", "48765-2")}],
        )
    ),
    "only what is marked": consent(labelled("HIV")),
    "marked and confidential": consent(
        permit(
            securityLabel=[
                *coding(ACT, "HIV"),
                *coding(
                    "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R"
                ),
            ]
        )
    ),
    "less than ordinary": consent(
        permit(
            securityLabel=coding(
                "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "L"
            )
        )
    ),
    "a reason unknown": consent(permit(purpose=coding(REASON, "HMARKT"))),
    "a duty as a reason": consent(permit(purpose=coding(REASON, "THREAT"))),
    "one paper": consent(permit(data=[{"meaning": "instance"}])),
    "only written to": consent(
        permit(
            action=[
                coded("http://terminology.hl7.org/CodeSystem/consentaction", "collect")
            ]
        )
    ),
    "dates that end": consent(
        permit(dataPeriod={"start": "2026-01-01", "end": "2026-02-01"})
    ),
    "a day that is none": consent(permit(period={"end": "2027-02-30"})),
    "an instant without a zone": consent(permit(period={"end": "2027-02-03T10:00:00"})),
    "an exception by date": consent(
        permit(provision=[{"type": "deny", "dataPeriod": {"start": "2026-01-01"}}])
    ),
    "an exception of an exception": consent(
        permit(
            provision=[
                {
                    "type": "deny",
                    "class": coding(TYPES, "Condition"),
                    "provision": [permit()],
                }
            ]
        )
    ),
    "an exception that permits": consent(permit(provision=[permit()])),
    "an exception about a topic unknown": consent(
        permit(provision=[{"type": "deny", "securityLabel": coding(ACT, "GDIS")}])
    ),
    "an exception about a programme": consent(
        permit(provision=[{"type": "deny", "securityLabel": coding(ACT, "42CFRPart2")}])
    ),
    "a deny about a kind unknown": consent(permit(), deny_of("Appointment")),
    "a deny for a group": consent(permit(), deny(actor=[actor(GROUP)])),
    "a deny about notes that are not here": consent(
        permit(), deny(securityLabel=coding(ACT, "PSYTHPN"))
    ),
    "around the rules": consent(
        provision={"purpose": coding(REASON, "TREAT"), "provision": [permit()]}
    ),
    "no rules": consent(provision={}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_refused_with_a_sentence(name):
    with pytest.raises(UnreadableFile) as refused:
        reading(REFUSED[name])
    assert refused.value.sentence.endswith(".")


def test_a_deny_touches_at_least_what_the_file_denies():
    found = reading(consent(deny_of("Observation"))).rules[0]
    assert found.effect == "deny"
    assert not CATEGORIES.mask("measures", "observations", "substances") & (
        ~found.categories
    )
    assert found.purposes == PURPOSES.all
    part = reading(consent(deny(securityLabel=coding(ACT, "ETHUD")))).rules[0]
    assert part.labels == LABELS["substance_use"]
    assert reading(consent(deny(**{"class": None}))).rules[0].categories == (
        CATEGORIES.all
    )


def test_a_root_that_is_a_rule_counts_and_a_period_around_it_limits():
    assert reading(consent(provision=permit())).rules[0].categories == BOTH
    around = {"period": {"end": "2026-12-31"}, "provision": [permit()]}
    assert reading(consent(provision=around)).rules[0].ends == (
        "2026-12-31",
        "2027-03-01",
    )


def test_no_reason_and_no_end_are_chosen_by_the_patient():
    found = reading(consent(permit(purpose=None, period=None))).rules[0]
    assert (found.purposes, found.ends) == (0, ())


def test_a_recipient_by_identifier_alone_is_no_other_resource_of_the_file():
    pk = "22222222-2222-4222-8222-222222222222"
    identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{pk}"}
    named = {"type": "Practitioner", "identifier": identifier, "display": "Dr. P"}
    value = consent(permit(actor=[actor(named)]), contained=None)
    (rule,) = reading(value).rules
    assert (rule.recipient.id, rule.recipient.name) == (pk, "Dr. P")


def test_a_file_is_about_one_person():
    own = Whose(AMINA.id, AMINA.name, date(1991, 2, 14))
    other = {"resourceType": "Patient", "id": "p", "birthDate": "1980-07-01"}
    value = consent(patient={"reference": "#p", "display": "Amina Diallo"})
    value["contained"].append(other)
    with pytest.raises(UnreadableFile, match="somebody else"):
        reading(value, own)
    other["birthDate"] = "1991-02-14"
    value["contained"][-1] = other
    assert reading(value, own).rules


def test_a_number_of_another_system_needs_the_name_and_the_birth_date():
    own = Whose(AMINA.id, AMINA.name, date(1991, 2, 14))
    numbered = "urn:uuid:99999999-9999-4999-8999-999999999999"
    other = {"resourceType": "Patient", "id": "p", "birthDate": "1991-02-14"}
    other["identifier"] = [{"system": "urn:ietf:rfc:3986", "value": numbered}]
    value = consent(patient={"reference": "#p", "display": "Amina Diallo"})
    value["contained"].append(other)
    assert reading(value, own).rules
    value["patient"]["display"] = "Gus Moreau"
    with pytest.raises(UnreadableFile, match="your name"):
        reading(value, own)
    value["patient"]["display"] = "Amina Diallo"
    for born in ("1980-07-01", ""):
        other["birthDate"] = born
        with pytest.raises(UnreadableFile, match="somebody else"):
            reading(value, own)


def batched_by(size: int, times: int) -> list[range]:
    return [range(size * turn, size * (turn + 1)) for turn in range(times)]


HOSTILE = {
    "nothing": b"",
    "not JSON": b"permission",
    "half": b'{"resourceType": "Consent",',
    "a page": b"<html><script>alert(1)</script></html>",
    "twice": b'{"resourceType": "Consent", "status": "draft", "status": "active"}',
    "deep": b"[" * 5_000 + b"]" * 5_000,
    "a list": b"[]",
    "another resource": b'{"resourceType": "Patient"}',
    "large": b" " * (MAX_BYTES + 1),
    "an entry that is a number": b'{"resourceType": "Bundle", "entry": [5]}',
    "days without the first": json.dumps(
        consent(permit(dataPeriod={"id": "x"}))
    ).encode(),
    "an infinite number": b'{"resourceType": "Consent", "status": Infinity}',
    # Half a megabyte took 21 seconds and made 3,360 drafts.
    "permits times denies": json.dumps(
        consent(
            *(
                permit(type=kind, actor=[actor({"display": f"{n}"}) for n in these])
                for kind in ("deny", "permit")
                for these in batched_by(60, 30)
            )
        )
    ).encode(),
    "too many": json.dumps(
        {"resourceType": "Bundle", "entry": [{"resource": consent()}] * 21}
    ).encode(),
}


@pytest.mark.security("T57", "L25")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_sentence_and_quick(name):
    began = time.monotonic()
    with pytest.raises(UnreadableFile) as refused:
        read(HOSTILE[name], whose=AMINA)
    assert refused.value.sentence.endswith((".", "…"))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("value", [None, True, 5, "x", [], [5], {}, {"x": "y"}, ""])
@pytest.mark.parametrize("key", sorted({*consent(), *permit(), "securityLabel"}))
def test_nonsense_in_a_field_is_refused_or_narrower(key, value):
    whole = consent()
    inside = key in whole and key != "provision"
    given = consent() | {key: value} if inside else consent(permit() | {key: value})
    try:
        rules = reading(given).rules
    except UnreadableFile:
        return
    for rule in rules:
        assert rule.effect == "permit"
        assert not rule.categories & ~BOTH
        assert rule.labels == 0
        assert not rule.purposes & ~PURPOSES["TREAT"]


def test_markup_never_stays_in_a_name_and_nothing_is_fetched(monkeypatch):
    def fetched(*_args, **_more):
        raise AssertionError("a file made the service call out")

    monkeypatch.setattr("socket.socket.connect", fetched)
    value = consent(
        sourceAttachment={"url": "http://169.254.169.254/"},
        text={"div": "<script>alert(1)</script>"},
    )
    value["contained"][0]["name"] = [{"text": "<b>Dr. Pia</b>\u202e"}]
    value["provision"]["provision"][0]["actor"][0]["reference"].pop("display")
    found = reading(value).rules[0]
    assert found.recipient.name == "bDr. Pia/b"
    assert "<" not in text(found.said)


def test_an_end_is_included_to_its_last_digit():
    zone = "America/New_York"
    day = moments.end_of("2027-03-01", zone)
    assert day == datetime(2027, 3, 2, 5, tzinfo=UTC)
    assert moments.end_of("2027-03", zone) == datetime(2027, 4, 1, 4, tzinfo=UTC)
    assert moments.end_of("2027", zone) == datetime(2028, 1, 1, 5, tzinfo=UTC)
    for at in (day, day.replace(microsecond=7)):
        assert moments.end_of(moments.written_end(at, zone), zone) == at
        assert moments.start_of(moments.written(at, zone), zone) == at
