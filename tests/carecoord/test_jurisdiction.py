"""Who runs it, which law, whom to call: nonsense is refused before the first page."""

import copy
import hashlib
import tomllib

import pytest
from django.core.exceptions import ImproperlyConfigured

from carecoord import jurisdiction
from tests.readability import grade, longest_sentence

US = tomllib.loads((jurisdiction.FOLDER / "us.toml").read_text())


@pytest.fixture
def table():
    return copy.deepcopy(US)


def refused(table, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        jurisdiction.from_table(table)


# The file that ships ----------------------------------------------------------
def test_the_us_file_loads_whole():
    us = jurisdiction.load("us")
    assert us.code == "us"
    assert us.crisis.number == "988"
    assert us.crisis.emergency == "911"
    assert us.age_of_majority == 18
    assert us.operator.law == us.law.name
    assert us.operator.country == "United States"


@pytest.mark.parametrize(
    "number", ["741741", "838255", "1-800-222-1222", "1-800-662-4357", "1-800-950-6264"]
)
def test_every_known_line_is_there(number):
    assert any(number in line.text for line in jurisdiction.load("us").crisis.lines)


def test_the_crisis_line_comes_before_911():
    advice = jurisdiction.load("us").crisis.advice
    assert "988" in advice[0]
    assert "911" not in advice[0]


def test_another_text_of_the_limits_has_another_version():
    """Who read the one before is asked again. The digest is of the text as shown."""
    limits = jurisdiction.load("us").limits
    digest = hashlib.sha256(limits.plain.encode()).hexdigest()[:16]
    assert (limits.version, digest) == ("us-limits-2026-11-27", "7c2da247effb7c6b")


@pytest.mark.parametrize("key", sorted(jurisdiction.REQUIRED_LIMITS))
def test_every_exception_to_confidentiality_is_said_with_its_law(key):
    (item,) = [i for i in jurisdiction.load("us").limits.items if i.key == key]
    assert "CFR" in item.rule
    assert item.text in jurisdiction.load("us").limits.plain


def test_the_limits_say_that_the_privacy_officer_reads_what_is_to_be_checked():
    """They said that no page of those who run it shows health information."""
    (item,) = [i for i in jurisdiction.load("us").limits.items if i.key == "operator"]
    assert "privacy officer reads what was written to be checked" in item.text
    assert "no health information" not in item.text


def test_crisis_words_and_limits_are_for_everyone():
    us = jurisdiction.load("us")
    assert grade("\n".join(us.crisis.advice)) <= 6
    assert grade(us.limits.plain) <= 8
    for text in (*us.crisis.advice, us.limits.plain, *us.law.lines):
        assert longest_sentence(text) <= 20


# Who runs it ------------------------------------------------------------------
@pytest.fixture
def environment(monkeypatch):
    for name in ("CARECOORD_JURISDICTION", "OPERATOR_NAME", "OPERATOR_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_embedded_default_says_that_it_is_a_demonstration(environment):
    us = jurisdiction.from_environment(embedded=True)
    assert us.operator.name == "A demonstration on this computer"


def test_production_must_say_who_runs_it(environment):
    environment.setenv("OPERATOR_NAME", "Shared Care Co-op")
    with pytest.raises(ImproperlyConfigured, match="OPERATOR_CONTACT are required"):
        jurisdiction.from_environment(embedded=False)


def test_the_environment_names_the_operator(environment):
    environment.setenv("OPERATOR_NAME", "Shared Care Co-op")
    environment.setenv("OPERATOR_CONTACT", "privacy@care.example")
    operator = jurisdiction.from_environment(embedded=False).operator
    assert (operator.name, operator.contact) == (
        "Shared Care Co-op",
        "privacy@care.example",
    )


def test_half_an_operator_is_refused_even_at_home(environment):
    environment.setenv("OPERATOR_CONTACT", "privacy@care.example")
    with pytest.raises(ImproperlyConfigured, match="together"):
        jurisdiction.from_environment(embedded=True)


def test_another_place_needs_a_file_and_no_code(environment, tmp_path):
    text = (jurisdiction.FOLDER / "us.toml").read_text()
    path = tmp_path / "elsewhere.toml"
    path.write_text(text.replace('country = "United States"', 'country = "Elsewhere"'))
    environment.setenv("CARECOORD_JURISDICTION", str(path))
    assert jurisdiction.from_environment(embedded=True).country == "Elsewhere"


# Nonsense ---------------------------------------------------------------------
@pytest.mark.parametrize("name", ["xx", "/nowhere/at-all.toml"])
def test_a_missing_file_is_named(name):
    with pytest.raises(ImproperlyConfigured, match="no jurisdiction file"):
        jurisdiction.load(name)


@pytest.mark.parametrize("name", ["", "../secrets", "US", "us.json"])
def test_a_code_must_look_like_one(name):
    with pytest.raises(ImproperlyConfigured, match="must be a code like us"):
        jurisdiction.load(name)


def test_a_file_that_is_not_toml_is_refused(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text("code = us")
    with pytest.raises(ImproperlyConfigured, match="is not TOML"):
        jurisdiction.load(str(path))


def test_a_link_must_dial_the_number_that_is_shown(table):
    table["crisis"]["lines"][0]["href"] = "sms:741742"
    refused(table, "dials 741742, the text does not say so")


@pytest.mark.parametrize("href", ["https://example.org", "tel:", "tel:HELP", "988"])
def test_a_line_must_dial(table, href):
    table["crisis"]["lines"][0]["href"] = href
    refused(table, "does not dial")


@pytest.mark.parametrize("number", ["nine eight eight", "9", "ext"])
def test_the_crisis_number_must_dial(table, number):
    table["crisis"]["number"] = number
    refused(table, "not a number that dials")


def test_chat_is_reached_over_tls_only(table):
    table["crisis"]["chat_url"] = "http://988lifeline.org"
    refused(table, "chat_url must start with https")


def test_a_limit_may_not_be_left_unsaid(table):
    table["limits"]["items"] = [
        item for item in table["limits"]["items"] if item["key"] != "court"
    ]
    refused(table, "court is not said")


def test_a_limit_may_not_stand_twice(table):
    table["limits"]["items"].append(table["limits"]["items"][0])
    refused(table, "stands twice")


def test_a_version_has_a_year_and_a_month(table):
    table["limits"]["version"] = "latest"
    refused(table, "version must look like")


@pytest.mark.parametrize("age", [0, 12, 99])
def test_the_age_of_majority_is_plausible(table, age):
    table["age_of_majority"] = age
    refused(table, "from 16 to 21")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.pop("country"), "country must be|lacks country"),
        (lambda t: t["crisis"].pop("emergency"), "lacks emergency"),
        (lambda t: t.update(age_of_majority=True), "whole number"),
        (lambda t: t["law"].update(lines=[]), "list that is not empty"),
        (lambda t: t["law"].update(lines="one"), "list that is not empty"),
        (lambda t: t["limits"].update(intro="  "), "text that is not empty"),
        (lambda t: t.update(limits="none"), "must be a table"),
        (lambda t: t["crisis"].update(nubmer="988"), "unknown key: nubmer"),
        (lambda t: t.update(operator={}), "lacks name"),
        (lambda t: t.update(law="HIPAA"), "must be a table"),
    ],
)
def test_a_gap_or_an_unknown_word_is_refused_with_a_sentence(table, change, sentence):
    change(table)
    refused(table, sentence)
