"""Pages of sharing that stood open, and what is shared a second time."""

import re

import pytest

from consents import actions
from consents.forms.grant import WhyForm
from consents.models import Consent
from providers.models import Party
from tests.cast import never
from tests.consents.acting import record, relative
from tests.consents.views.pages import Pages, newest, text_of

pytestmark = pytest.mark.usefixtures("demo")


def test_a_form_that_signed_before_signs_for_nobody_else_and_says_so(amina, cast):
    """Back in the browser, or another tab, with somebody else chosen."""
    used = "You signed this form before"
    check = amina.to_check(cast.chidi)
    other_tab = amina.send(back="who")
    amina.page = check
    amina.sign()
    amina.page = other_tab
    amina.send(recipient=str(cast.bram.pk))
    amina.send(preset="medicines")
    amina.send(purposes=["TREAT"], ends="3")
    count = Consent.objects.filter(patient=cast.amina).count()
    answer = amina.sign()
    assert Consent.objects.filter(patient=cast.amina).count() == count
    page = amina.client.get(answer["Location"])
    assert used in text_of(page)
    assert "Shared with Chidi" in text_of(page)


def test_sharing_again_names_only_the_same_after_they_left(amina, cast):
    """With no name to tick, "only these" would silently become anyone."""
    amina.share(cast.bram, disclosers=[str(cast.chidi.pk)])
    left = cast.amina.care_team.get(party=cast.chidi)
    actions.leave(participant=left, by=cast.amina.user, at=cast.at, reason="left")
    amina.get("grant", again=str(newest(cast).pk))
    amina.send(preset="coordination")
    assert re.search(rf'value="{cast.chidi.pk}"[^>]*checked', text_of(amina.page))
    assert "Chidi Okafor, not on your care team now" in text_of(amina.page)
    terms = {"purposes": ["TREAT"], "window": "all", "ends": "6"}
    amina.send(**terms, disclosers=[str(cast.chidi.pk)])
    amina.sign()
    assert [each.party for each in newest(cast).disclosers.all()] == [cast.chidi]


def test_another_text_than_the_one_shown_is_never_signed(amina, cast):
    """A new wording, or another name of who reads: no gate is raised by it."""
    amina.to_check(cast.chidi)
    Party.objects.filter(pk=cast.chidi.pk).update(name="Chidi Okafor-Lee")
    page = text_of(amina.sign())
    assert "Something changed since this page was made" in page
    assert "Chidi Okafor-Lee" in page
    assert not Consent.objects.filter(recipient=cast.chidi).exists()
    amina.sign()
    assert "Chidi Okafor-Lee" in newest(cast).text


def test_two_tabs_of_who_acts_do_not_leave_the_wider_permission_beside_the_smaller(
    client, cast
):
    """Their page counts nothing behind the gate: it once said what it did not do."""
    olu = relative(cast.amina, "Olu Diallo")
    record(cast, cast.amina, olu, "agent")
    pages = Pages(client, olu.user, cast.amina)
    why = {"purposes": ["TREAT"], "ends": "6"}
    name = {"signed_name": "Olu Diallo"}
    pages.to_check(cast.chidi)
    pages.sign(**name)
    first = str(newest(cast).pk)
    pages.get("grant", again=first)
    pages.send(preset="medicines")
    smaller = pages.send(**why)
    assert "This takes the place of" in text_of(smaller)
    pages.get("grant", again=first)
    pages.send(preset="coordination")
    pages.send(**why, window="all")
    pages.sign(**name)
    pages.page = smaller
    page = text_of(pages.sign(**name))
    assert "Something changed since this page was made" in page
    assert "This takes the place of" not in page
    standing = Consent.objects.signed().permits().filter(recipient=cast.chidi)
    assert standing.count() == 1, "nothing was signed before that is read"
    pages.sign(**name)
    assert standing.count() == 2


def _shared_again_with_the_only_one_named(amina, cast) -> str:
    """Chidi alone could share with Bram. Shared again, with Chidi himself."""
    amina.share(cast.bram, disclosers=[str(cast.chidi.pk)])
    amina.get("grant", again=str(newest(cast).pk))
    amina.send(back="who")
    amina.send(recipient=str(cast.chidi.pk))
    amina.send(preset="coordination")
    return text_of(amina.send(purposes=["TREAT"], window="all", ends="6"))


@pytest.mark.security("T16")
def test_only_one_who_is_now_shared_with_becomes_nobody_and_not_anyone(amina, cast):
    page = _shared_again_with_the_only_one_named(amina, cast)
    assert "nobody shares with themselves" in page
    assert "begin a new permission" in page
    terms = {"purposes": ["TREAT"], "window": "all", "ends": "6"}
    amina.send(**terms, disclosers=[str(cast.jon.pk)])
    amina.sign()
    assert newest(cast).recipient == cast.chidi
    assert [each.party for each in newest(cast).disclosers.all()] == [cast.jon]


@pytest.mark.security("T16")
def test_nor_with_no_other_clinician_on_the_team(cast):
    form = WhyForm(
        {"purposes": ["TREAT"], "window": "all", "ends": "6"},
        kind=cast.chidi.kind,
        asks_window=True,
        team=[],
        named=[str(cast.chidi.pk)],
        at=cast.at,
        zone=cast.amina.time_zone,
    )
    assert not form.is_valid()


def test_a_form_that_knows_no_names_says_anyone(amina, cast, monkeypatch):
    """The twin: what was for one named person is from anyone on the care team."""
    made = WhyForm.__init__
    monkeypatch.setattr(
        WhyForm, "__init__", lambda self, *a, **kw: made(self, *a, **kw | {"named": ()})
    )
    page = _shared_again_with_the_only_one_named(amina, cast)
    assert "nobody shares with themselves" not in page
    amina.sign()
    assert newest(cast).any_discloser


def test_of_a_never_nothing_is_shared_again(amina, cast):
    """Found: by its address, every kind of a "never" stood ticked in a permission."""
    said = never(cast.amina, cast.bram, at=cast.at)
    assert amina.get("grant", again=str(said.pk)).status_code == 404
    assert amina.get("grant", again=str(cast.amina_to_bram.pk)).status_code == 200
