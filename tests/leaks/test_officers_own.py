"""A privacy officer is nobody's officer where it is about themselves or their own.

Found: the officer could record a paper for themselves and so read any record; a parent
who is the officer opened the hidden case about the child; and in a report that they
wrote stood when somebody looked, withheld rows too.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from carecoord.models import OutgoingMail, User
from consents import actions, office
from consents.access import emergency, oversight, suspensions
from consents.access import reports as access_reports
from consents.actions import exceptional, reports
from consents.codes import ReportKind, ReportReason
from consents.models import (
    AccessRefusal,
    Disclosure,
    EmergencyAccess,
    ExceptionalCase,
    PrivacyReport,
    Representative,
)
from messaging.actions import causes
from messaging.models import Notice
from patients.models import Patient
from tests.consents import excepted
from tests.consents.acting import relative, small_child
from tests.consents.cases import documented, opened, steps
from tests.consents.test_emergency import state

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def report(cast, patient, *, by, about=None) -> PrivacyReport:
    said = actions.Said(ReportKind.LOOK, ReportReason.OTHER, about=about or cast.bram)
    who = {"by": by, "at": cast.at, "key": uuid.uuid4()}
    return actions.report(patient=patient, said=said, **who)


@pytest.fixture
def own(cast):
    """Something of each kind to check, on Amina, whose cousin Ines is the officer."""
    relative(cast.amina, "Ines Cousin", user=cast.ines)
    documented(cast)
    state(cast)
    excepted.told(cast, cast.amina)
    AccessRefusal.objects.create(
        patient_id=cast.amina.pk, user=cast.user("dana"), at=cast.at, entrance="x"
    )
    report(cast, cast.amina, by=cast.amina.user)
    return cast


def pages(cast) -> dict[str, list]:
    """The address of each thing that an officer checks, of this patient."""
    case = ExceptionalCase.objects.filter(tellingwait_set__isnull=False).get()
    row = Disclosure.objects.filter(basis="exceptional").first()
    return {
        "case": [case.pk],
        "case_review": [case.pk],
        "emergency_review": [EmergencyAccess.objects.get().pk],
        "privacy_report": [PrivacyReport.objects.get().pk],
        "suspend": [row.pk],
        "acting_patient": [cast.amina.pk],
        "acting_record": [cast.amina.pk],
        "acting_death": [cast.amina.pk],
    }


LISTS = ("privacy", "emergencies", "suspensions", "privacy_refused", "privacy_reports")


def read(cast) -> tuple[dict[str, int], str]:
    """(status of each page, the text of all lists), for the officer."""
    client = Client()
    client.force_login(cast.ines)
    found = {
        name: client.get(reverse(f"consents:{name}", args=args)).status_code
        for name, args in pages(cast).items()
    }
    for name in ("state_correct", "give_sign_in"):
        address = reverse(f"patients:{name}", args=[cast.amina.pk])
        found[name] = client.get(address).status_code
    lists = [client.get(reverse(f"consents:{name}")) for name in LISTS]
    return found, "".join(page.content.decode() for page in lists)


@pytest.mark.security("L22", "T10")
def test_the_officer_checks_nothing_of_somebody_close(own):
    statuses, said = read(own)
    assert set(statuses.values()) == {404}, statuses
    for word in ("Amina", "Bram Visser", "Dana"):
        assert word not in said
    assert causes.tell_of_emergencies(at=own.at) and causes.tell_of_cases(at=own.at)
    assert not Notice.objects.filter(user=own.ines).exists()
    assert not OutgoingMail.objects.filter(user=own.ines).exists()


@pytest.mark.security("L22", "T10")
def test_without_the_rule_the_officer_reads_the_case_about_the_child(own):
    """The vulnerable twin: the officer's own is only what they sign in to."""
    patients = Patient.objects
    mine = mock.Mock(side_effect=lambda user: patients.filter(user=user).values("pk"))
    with (
        mock.patch.object(office, "own_patients", mine),
        mock.patch("consents.access.representatives.own_patients", mine),
        mock.patch("consents.access.oversight.own_patients", mine),
    ):
        statuses, said = read(own)
    assert 404 not in statuses.values(), statuses
    assert "Amina" in said and "Dana" in said


@pytest.mark.security("L22", "T31")
def test_the_officer_lets_nobody_act_but_others(cast):
    """Whose own account it is, and whose relative, is recorded by another officer."""
    who = {"by": cast.ines, "at": cast.at}
    paper = {"kind": "guardian", "document": "Order of May 1", "categories": 1}
    with pytest.raises(actions.RuleError, match="Another privacy officer"):
        actions.let_act(
            patient=cast.amina,
            email=cast.ines.email,
            relationship="FRND",
            **paper,
            **who,
        )
    assert not cast.amina.related_persons.filter(party__user=cast.ines).exists()
    mia = small_child(cast, 8)
    relative(mia, "Ines Mother", user=cast.ines)
    rosa = relative(mia, "Rosa Haddad")
    with pytest.raises(actions.RuleError, match="Another privacy officer"):
        actions.record_representative(patient=mia, party=rosa, **paper, **who)
    death = {"died_at": cast.at, "document": "x"}
    with pytest.raises(actions.RuleError, match="Another privacy officer"):
        actions.record_death(patient=mia, **death, **who)
    assert not Representative.objects.exists()


@pytest.mark.security("T95")
def test_the_officer_answers_nothing_of_somebody_close(own):
    access = EmergencyAccess.objects.get()
    who = {"by": own.ines, "at": own.at}
    with pytest.raises(actions.RuleError):
        actions.review_emergency(emergency=access, outcome="in_order", words="x", **who)
    case = opened(own)
    steps(own, case)
    by = {"by": own.user("bram"), "at": own.at}
    until = own.at + timedelta(days=3)
    wait = exceptional.wait_to_tell(case=case, reason="x", until=until, **by)
    with pytest.raises(actions.RuleError):
        exceptional.review_wait(wait=wait, answer="agreed", words="x", **who)


@pytest.mark.security("T32")
def test_a_report_about_an_officer_is_no_mail_to_them(cast):
    fatou = cast.user("fatou")
    fatou.is_privacy_officer = True
    fatou.save()
    report(cast, cast.amina, by=cast.amina.user, about=cast.fatou)
    report(cast, cast.gus, by=cast.ines)
    told = OutgoingMail.objects.values_list("user", flat=True).order_by("pk")
    assert sorted(told) == sorted([cast.ines.pk, fatou.pk])
    client = Client()
    client.force_login(cast.ines)
    for row in PrivacyReport.objects.filter(reported_by=cast.ines):
        address = reverse("consents:privacy_report", args=[row.pk])
        assert client.get(address).status_code == 404


def _holds_back_what_they_told(cast) -> bool:
    """Bram treats, and is the officer as well: it is his own call of last night."""
    excepted.told(cast, cast.amina)
    row = Disclosure.objects.filter(basis="exceptional").first()
    cast.bram.user.is_privacy_officer = True
    cast.bram.user.save(update_fields=["is_privacy_officer"])
    assert row.user == cast.bram.user
    client = Client()
    client.force_login(cast.bram.user)
    page = reverse("consents:suspend", args=[row.pk])
    listed = page in client.get(reverse("consents:suspensions")).content.decode()
    return listed or client.get(page).status_code != 404


@pytest.mark.security("T72")
def test_an_officer_does_not_hold_back_what_they_told_themselves(cast):
    """Found: with a statement of an agency's it was out of the patient's accounting."""
    assert not _holds_back_what_they_told(cast)


def test_the_test_of_that_fails_where_the_patient_alone_is_asked(cast, monkeypatch):
    monkeypatch.setattr(suspensions, "_by_or_to", lambda office, row="": Q(pk__in=[]))
    assert _holds_back_what_they_told(cast)


def _reported(cast, officer: str, said: actions.Said) -> tuple[set[str], int]:
    """Who got a mail of this report, and what this clinician, an officer too, gets."""
    user = cast.user(officer)
    user.is_privacy_officer = True
    user.save(update_fields=["is_privacy_officer"])
    who = {"by": cast.user("hana"), "at": cast.at, "key": uuid.uuid4()}
    row = actions.report(patient=cast.amina, said=said, **who)
    client = Client()
    client.force_login(user)
    page = client.get(reverse("consents:privacy_report", args=[row.pk]))
    told = OutgoingMail.objects.filter(user__is_privacy_officer=True)
    return {mail.user.email for mail in told}, page.status_code


def _hears_of_themselves(cast) -> tuple[set[str], int]:
    """A report about "her therapist", who is Chidi."""
    said = actions.Said(
        ReportKind.CONDUCT, ReportReason.OTHER, about_words="her therapist", words="x"
    )
    return _reported(cast, "chidi", said)


@pytest.mark.security("L22")
def test_a_report_in_words_does_not_run_through_whom_it_may_be_about(cast):
    """S71. Family names nobody from a list: the roster may not be theirs to see."""
    assert _hears_of_themselves(cast) == ({cast.ines.email}, 404)


def test_nor_after_they_left_the_team(cast):
    fatou = cast.user("fatou")
    fatou.is_privacy_officer = True
    fatou.save()
    assert _hears_of_themselves(cast) == ({cast.ines.email}, 404)


def _read_by_whom_it_names(cast, said: actions.Said) -> tuple[set[str], int]:
    """Dana never treated Amina."""
    return _reported(cast, "dana", said)


def in_words(text: str) -> actions.Said:
    return actions.Said(ReportKind.CONDUCT, ReportReason.OTHER, about_words=text)


@pytest.mark.security("L22")
@pytest.mark.parametrize(
    "named",
    ["DANA@cast.example", "Dr Levy", "Dana  Levy", "far hospital, ER"],
)
def test_a_report_does_not_run_through_whom_or_which_place_its_words_name(cast, named):
    """S71. Found: it went by mail to whom it was about, who could answer it."""
    told, status = _read_by_whom_it_names(cast, in_words(named))
    assert (told, status) == ({cast.ines.email}, 404)


@pytest.mark.security("L22")
@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("Dana O'Brien", "Dr. O'Brien"),
        ("Dana O'Brien", "dr obrien"),
        ("Dana Díaz", "Diaz, the psychiatrist"),
        ("Dana Diaz", "Díaz"),
        ("Dana Diaz-Vega", "Dr. Diaz"),
        ("Dana Diaz-Vega", "Diaz Vega"),
        ("Dana Levy, Ph.D.", "Dr. Levy"),
        ("Dana Levy Jr.", "Levy"),
        ("Dana Li", "Dr. Li"),
        ("Dana Do", "Dr. Do"),
        ("Dana Đỗ, M.D.", "Dr. Do"),
    ],
)
def test_however_the_family_name_is_written(cast, name, named):
    """Found: of a name with a hyphen, an accent or a title nobody was meant."""
    User.objects.filter(pk=cast.user("dana").pk).update(name=name)
    told, status = _read_by_whom_it_names(cast, in_words(named))
    assert (told, status) == ({cast.ines.email}, 404)


@pytest.mark.security("L22")
def test_nor_through_the_staff_of_the_place_it_is_about(cast):
    far = cast.dana.practitioner.roles.get().organization.party
    said = actions.Said(ReportKind.LOOK, ReportReason.OTHER, about=far)
    assert _read_by_whom_it_names(cast, said) == ({cast.ines.email}, 404)


def test_words_that_name_another_are_for_every_officer(cast):
    both = {cast.ines.email, cast.user("dana").email}
    said = in_words("the one at the front desk")
    assert _read_by_whom_it_names(cast, said) == (both, 200)


def test_the_test_of_that_fails_where_words_name_nobody(cast, monkeypatch):
    for module in (reports, access_reports.reports):
        monkeypatch.setattr(module, "is_named", lambda officer, said: False)
    both = {cast.ines.email, cast.user("dana").email}
    assert _read_by_whom_it_names(cast, in_words("Dr Levy")) == (both, 200)


def test_the_test_of_the_report_fails_where_only_a_name_counts(cast, monkeypatch):
    monkeypatch.setattr(access_reports, "UNNAMED", Q(pk__in=[]))
    monkeypatch.setattr(reports, "_may_be_about", lambda patient, said: [])
    chidi = cast.user("chidi").email
    assert _hears_of_themselves(cast) == ({cast.ines.email, chidi}, 200)


def test_what_is_reported_of_a_look_is_for_every_officer_but_its_own(cast):
    chidi = cast.user("chidi")
    chidi.is_privacy_officer = True
    chidi.save()
    row = report(cast, cast.amina, by=cast.amina.user)
    client = Client()
    client.force_login(chidi)
    address = reverse("consents:privacy_report", args=[row.pk])
    assert client.get(address).status_code == 200


def test_where_no_officer_may_read_it_whoever_reported_is_told_where_to_turn(cast):
    """The practice has one officer, who is the therapist: nobody waits in vain."""
    cast.ines.is_privacy_officer = False
    cast.ines.save()
    _hears_of_themselves(cast)
    row = PrivacyReport.objects.get()
    assert not access_reports.somebody_checks(row)
    client = Client()
    client.force_login(cast.user("hana"))
    address = reverse("consents:report", args=[cast.amina.pk, row.pk])
    page = client.get(address).content.decode()
    assert "can look into it now" in page and "someone outside" in page
    assert "You get an answer here by" not in page
    cast.ines.is_privacy_officer = True
    cast.ines.save()
    page = client.get(address).content.decode()
    assert "can look into it now" not in page
    assert "You get an answer here by" in page


# What an officer does themselves ----------------------------------------------------


def _checks_themselves(cast, *, others: bool = True) -> tuple[list[str], str]:
    """Bram treats, and is an officer: (what of his own he could check, the lists)."""
    bram = cast.user("bram")
    bram.is_privacy_officer = True
    bram.save(update_fields=["is_privacy_officer"])
    if not others:
        type(bram).objects.exclude(pk=bram.pk).update(is_privacy_officer=False)
    access = state(cast)
    AccessRefusal.objects.create(
        patient_id=cast.gus.pk, user=bram, at=cast.at, entrance="x"
    )
    causes.tell_of_emergencies(at=cast.at)
    client = Client()
    client.force_login(bram)
    review = reverse("consents:emergency_review", args=[access.pk])
    pages = [
        client.get(reverse(f"consents:{name}")).content.decode()
        for name in ("privacy", "emergencies", "privacy_refused")
    ]
    found = ["review"] if client.get(review).status_code == 200 else []
    found += ["listed"] if any(review in page for page in pages) else []
    found += ["refusal"] if "Record of Gus" in pages[2] else []
    if Notice.objects.filter(user=bram, kind="office").exists():
        found.append("notice")
    return found, pages[1] + pages[2]


@pytest.mark.security("T95")
def test_an_officer_checks_nothing_that_they_did_themselves(cast):
    """Found: their own emergencies and refused requests stood in their lists."""
    found, said = _checks_themselves(cast)
    assert found == []
    assert said.count("Another privacy officer checks it.") == 2
    client = Client()
    client.force_login(cast.ines)
    review = reverse(
        "consents:emergency_review", args=[EmergencyAccess.objects.get().pk]
    )
    assert client.get(review).status_code == 200, "the other one does"
    assert (
        "Record of Gus"
        in client.get(reverse("consents:privacy_refused")).content.decode()
    )
    assert Notice.objects.filter(user=cast.ines, kind="office").exists()


def test_where_there_is_no_other_officer_the_page_says_so(cast):
    found, said = _checks_themselves(cast, others=False)
    assert found == []
    assert said.count("no other privacy officer now") == 2


def test_the_test_of_that_fails_where_only_whose_record_counts(cast, monkeypatch):
    monkeypatch.setattr(emergency, "emergencies_not_for", office.ones_own)
    monkeypatch.setattr(
        oversight, "_not_own", lambda office: AccessRefusal.objects.all()
    )
    found, _said = _checks_themselves(cast)
    assert found == ["review", "listed", "refusal"]
