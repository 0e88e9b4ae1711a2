"""Choosing what somebody needs to know: each item says what it is."""

import pytest

from consents.access.cases import pickable
from consents.describing import Described
from tests.safe_html import visible_text
from tests.sweeps import world

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_each_item_that_may_be_picked_says_what_it_is_in_full(monkeypatch, settings):
    settings.DEMO = True
    seen = []

    def remembered(opened, **how):
        found = pickable(opened, **how)
        seen.extend(found)
        return found

    monkeypatch.setattr("consents.access.cases.pickable", remembered)
    built = world.build()
    page = built.client("bram").get(f"/cases/{built.ids['case_id']}/content/")
    text = " ".join(visible_text(page.content.decode()).split())
    assert len(seen) > 5
    missing = [each.words.whole for each in seen if one_line(each) not in text]
    assert missing == []


def one_line(each) -> str:
    return " ".join(each.words.whole.split())


def test_a_description_in_one_piece_is_never_shortened():
    words = Described("Medicine: quetiapine", ("150 mg at bedtime.", "For sleep."))
    assert words.whole == "Medicine: quetiapine. 150 mg at bedtime. For sleep"
