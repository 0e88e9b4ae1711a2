"""The large synthetic world: whole, lawful for the rule, and nobody's to sign in."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from carecoord.clock import database_now
from carecoord.demo import bulk
from carecoord.models import OutgoingMail, User
from consents import log
from consents.decisions import Reader, permitted
from consents.models import Consent, ConsentGate, ItemDeny
from messaging.models import Notice, Update, UpdateNumber, UpdateRecipient
from messaging.sweeping import Sweep
from patients.models import MedicationStatement, Patient
from providers.models import CareTeamParticipant, Party

pytestmark = pytest.mark.django_db
PATIENTS, UPDATES = 60, 600


def load(**options) -> str:
    out = StringIO()
    call_command("demo_data", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def world(db):
    return load(patients=PATIENTS, updates=UPDATES)


def test_a_large_world_has_what_was_asked_for(world):
    assert f"{PATIENTS} patients, {UPDATES} updates" in world
    assert Patient.objects.count() == ConsentGate.objects.count() == PATIENTS
    assert Update.objects.count() == UpdateRecipient.objects.count() == UPDATES
    assert 0 < UpdateNumber.objects.count() < UPDATES
    assert MedicationStatement.history.count() == MedicationStatement.objects.count()
    for name, share in bulk.CASELOADS.items():
        party = Party.objects.get(name=f"Synthetic caseload-{name}")
        team = CareTeamParticipant.objects.current().filter(party=party)
        assert team.count() == max(1, round(PATIENTS * share))


def test_nobody_in_it_can_sign_in_and_no_demo_begins(world, settings):
    assert not any(user.has_usable_password() for user in User.objects.all())
    someone = User.objects.earliest("email")
    assert authenticate(email=someone.email, password="") is None
    assert not settings.DEMO_MARKER.exists()


def test_nobody_is_told_of_anything_old(world):
    Sweep().run()
    assert not OutgoingMail.objects.exists()
    assert not Notice.objects.exists()
    assert list(log.verify()) == []


def test_every_kind_of_answer_is_in_it_and_the_rule_reads_them(world):
    kinds = Consent.objects
    assert kinds.filter(decision="deny").exists()
    assert kinds.filter(revoked_at__isnull=False).exists()
    assert kinds.filter(items_from__isnull=False).exists()
    assert ItemDeny.objects.exists()
    reader = Reader(
        user_id=Party.objects.get(name="Synthetic caseload-all").user_id,
        purpose="COC",
        at=database_now(),
    )
    assert 0 < permitted(Update.objects.all(), reader).count() < UPDATES


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"patients": 5}, "both --patients and --updates"),
        ({"updates": 5}, "both --patients and --updates"),
        ({"patients": 0, "updates": 5}, "at least one patient"),
        ({"patients": 5, "updates": -1}, "no fewer than 0 updates"),
    ],
)
def test_half_an_order_is_refused_and_loads_nothing(db, options, says):
    with pytest.raises(CommandError, match=says):
        load(**options)
    assert not Patient.objects.exists()


def test_a_database_with_people_in_it_is_refused(cast):
    before = User.objects.count()
    for options in ({}, {"patients": 5, "updates": 5}):
        with pytest.raises(CommandError, match="has people in it"):
            load(**options)
    assert User.objects.count() == before
