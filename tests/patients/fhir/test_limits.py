"""Hostile files: a sentence, quickly, and never anything else."""

from __future__ import annotations

import json

import pytest

from carecoord.json_files import MAX_BYTES, MAX_DEPTH, MAX_VALUES
from patients.fhir import UnreadableFile, clean_text, read
from tests.patients.fhir.files import bundle, read_value, statement


def nested(depth: int) -> str:
    """A bundle whose deepest value lies `depth` levels down."""
    inside = depth - 1
    return '{"resourceType": "Bundle", "x": ' + "[" * inside + "]" * inside + "}"


HOSTILE = {
    "nothing": b"",
    "only spaces": b"  \n ",
    "not JSON": b"hello",
    "half a file": b'{"resourceType": "Bundle", "entry": [',
    "two values": b'{"resourceType": "Bundle"} {}',
    "a number": b"5",
    "a string": b'"Bundle"',
    "null": b"null",
    "no type": b"{}",
    "a type that is a list": b'{"resourceType": ["Bundle"]}',
    "another type": b'{"resourceType": "ValueSet"}',
    "a hostile type": b'{"resourceType": "<script>alert(1)</script>"}',
    "an error message": b'{"resourceType": "OperationOutcome"}',
    "one level too deep": nested(MAX_DEPTH + 1).encode(),
    "100,000 levels": b"[" * 100_000,
    "100,000 objects": b'{"a":' * 100_000,
    "100,000 levels, closed": b"[" * 100_000 + b"]" * 100_000,
    "a key twice": b'{"resourceType": "Bundle", "type": "a", "type": "b"}',
    "a key twice, deep": b'{"resourceType": "Bundle", "x": [{"a": 1, "a": 1}]}',
    "a key twice by escape": b'{"resourceType": "Bundle", "a": 1, "\\u0061": 2}',
    "NaN": b'{"resourceType": "Bundle", "x": NaN}',
    "Infinity": b'{"resourceType": "Bundle", "x": Infinity}',
    "minus Infinity": b'{"resourceType": "Bundle", "x": -Infinity}',
    "1e999": b'{"resourceType": "Bundle", "x": 1e999}',
    "1e-999": b'{"resourceType": "Bundle", "x": 1e-999}',
    "a huge exponent": b'{"resourceType": "Bundle", "x": 1e99999999999999999999}',
    "10,000 digits": b'{"resourceType": "Bundle", "x": ' + b"9" * 10_000 + b"}",
    "10,000 decimals": b'{"resourceType": "Bundle", "x": 0.' + b"9" * 10_000 + b"}",
    "UTF-16 with mark": json.dumps({"resourceType": "Bundle"}).encode("utf-16"),
    "UTF-16 without mark": json.dumps({"resourceType": "Bundle"}).encode("utf-16-le"),
    "UTF-32": json.dumps({"resourceType": "Bundle"}).encode("utf-32"),
    "Latin-1": '{"resourceType": "Bundle", "x": "Körper"}'.encode("latin-1"),
    "a zero byte": b'{"resourceType": "Bundle"}\x00',
    "a PDF": b"%PDF-1.7",
    "a ZIP": b"PK\x03\x04rest",
    "gzip": b"\x1f\x8b\x08rest",
    "XML": b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>',
    "XML after spaces": b"  \n<Bundle/>",
    "too large": b" " * (MAX_BYTES + 1),
    "too many values": b"[" + b"[]," * (MAX_VALUES // 2 + 1) + b"[]]",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_gets_one_plain_sentence(raw):
    with pytest.raises(UnreadableFile) as caught:
        read(raw, source_name="hostile")
    sentence = caught.value.sentence
    assert sentence == str(caught.value)
    assert sentence[0].isupper() and sentence.endswith(".")
    assert not set(sentence) & set("<>{}[]")
    assert all(len(part.split()) <= 20 for part in sentence.split(". "))


def as_text() -> dict[str, str]:
    """Those hostile files that are text at all."""
    found = {}
    for name, raw in HOSTILE.items():
        if "UTF" not in name and raw.isascii():
            found[name] = raw.decode()
    return found


@pytest.mark.parametrize("text", as_text().values(), ids=as_text().keys())
def test_the_same_file_as_text_is_refused_as_well(text):
    with pytest.raises(UnreadableFile):
        read(text, source_name="hostile")


def test_depth_64_is_read_and_65_is_not():
    assert read(nested(MAX_DEPTH), source_name="deep").medicines == ()
    with pytest.raises(UnreadableFile, match="cannot be read safely"):
        read(nested(MAX_DEPTH + 1), source_name="deeper")


def test_a_byte_order_mark_before_utf_8_is_no_obstacle():
    raw = b"\xef\xbb\xbf" + json.dumps(bundle(statement())).encode()
    assert read(raw, source_name="from a Windows editor").medicines[0].name
    assert read(raw.decode(), source_name="as text").medicines[0].name


def test_a_wrong_type_is_named_only_if_it_is_a_plain_word():
    with pytest.raises(UnreadableFile, match="“ValueSet”"):
        read(HOSTILE["another type"], source_name="x")
    with pytest.raises(UnreadableFile) as caught:
        read(HOSTILE["a hostile type"], source_name="x")
    assert "script" not in str(caught.value)


def test_names_lose_what_cannot_be_seen_and_keep_every_letter():
    hostile = "ser\x00tra\u202eline\ud800 \u200bКлозапин\r\n 50\tmg"
    (found,) = read_value(
        bundle(statement(medicationCodeableConcept={"text": hostile}))
    ).medicines
    assert found.source_text == "sertraline Клозапин 50 mg"
    found.source_text.encode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, ""),
        (True, ""),
        ([], ""),
        ({}, ""),
        (5, "5"),
        ("  a \n\n b ", "a b"),
        ("\x00\x1b", ""),
        ("漢字", "漢字"),
        ("a" * 9_999, "a" * 4_000),
    ],
)
def test_text_is_cleaned_in_one_place(given, kept):
    assert clean_text(given) == kept


def test_a_decimal_stays_exact():
    dose = [{"doseQuantity": {"value": "EXACT", "unit": "mg"}}]
    timing = {"repeat": {"when": ["HS"]}}
    one = statement(dosage=[{"timing": timing, "doseAndRate": dose}])
    text = json.dumps(bundle(one)).replace('"EXACT"', "12.500000000000000000")
    (found,) = read(text, source_name="exact").medicines
    assert str(found.dosage["bedtime"]) == "0.25"


def test_the_source_name_is_cleaned_too():
    found = read_value(bundle())
    assert found.source_name == "made here"
    assert read("[]", source_name="a\x00\u202e" + "b" * 999).source_name[:3] == "abb"
