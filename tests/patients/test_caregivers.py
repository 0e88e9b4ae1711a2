"""S31, T89: family sees exactly what was chosen, changes nothing, carries nothing."""

from datetime import timedelta
from itertools import combinations

import pytest
from django.urls import reverse
from hypothesis import given, strategies
from hypothesis import settings as hypothesis_settings
from hypothesis.extra.django import TestCase

from consents import actions
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Reader, permitted
from consents.models import Disclosure
from messaging.actions import drafts
from patients.models import Condition, Goal
from tests import cast as people
from tests.cast import permit
from tests.consents.test_decisions import condition
from tests.consents.views.pages import Pages, text_of
from tests.patients import records

NAMES = list(CATEGORIES.by_name)


def family(cast, categories, **terms):
    return permit(
        cast.amina,
        cast.hana,
        at=cast.at,
        categories=categories,
        purposes=PURPOSES["FAMRQT"],
        **terms,
    )


def seen_kinds(cast, at) -> set[str]:
    reader = Reader(cast.user("hana").pk, "FAMRQT", at)
    rows = permitted(Condition.objects.all(), reader)
    return {name for row in rows for name in CATEGORIES.names(row.categories)}


class EverySet(TestCase):
    """One item of each kind, and any set of kinds in the permission."""

    def setUp(self) -> None:
        self.cast = people.build()
        for name in NAMES:
            condition(self.cast, name=name, categories=CATEGORIES[name])
            condition(
                self.cast,
                name=f"labelled {name}",
                categories=CATEGORIES[name],
                labels=LABELS["private"],
            )

    @hypothesis_settings(max_examples=60)
    @given(strategies.sets(strategies.sampled_from(NAMES), min_size=1))
    def test_family_sees_exactly_the_kinds_chosen(self, names: set[str]) -> None:
        consent = family(self.cast, CATEGORIES.mask(*names))
        with_partner = names | ({"allergies"} if "medications" in names else set())
        assert seen_kinds(self.cast, self.cast.at) == with_partner
        reader = Reader(self.cast.user("hana").pk, "FAMRQT", self.cast.at)
        seen = permitted(Condition.objects.all(), reader)
        assert not seen.filter(labels__gt=0).exists()
        actions.revoke(consent=consent, by=self.cast.amina.user, at=self.cast.at)
        assert seen_kinds(self.cast, self.cast.at) == set()


SIX = ["conditions", "goals", "measures", "history", "safety", "contacts"]


@pytest.mark.security("T89")
@pytest.mark.capability("S31")
def test_all_64_sets_of_six_kinds_are_seen_exactly(cast):
    """T89, whole: each set in turn, through the rule itself."""
    for name in SIX:
        condition(cast, name=name, categories=CATEGORIES[name])
    for size in range(1, len(SIX) + 1):
        for names in combinations(SIX, size):
            consent = family(cast, CATEGORIES.mask(*names))
            assert seen_kinds(cast, cast.at) == set(names)
            actions.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    assert seen_kinds(cast, cast.at) == set()


@pytest.mark.security("T89")
@pytest.mark.capability("S31")
def test_family_tells_and_sees_nothing_unless_something_was_chosen(client, cast):
    records.fill(cast.amina, cast.at)
    client.force_login(cast.user("hana"))
    page = client.get(reverse("patients:chart", args=[cast.amina.pk]))
    html = text_of(page)
    assert "lets you see nothing now" in html and "listening is always allowed" in html
    assert "Nothing that you sent is here" not in html, "what they told is elsewhere"
    assert "What you see here is up to the patient" not in html, "it was said twice"
    assert "CNRY" not in html
    assert not Disclosure.objects.filter(user=cast.user("hana")).exists()


@pytest.mark.capability("S31")
def test_the_chart_of_family_says_its_limits_and_asks_nothing_of_them(client, cast):
    family(cast, CATEGORIES["goals"])
    records.item(Goal, cast.amina, "goals", cast.at, what="CNRYgoal")
    condition(cast, name="CNRYdiagnosis")
    client.force_login(cast.user("hana"))
    html = text_of(client.get(reverse("patients:chart", args=[cast.amina.pk])))
    assert "CNRYgoal" in html and "CNRYdiagnosis" not in html
    assert "lets you see: Goals. Nothing else." in html
    assert "You are not asked to carry messages." in html
    assert "What is asked of me now" not in html and "Send update" not in html
    row = Disclosure.objects.get(user=cast.user("hana"))
    assert (row.purpose, row.relation) == ("FAMRQT", "family")


def test_no_clinician_can_address_an_update_to_family(client, cast, settings):
    """Never the default messenger: family is on no list of receivers at all."""
    settings.DEMO = True
    family(cast, CATEGORIES.all, labels=LABELS.all)
    drafts.note_safety_notice(by=cast.user("bram"), at=cast.at)
    client.force_login(cast.user("bram"))
    html = text_of(client.get(reverse("messaging:update_new", args=[cast.amina.pk])))
    assert "Chidi Okafor" in html and "Hana Diallo" not in html


FORBIDDEN = [
    "patients:invite",
    "patients:team_add",
    "patients:medicine_add",
    "patients:allergy_add",
    "consents:sharing",
    "consents:grant",
    "consents:log",
    "consents:codes",
    "consents:code_make",
    "consents:receipts",
]


@pytest.mark.security("T89", "T11", "L11")
@pytest.mark.parametrize("name", FORBIDDEN)
def test_family_invites_nobody_and_changes_nothing(client, cast, name):
    family(cast, CATEGORIES.all, labels=LABELS.all)
    client.force_login(cast.user("hana"))
    address = reverse(name, args=[cast.amina.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {}).status_code in {404, 405}


@pytest.mark.capability("S31")
def test_the_patient_reads_the_limits_and_ends_it_in_three_taps(client, cast, settings):
    settings.DEMO = True
    consent = family(cast, CATEGORIES["goals"])
    amina = Pages(client, cast.user("amina"), cast.amina)
    person = amina.address("person", cast.hana.pk)
    assert person in text_of(amina.get("sharing"))
    html = text_of(amina.get("person", cast.hana.pk))  # the first tap
    assert "What Hana Diallo can never do here" in html
    stop = amina.address("revoke", cast.hana.pk)
    assert stop in html
    amina.page = client.get(stop)  # the second
    amina.send()  # the third
    consent.refresh_from_db()
    assert consent.revoked_at
    assert seen_kinds(cast, consent.revoked_at + timedelta(seconds=1)) == set()


def test_whoever_helps_one_person_lands_on_that_person(client, cast, demo):
    client.force_login(cast.user("hana"))
    assert client.get("/").headers["Location"] == f"/patients/{cast.amina.pk}/"
    listed = client.get("/patients/").content.decode()
    assert "<h1>Who you help</h1>" in listed and "Patients" not in listed
