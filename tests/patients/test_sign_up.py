"""An account, a record of one's own, a clinician's details."""

from datetime import date

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import hashers
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from carecoord.models import User
from consents.models import ConsentGate, DisclosureHead
from patients.forms.welcome import AccountForm, is_npi
from patients.models import Patient
from providers.models import Practitioner

ADDRESS = "/accounts/signup/"
NEW = {
    "name": "Jordan Rivera",
    "birth_date": "Feb 14, 1991",
    "email": "jordan@example.org",
    "password1": "four quiet words here",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_tried_before():
    """Sign-ups are counted by address, across tests too."""
    cache.clear()


def test_a_patient_signs_up_and_a_record_begins_once(client):
    assert client.post(ADDRESS, NEW).status_code == 302
    patient = Patient.objects.get()
    assert (patient.name, patient.birth_date) == ("Jordan Rivera", date(1991, 2, 14))
    assert patient.user.email == "jordan@example.org"
    assert ConsentGate.objects.filter(patient=patient).count() == 1
    assert DisclosureHead.objects.filter(patient=patient).count() == 1
    client.post(ADDRESS, NEW | {"name": "Someone Else"})
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Feb 31, 1991", "Enter a real date, like Feb 14, 1991."),
        ("Feb 14, 2090", "Enter a birth date that has been, with 4 digits"),
        ("Feb 14, 1900", "Enter the year of birth, with 4 digits."),
    ],
)
def test_a_wrong_birth_date_is_told_in_words_for_birth_dates(client, typed, said):
    page = client.post(ADDRESS, NEW | {"birth_date": typed}).content.decode()
    assert said in page and "today" not in page
    assert not User.objects.exists()


@pytest.mark.security("T51", "T52")
@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}team/"])
@pytest.mark.parametrize(
    "name", ["Jo\u202ehn Smith", "Jordan\u200b Rivera", "Jord\x01an"]
)
def test_no_account_begins_under_a_name_that_hides_something(client, address, name):
    page = client.post(address, NEW | {"name": name})
    assert "hidden character" in page.content.decode()
    assert not User.objects.exists()


@pytest.mark.capability("S65")
def test_whoever_signs_up_reads_who_runs_it_which_law_and_the_limits(client):
    page = client.get(ADDRESS).content.decode()
    jurisdiction = settings.JURISDICTION
    assert jurisdiction.operator.name in page
    assert jurisdiction.law.name in page
    assert jurisdiction.limits.heading in page
    for limit in jurisdiction.limits.items:
        assert escape(limit.heading) in page


def test_under_18_is_refused_calmly_and_nothing_is_kept(client):
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        page = client.post(ADDRESS, NEW | {"birth_date": "Nov 23, 2008"})
        assert "a parent begins the record with you" in page.content.decode()
        assert "988" in page.content.decode()
        assert not User.objects.exists()
        assert not Patient.objects.exists()
        client.post(ADDRESS, NEW | {"birth_date": "Nov 22, 2008"})
    assert Patient.objects.count() == 1


@pytest.mark.parametrize("born", ["", "tomorrow", "Nov 30, 2026", "Jan 1, 1890", "91"])
def test_a_birth_date_that_cannot_be_is_asked_for_again(client, born):
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        page = client.post(ADDRESS, NEW | {"birth_date": born})
    assert page.status_code == 200
    assert "id_birth_date_error" in page.content.decode()
    assert not User.objects.exists()


@pytest.mark.security("T78")
@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("x7#kP2vQ9mZr4t", False),  # 14
        ("x7#kP2vQ9mZr4tw", True),  # 15
        ("q7 " * 21 + "x", True),  # 64
        ("a long sentence of mine, nr %d; " * 7 % (1, 2, 3, 4, 5, 6, 7), True),  # 224
        ("café 🙂 straße über", True),
        ("all lower case only", True),
        ("jordan@example.org", False),
        ("passwordpassword", False),
        ("carecoord carecoord", False),
        ("sharedcaresharedcare", False),
    ],
)
def test_a_password_is_long_and_not_a_known_one(client, password, is_good):
    client.post(ADDRESS, NEW | {"password1": password})
    assert User.objects.exists() is is_good


@pytest.mark.security("T78")
def test_every_letter_of_a_long_password_counts(client):
    client.post(ADDRESS, NEW | {"password1": "a quiet word " * 8})
    user = User.objects.get()
    assert user.check_password("a quiet word " * 8) is True
    assert user.check_password(("a quiet word " * 8)[:72]) is False


@pytest.mark.security("T29")
def test_a_known_address_gets_the_same_answer_as_a_new_one(client):
    first = client.post(ADDRESS, NEW)
    client.post("/accounts/logout/")
    second = client.post(ADDRESS, NEW | {"name": "Another One"})
    assert (first.status_code, first["Location"]) == (
        second.status_code,
        second["Location"],
    )
    assert User.objects.count() == 1


def signing_up_costs(monkeypatch) -> list[tuple[int, int]]:
    """Passwords hashed and rows written: for a new address, then for a known one."""
    costs = []
    for name in ("Jordan Rivera", "Another One"):
        with CaptureQueriesContext(connection) as done, monkeypatch.context() as patch:
            hashed = counted(patch, hashers.MD5PasswordHasher, "encode")
            Client().post(ADDRESS, NEW | {"name": name})
        written = [each for each in done if each["sql"].startswith("INSERT")]
        costs.append((len(hashed), len(written)))
    return costs


def counted(patch, holder, name: str) -> list:
    original, calls = getattr(holder, name), []

    def counting(*args, **kwargs):
        calls.append(name)
        return original(*args, **kwargs)

    patch.setattr(holder, name, counting)
    return calls


@pytest.mark.security("T29")
def test_a_known_address_takes_the_same_work_and_nothing_stays_of_it(monkeypatch):
    new, known = signing_up_costs(monkeypatch)
    assert known == new
    assert new[0] == 1
    assert User.objects.count() == Patient.objects.count() == 1
    assert DisclosureHead.objects.count() == 1
    assert User.objects.get().name == "Jordan Rivera"


@pytest.mark.security("T29")
def test_the_twin_that_only_writes_the_letter_is_told_by_its_time(monkeypatch):
    monkeypatch.setattr(AccountForm, "_begin_nothing", lambda form, request: None)
    new, known = signing_up_costs(monkeypatch)
    assert (new[0], known[0]) == (1, 0)
    assert known[1] < new[1]


def test_an_account_for_the_team_begins_no_record_and_opens_nothing(client):
    client.post("/accounts/signup/team/", NEW)
    user = User.objects.get()
    assert not Patient.objects.exists()
    assert not user.parties.exists()
    client.force_login(user)
    assert client.get("/")["Location"] == "/welcome/"
    assert client.get("/welcome/").status_code == 200


def test_a_clinician_says_profession_and_number_and_is_not_checked(client, settings):
    settings.DEMO = True
    client.force_login(User.objects.create_user("lee@example.org", name="Dr. Pat Lee"))
    page = client.post("/welcome/clinician/", {"npi": "1234567890"}).content.decode()
    assert "Choose your profession." in page
    assert "Check the NPI." in page
    answers = {"profession": "psychiatrist", "npi": "1234 567 893", "phone": "555 0100"}
    assert client.post("/welcome/clinician/", answers)["Location"] == "/"
    practitioner = Practitioner.objects.get()
    assert practitioner.npi == "1234567893"
    assert practitioner.licence_checked_at is None
    assert client.get("/welcome/clinician/")["Location"] == "/"


def test_someone_with_an_account_starts_a_record_once(client):
    client.force_login(User.objects.create_user("a@example.org", name="Ada May"))
    client.post("/welcome/record/", {"birth_date": "1 Mar 1980"})
    client.post("/welcome/record/", {"birth_date": "1 Mar 1981"})
    assert Patient.objects.get().birth_date == date(1980, 3, 1)


def test_the_last_digit_of_an_npi_checks_the_others():
    assert is_npi("1234567893")
    assert is_npi("1245319599")
    assert not is_npi("1234567890")
    assert not is_npi("123456789")
