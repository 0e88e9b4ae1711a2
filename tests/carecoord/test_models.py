"""The person who signs in, and the outbox."""

import pytest
from django.db import IntegrityError, transaction

from carecoord.models import OutgoingMail, User


def test_one_address_is_one_person_whatever_its_case(db):
    User.objects.create_user("Amina@Cast.example", "x")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("amina@cast.example", "x")


def test_an_address_is_needed(db):
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user("", "x")


def test_sign_in_finds_the_person_in_any_case(db):
    made = User.objects.create_user("amina@cast.example", "x")
    assert User.objects.get_by_natural_key("AMINA@cast.example") == made


def test_a_person_in_a_log_is_a_number(db):
    made = User.objects.create_user("amina@cast.example", "x", name="Amina Diallo")
    assert str(made) == f"user {made.pk}"
    mail = OutgoingMail(address=made.email, subject="x")
    assert made.email not in str(mail)


def test_the_same_message_is_written_once(db, cast):
    fields = {
        "key": "event/user/email",
        "address": "a@b.example",
        "subject": "x",
        "body": "x",
        "next_attempt_at": cast.at,
    }
    OutgoingMail.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.create(**fields)


def test_a_superuser_is_staff_and_nobody_in_care(cast):
    assert cast.edo.is_staff and cast.edo.is_superuser
    assert not cast.edo.parties.exists()
