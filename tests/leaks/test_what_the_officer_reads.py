"""T72: what the privacy officer reads of one patient stands in that patient's log.

Found: no page of the officer left a row. The signed steps of a case, a report in its
writer's words, a statement that somebody cannot decide: all were read unseen.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from consents import actions, log
from consents.codes import ReportKind, ReportReason
from consents.models import AccessRefusal, Disclosure
from patients.models import Condition
from tests.cast import Cast, permit
from tests.consents import excepted
from tests.consents.acting import record, relative
from tests.consents.cases import documented
from tests.consents.tabs import GONE, STILL, asked, carried
from tests.consents.test_emergency import state
from tests.consents.views.pages import sign_in, text_of
from tests.patients import records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

# Address -> what of the patient it shows. The last two send on whoever signs in.
READ = {
    "consents:case": "consents.exceptionalcase",
    "consents:case_review": "consents.exceptionalcase",
    "consents:privacy_report": "consents.privacyreport",
    "consents:emergency_review": "consents.emergencyaccess",
    "consents:suspend": "consents.disclosure",
    "consents:suspension_end": "consents.accountingsuspension",
    "consents:acting_patient": "patients.patient",
    "consents:acting_record": "patients.patient",
    "consents:acting_death": "patients.patient",
    "consents:acting_check": "consents.representative",
    "consents:acting_end": "consents.representative",
    "patients:state_correct": "patients.patient",
    "patients:give_sign_in": "patients.patient",
}
# Many patients at once, and only that something waits; or about a clinician.
LISTS = (
    *("privacy", "privacy_reports", "privacy_refused", "privacy_alarms"),
    *("emergencies", "suspensions", "acting"),
)
# Nothing to read at first: what is there once the pages before it were sent.
LATER = {
    "consents:emergency_lift",
    "consents:acting_death_correct",
    "consents:privacy_alarm",
}


class Office(NamedTuple):
    """Amina's record with one of each thing to check, and where each is read."""

    cast: Cast
    args: dict[str, uuid.UUID]
    client: Client

    def opens(self, name: str) -> str:
        page = self.client.get(reverse(name, args=[self.args[name]]), follow=True)
        assert page.status_code == 200
        return page.content.decode()


def reported(cast, *, by):
    said = actions.Said(ReportKind.CONDUCT, ReportReason.OTHER, words="CNRYwords")
    return actions.report(
        patient=cast.amina, said=said, by=by, at=cast.at, key=uuid.uuid4()
    )


def of_the_office():
    return Disclosure.objects.filter(relation="officer")


@pytest.fixture
def office(cast) -> Office:
    told = documented(cast)
    acts = record(cast, cast.amina, relative(cast.amina, "Rosa Diallo"), "guardian")
    AccessRefusal.objects.create(
        patient_id=cast.amina.pk, user=cast.user("dana"), at=cast.at, entrance="x"
    )
    client = Client()
    client.force_login(cast.ines)
    held = excepted.told(cast, cast.amina)
    stated = actions.AgencyStatement(
        "Agency", "Chief", "oral", "CNRYstated", cast.at + timedelta(days=20)
    )
    agency = actions.suspend(row=held, said=stated, by=cast.ines, at=cast.at)
    ids = {
        "suspension_end": agency.pk,
        "case": told.case.pk,
        "case_review": told.case.pk,
        "privacy_report": reported(cast, by=cast.user("amina")).pk,
        "emergency_review": state(cast).pk,
        "suspend": excepted.told(cast, cast.amina).pk,
        "acting_check": acts.pk,
        "acting_end": acts.pk,
        **dict.fromkeys(
            ("acting_patient", "acting_record", "acting_death"), cast.amina.pk
        ),
    }
    args = {f"consents:{name}": pk for name, pk in ids.items()}
    for name in ("patients:state_correct", "patients:give_sign_in"):
        args[name] = cast.amina.pk
    return Office(cast, args, client)


@pytest.mark.security("T72")
@pytest.mark.parametrize("name", READ)
def test_each_page_of_one_patient_leaves_a_row(office, name):
    office.opens(name)
    rows = list(of_the_office())
    assert {label for row in rows for label, *_rest in row.items} >= {READ[name]}
    for row in rows:
        assert (row.patient_id, row.user_id) == (
            office.cast.amina.pk,
            office.cast.ines.pk,
        )
        assert (row.basis, row.purpose, row.categories) == ("office", "HCOMPL", 0)
        assert (row.recipient_id, row.consents, row.part2) == (None, [], False)
    assert not list(log.verify())


@pytest.mark.security("T72")
def test_no_address_of_the_officer_is_forgotten():
    """An address with an id that is new among the officer's is sorted in here."""
    found = set()
    for app, (_path, resolver) in get_resolver().namespace_dict.items():
        for name in filter(lambda each: isinstance(each, str), resolver.reverse_dict):
            for form, params in resolver.reverse_dict.getlist(name)[0][0]:
                if form.startswith("privacy/") and params:
                    found.add(f"{app}:{name}")
    assert found
    assert found <= READ.keys() | LATER


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_what_waits_leaves_none(office, name):
    page = office.client.get(reverse(f"consents:{name}"))
    assert page.status_code == 200 and "CNRY" not in page.content.decode()
    assert not of_the_office().exists()


def test_the_author_of_a_case_reads_their_own_words_without_a_row(office):
    client = Client()
    client.force_login(office.cast.user("bram"))
    case = office.args["consents:case"]
    assert client.get(reverse("consents:case", args=[case])).status_code == 200
    assert not Disclosure.objects.filter(entrance="consents:case").exists()


@pytest.mark.security("T72")
def test_a_search_stands_in_the_log_of_who_was_found(office):
    born = office.cast.amina.birth_date
    asked_for = {"name": "amina diallo", "born": born.isoformat()}
    address = reverse("consents:acting")
    assert office.client.post(address, asked_for).status_code == 302
    assert [row.patient_id for row in of_the_office()] == [office.cast.amina.pk]
    office.client.post(address, asked_for | {"name": "Nobody Here"})
    assert of_the_office().count() == 1


@pytest.mark.security("T82")
def test_nobody_tries_names_and_birth_dates_endlessly(office, settings):
    settings.ACCOUNT_RATE_LIMITS = {"find_patient": "2/h/user"}
    address = reverse("consents:acting")
    tried = {"name": "Nobody Here", "born": "1990-01-01"}
    for _time in range(2):
        assert office.client.post(address, tried).status_code == 200
    found = tried | {
        "name": "Amina Diallo",
        "born": office.cast.amina.birth_date.isoformat(),
    }
    late = office.client.post(address, found)
    assert late.status_code == 429 and "Wait an hour" in text_of(late)
    assert not of_the_office().exists()
    # What is open goes on.
    office.opens("consents:acting_patient")


# What the patient reads of it -------------------------------------------------------


def of_the_patient(cast, page: str = "sharing/log/") -> str:
    client = Client()
    sign_in(client, cast.user("amina"))
    return text_of(client.get(f"/patients/{cast.amina.pk}/{page}"))


@pytest.mark.capability("S54")
def test_the_patient_reads_what_the_officer_read_and_why(office):
    office.opens("consents:acting_patient")
    office.opens("consents:emergency_review")
    said = of_the_patient(office.cast)
    assert "Ines Ruiz, privacy officer" in said
    assert "name and birth date, who acts for the patient, and why" in said
    assert "an emergency access: who, when, why" in said
    assert "Your record itself was not opened." in said
    assert "Why: checking how records are used." in said


def test_the_officer_is_nobody_new_and_no_disclosure_to_account_for(office):
    before = of_the_patient(office.cast, "sharing/accounting/")
    looked = of_the_patient(office.cast).count("First time")
    office.opens("consents:acting_patient")
    assert of_the_patient(office.cast).count("First time") == looked
    shown = of_the_patient(office.cast, "sharing/accounting/")
    assert "Ines Ruiz" not in shown
    assert shown.count("Officer Kay") == before.count("Officer Kay") > 0
    assert "Ines" not in of_the_patient(office.cast, "")


def test_reading_as_the_officer_is_no_first_look_of_a_clinician(cast):
    """Bram is the officer too: the patient is told when he first sees the record."""
    user = cast.user("bram")
    type(user).objects.filter(pk=user.pk).update(is_privacy_officer=True)
    permit(cast.amina, cast.bram, at=cast.at)
    records.item(Condition, cast.amina, "conditions", cast.at, name="Asthma")
    client = Client()
    client.force_login(user)
    client.get(reverse("consents:acting_patient", args=[cast.amina.pk]))
    said = of_the_patient(cast)
    assert "Bram Visser, privacy officer" in said and "First time" not in said
    assert "Asthma" in text_of(client.get(f"/patients/{cast.amina.pk}/"))
    said = of_the_patient(cast)
    assert said.count("First time") == 1
    assert said.index("First time") < said.index("Bram Visser, privacy officer")


# An open tab ------------------------------------------------------------------------


def test_an_open_tab_of_the_officer_stays_until_they_are_none_any_more(office):
    shown = carried(office.opens("consents:case"))
    assert shown and asked(office.client, shown) == STILL
    other = Client()
    other.force_login(office.cast.user("dana"))
    assert asked(other, shown) == GONE
    ines = office.cast.ines
    type(ines).objects.filter(pk=ines.pk).update(is_privacy_officer=False)
    assert asked(office.client, shown) == GONE


def test_an_open_tab_goes_once_the_patient_is_somebody_close(office):
    shown = carried(office.opens("consents:case"))
    relative(office.cast.amina, "Ines Cousin", user=office.cast.ines)
    assert asked(office.client, shown) == GONE
