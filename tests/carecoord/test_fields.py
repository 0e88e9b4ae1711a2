"""Encrypted columns, and text that both databases can hold."""

import base64
from datetime import date

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection
from django.utils import timezone

from carecoord.fields import (
    EncryptedTextField,
    InvalidToken,
    clear_name,
    decrypt,
    encrypt,
    plain_text,
)
from patients.models import Goal, Patient
from tests.patients import records

CANARY = "CNRYgoal7f3a"


@pytest.fixture
def goal(cast):
    made = records.item(Goal, cast.amina, "goals", cast.at, what=CANARY)
    made.what = f"{CANARY} again"
    made.save()
    return made


def stored(table: str, column: str) -> list[str]:
    """What a dump of the database would hold."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.security("T76")
def test_a_dump_holds_no_word_of_it_nor_of_its_versions(goal):
    assert Goal.objects.get().what == f"{CANARY} again"
    assert [each.what for each in goal.history.order_by("history_id")] == [
        CANARY,
        f"{CANARY} again",
    ]
    dumped = stored("patients_goal", "what") + stored("patients_historicalgoal", "what")
    assert len(dumped) == 3
    assert not any(CANARY in each for each in dumped)


def test_the_same_text_is_never_stored_the_same(goal):
    assert encrypt("a") != encrypt("a")


def test_nothing_is_stored_as_nothing():
    field = EncryptedTextField()
    assert field.get_prep_value("") == ""
    assert field.get_prep_value(None) is None
    assert field.from_db_value("") == ""


@pytest.mark.security("T76")
@pytest.mark.parametrize("place", [0, 9, 20, -8, -1])
def test_one_flipped_bit_is_an_error_and_not_a_text(place):
    raw = bytearray(base64.urlsafe_b64decode(encrypt(CANARY)))
    raw[place] ^= 1
    with pytest.raises(InvalidToken):
        decrypt(base64.urlsafe_b64encode(bytes(raw)).decode())


def test_a_token_is_read_wherever_it_is_put(cast, goal):
    """Not stopped, and docs/threat-model.md says so: Fernet takes no associated data.

    Whoever binds a text to its row changes this test and that paragraph.
    """
    other = records.item(Goal, cast.gus, "goals", cast.at, what="Walk each day")
    tokens = dict(Goal.objects.values_list("pk", "what"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT what FROM patients_goal ORDER BY recorded_at, what")
        first, second = (row[0] for row in cursor.fetchall())
        cursor.execute(
            "UPDATE patients_goal SET what = CASE what WHEN %s THEN %s ELSE %s END",
            [first, second, first],
        )
    swapped = dict(Goal.objects.values_list("pk", "what"))
    assert swapped[goal.pk] == tokens[other.pk]
    assert swapped[other.pk] == tokens[goal.pk]


def test_a_damaged_row_cannot_be_read(goal):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE patients_goal SET what = 'gAAAAA-not-a-token'")
    with pytest.raises(InvalidToken):
        Goal.objects.get()


@pytest.mark.security("T76")
def test_a_new_key_reads_what_the_old_one_wrote(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [old]
    token = encrypt(CANARY)
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    assert decrypt(token) == CANARY
    newer = encrypt(CANARY)
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert decrypt(newer) == CANARY
    with pytest.raises(InvalidToken):
        decrypt(token)


def test_a_key_that_is_none_is_refused_with_a_sentence(settings):
    settings.FIELD_ENCRYPTION_KEYS = ["not a key"]
    with pytest.raises(ImproperlyConfigured, match="must be Fernet keys"):
        encrypt("a")


@pytest.mark.parametrize(
    "lookup", ["exact", "contains", "icontains", "startswith", "in", "regex", "gt"]
)
def test_an_encrypted_column_is_never_filtered(db, lookup):
    value = ["a"] if lookup == "in" else "a"
    with pytest.raises(TypeError, match="cannot be filtered"):
        Goal.objects.filter(**{f"what__{lookup}": value}).exists()


def test_an_encrypted_column_is_never_sorted_by_or_indexed():
    for model in apps.get_models():
        encrypted = {
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, EncryptedTextField)
        }
        assert not encrypted & {name.lstrip("-") for name in model._meta.ordering}
        for index in model._meta.indexes:
            assert not encrypted & {name.lstrip("-") for name in index.fields}
        for field in model._meta.concrete_fields:
            if field.name in encrypted:
                assert not (field.unique or field.db_index), field


# T51: sixty strings --------------------------------------------------------------

REFUSED = {
    "nul": "\0",
    "bell": "\a",
    "backspace": "\b",
    "vertical tab": "\v",
    "form feed": "\f",
    "escape": "\x1b[31m",
    "unit separator": "\x1f",
    "delete": "\x7f",
    "C1 next line": "\x85",
    "C1 control sequence": "\x9b",
    "lone high surrogate": "\ud800",
    "lone low surrogate": "\udfff",
    "left-to-right embedding": "\u202a",
    "right-to-left embedding": "\u202b",
    "pop directional": "\u202c",
    "left-to-right override": "\u202d",
    "right-to-left override": "\u202e",
    "left-to-right isolate": "\u2066",
    "right-to-left isolate": "\u2067",
    "first strong isolate": "\u2068",
    "pop isolate": "\u2069",
}
KEPT = {
    "ascii": "sertraline 50 mg",
    "tab": "a\tb",
    "line feed": "a\nb",
    "carriage return": "a\r\nb",
    "quotes": "\"double\" 'single' `back`",
    "markup": "<script>alert(1)</script>",
    "entity": "&lt;b&gt; &amp;amp;",
    "template": "{{ 7*7 }} {% load x %} {0.__class__} %(x)s",
    "sql": "'); DROP TABLE patients_goal; --",
    "backslash": "\\x00 \\u0000",
    "percent": "100 % %s",
    "latin": "Zoë Ångström Núñez",
    "ligature": "ﬁeld",
    "composed": "\u00e9",
    "decomposed": "e\u0301",
    "greek": "Ωμέγα",
    "cyrillic": "Пациент",
    "hebrew": "שלום",
    "arabic": "مرحبا",
    "persian with joiner": "می\u200cخواهم",
    "devanagari": "नमस्ते",
    "thai": "สวัสดี",
    "chinese": "药物",
    "japanese": "くすり",
    "korean": "약",
    "extension B": "\U00020000\U0002a6d6",
    "emoji": "💊",
    "family emoji": "👩‍👩‍👧",
    "flag": "🇳🇱",
    "skin tone": "👍🏽",
    "keycap": "1️⃣",
    "zero width space": "a\u200bb",
    "zero width joiner": "a\u200db",
    "byte order mark": "\ufeffa",
    "left-to-right mark": "a\u200eb",
    "right-to-left mark": "a\u200fb",
    "soft hyphen": "a\u00adb",
    "no-break space": "5\u00a0mg",
    "thin space": "5\u2009mg",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "ideographic space": "a\u3000b",
    "a thousand marks": "a" + "\u0301" * 1000,
    "micro sign": "5 µg",
    "greek mu": "5 μg",
    "fractions": "½ ⅓ 2⁄3",
    "minus": "−5 – 5 — 5",
    "unassigned": "\u0378",
    "private use": "\ue000",
    "noncharacter": "\ufffe",
    "replacement": "\ufffd",
    "mathematical": "𝒜𝔅",
    "long": "x" * 10_000,
}


def test_the_table_has_sixty_strings():
    assert len(REFUSED) + len(KEPT) >= 60


@pytest.mark.security("T51")
@pytest.mark.parametrize("name", REFUSED)
def test_text_that_hides_or_breaks_is_refused(name):
    for text in (REFUSED[name], f"before{REFUSED[name]}after"):
        with pytest.raises(ValidationError, match="hidden character"):
            plain_text(text)


@pytest.mark.security("T51")
@pytest.mark.django_db
@pytest.mark.parametrize("name", KEPT)
def test_all_other_text_is_kept_as_it_is(name):
    """On both engines alike, in a clear column and in an encrypted one."""
    text = KEPT[name]
    plain_text(text)
    patient = Patient.objects.create(
        name=text[:200],
        phone=text,
        birth_date=date(1990, 1, 1),
        created_at=timezone.now(),
    )
    patient.refresh_from_db()
    assert (patient.name, patient.phone) == (text[:200], text)


# Two names that look the same and are not: each beside the one it looks like.
DISGUISED = {
    "zero width space": "Pia\u200b Ortiz",
    "word joiner": "Pia\u2060 Ortiz",
    "soft hyphen": "Pia\u00ad Ortiz",
    "direction mark": "Pia\u200f Ortiz",
    "joiner between Latin letters": "P\u200dia Ortiz",
    "tag letters": "Pia\U000e0041 Ortiz",
    "a blank letter": "Pia\u3164 Ortiz",
    "one Cyrillic letter": "Pi\u0430 Ortiz",
    "one Greek letter": "Pia \u039frtiz",
    "wide letters": "\uff30ia Ortiz",
    "mathematical letters": "\U0001d4dfia Ortiz",
    "an override": "Pia\u202e Ortiz",
    "a control": "Pia\x01 Ortiz",
}
REAL_NAMES = (
    *("O’Brien", "D'Souza-Núñez", "Mª José", "Øyvind Ångström", "Li", "X Æ"),
    *("Анна Иванова", "Αθηνά Παπά", "Nguyễn Thị Ánh", "李小龍", "김민준", "محمد علی"),
    # Persian and Hindi are written with joiners.
    *("علی\u200cرضا", "क्\u200dष", "Anna Иванова"),
    *("María José", "D'Angelo", "D’Angelo", "Smith-Jones III", "Dr. Smith (Σ)"),
    *(
        "יעקב כהן",
        "山田 太郎",
        "たなか みゆ",
        "佐々木ゆき",
        "ジョン・スミス",
        "İpek Işık",
    ),
    *("Ünal Şahin", "สมชาย ใจดี", "አበበ በቀለ", "Łukasz Żółć", "ʻAkamu", "İpek Işık"),
    *(
        "Nguye\u0302\u0303n",
        "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
        "ශ්\u200dරී",
        "Ó Briain, Jr.",
        "Ибраһим",
        "Ґонта",
    ),
)


@pytest.mark.security("T51", "T52")
@pytest.mark.parametrize("name", DISGUISED)
def test_a_name_that_only_looks_like_another_is_refused(name):
    with pytest.raises(ValidationError, match=r"hidden character|two alphabets"):
        clear_name(DISGUISED[name])


@pytest.mark.security("T52")
def test_names_of_people_are_names():
    for name in REAL_NAMES:
        clear_name(name)
