"""What a parent reads about a child: plain names, their own lines, where to add."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES, PURPOSES
from patients.record_about import about, ask
from patients.record_nouns import NOUNS
from tests.cast import permit
from tests.consents.acting import record, relative, small_child
from tests.consents.views.pages import sign_in, text_of
from tests.patients.test_acting import add

CHILD, TEEN = "This is what is written down for Mia.", "Noor can keep things private"
FOR_CLINICIANS = (
    "Before prescribing",
    "The patient chooses",
    "shared with you",
    "shared with Rosa",
    "shared here",
    "for my chart",
    "What bothers you",
    "happens to you",
    "buPROPion",
)
YOU = re.compile(r"\b(you|your|I|my)\b", re.IGNORECASE)
PAGES = (
    *("patients:chart", "patients:medicines", "patients:allergies"),
    *("patients:summary", "patients:tests", "patients:record"),
)


def opened_by(user, patient, *names):
    client = Client()
    sign_in(client, user)
    said = {
        name: text_of(client.get(reverse(name, args=[patient.pk]))) for name in names
    }
    assert all("Page not found" not in html for html in said.values())
    return said


@pytest.fixture
def rosa(cast, settings):
    """The mother of Mia, who is seven and has no sign-in."""
    settings.DEMO = True
    mia = small_child(cast, 7)
    rosa = relative(mia, "Rosa Haddad")
    record(cast, mia, rosa, "parent")
    return rosa, mia


@pytest.mark.slow
@pytest.mark.capability("S31")
def test_an_empty_record_says_so_and_where_to_add(cast, rosa):
    rosa, mia = rosa
    said = opened_by(rosa.user, mia, *PAGES)
    for name, html in said.items():
        for words in FOR_CLINICIANS:
            assert words not in html, (name, words)
    chart = said["patients:chart"]
    assert CHILD in chart and "Nothing is written down here yet." in chart
    added = [reverse("patients:medicine_add", args=[mia.pk])]
    for slug in ("conditions", "goals", "symptoms", "hospital", "past-medicines"):
        added.append(reverse("patients:record_add", args=[mia.pk, slug]))
    assert [address for address in added if address not in chart] == []
    assert "What bothers Mia, since when" in said["patients:record"]
    add(mia, "bupropion", rosa.user, cast.at)
    for name, html in opened_by(rosa.user, mia, *PAGES[:3]).items():
        for words in FOR_CLINICIANS:
            assert words not in html, (name, words)
        if name != "patients:allergies":
            assert "bupropion" in html
            assert "Medicines written down for Mia (1). There may be others." in html


def test_no_question_of_the_record_asks_a_parent_about_the_parent(rosa):
    """The patient's own words would: each that says "you" has others here."""
    rosa, mia = rosa
    acting = SimpleNamespace(is_patient=False, patient=mia)
    for noun in NOUNS:
        said, form = about(noun, acting), noun.form()
        ask(form, noun, acting)
        labels = [str(field.label) for field in form.fields.values()]
        texts = [str(said.purpose), str(said.title), *labels]
        assert [text for text in texts if YOU.search(text)] == [], noun.slug
    own = SimpleNamespace(is_patient=True, patient=mia)
    assert about(NOUNS[0], own).purpose == NOUNS[0].purpose


@pytest.mark.security("T26")
@pytest.mark.capability("S31")
def test_the_mother_of_one_who_signs_in_reads_that_some_may_be_private(
    cast, noor, mother
):
    """The same words whatever is kept: they follow from the document alone."""
    record(cast, noor, mother, "parent")
    chart = opened_by(mother.user, noor, "patients:chart")["patients:chart"]
    assert TEEN in chart and "None on the list that you see. Ask Noor too." in chart
    assert "Nothing is written down" not in chart


def test_family_is_not_asked_to_prescribe_and_bram_is(cast, settings):
    settings.DEMO = True
    add(cast.amina, "bupropion", cast.amina.user, cast.at)
    rosa = relative(cast.amina, "Rosa Diallo")
    consents.join(
        patient=cast.amina, party=rosa, role="caregiver", by=cast.amina.user, at=cast.at
    )
    permit(
        cast.amina,
        rosa,
        at=cast.at,
        categories=CATEGORIES.mask("medications", "allergies"),
        purposes=PURPOSES.mask("FAMRQT"),
    )
    family = opened_by(rosa.user, cast.amina, "patients:chart")["patients:chart"]
    assert "buPROPion" not in family and "Before prescribing" not in family
    assert "Amina chooses what you see here. This may not be everything." in family
    clinic = opened_by(cast.bram.user, cast.amina, "patients:chart")["patients:chart"]
    assert "buPROPion" in clinic and "Before prescribing, ask what else" in clinic
    assert "The patient chooses what is shared." in clinic
