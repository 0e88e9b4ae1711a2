"""Presets are plain lists, and nothing sensitive rides along."""

import pytest

from consents import codes, presets, texts

NAMED = [preset for preset in presets.PRESETS if not preset.is_own_choice]


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda preset: preset.key)
def test_a_preset_holds_only_categories_that_exist(preset):
    assert set(preset.categories) <= set(codes.CATEGORIES.by_name)
    assert len(preset.categories) == len(set(preset.categories))


@pytest.mark.parametrize("preset", NAMED, ids=lambda preset: preset.key)
def test_no_preset_carries_what_is_asked_about_separately(preset):
    asked = {*presets.ASKED_SEPARATELY_CATEGORIES, *presets.ASKED_SEPARATELY_LABELS}
    assert not asked & set(preset.categories)


def test_every_label_is_asked_about_separately():
    assert set(presets.ASKED_SEPARATELY_LABELS) == set(codes.LABELS.by_name)


def test_no_preset_shares_every_category():
    for preset in presets.PRESETS:
        assert set(preset.categories) < set(codes.CATEGORIES.by_name)


@pytest.mark.parametrize("word", ["everything", "except", "all ", "recommended"])
def test_no_preset_promises_or_urges(word):
    for preset in presets.PRESETS:
        assert word not in f"{preset.name} {preset.description}".lower()


def test_coordination_carries_what_the_one_page_summary_needs():
    needed = {
        "medications",
        "allergies",
        "conditions",
        "updates",
        "measures",
        "goals",
        "history",
        "safety",
        "care_team",
        "contacts",
    }
    assert needed == set(presets.COORDINATION.categories)


@pytest.mark.parametrize("preset", NAMED, ids=lambda preset: preset.key)
def test_medicines_never_travel_without_allergies(preset):
    assert presets.with_partners(preset.categories) == preset.categories


def test_choosing_medicines_alone_brings_the_allergies():
    assert presets.with_partners(["medications"]) == ("medications", "allergies")
    assert presets.with_partners(["allergies"]) == ("allergies",)
    assert presets.with_partners(["goals", "goals"]) == ("goals",)


def test_an_unknown_preset_shares_nothing():
    assert presets.preset("medicines") is presets.MEDICINES_AND_ALLERGIES
    with pytest.raises(KeyError):
        presets.preset("everything")


def test_every_named_preset_can_be_put_into_words():
    for preset in NAMED:
        assert set(preset.categories) <= set(texts.category_words())
