"""One item is kept from somebody of the team who has no sign-in yet."""

import pytest

from patients.models import MedicationStatement
from providers.models import Party
from tests.consents.test_decisions import reader
from tests.patients import medicines_world as world
from tests.patients.views.test_medicine_pages import send, walk
from tests.patients.views.test_medicines import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def joins_later(cast):
    """Dr. Jon Ortiz has a permission, and signs in only when this is called."""
    account, jon = cast.jon.user, Party.objects.filter(pk=cast.jon.pk)
    jon.update(user=None)
    return lambda: jon.update(user=account)


def sees(cast) -> bool:
    return MedicationStatement.objects.permitted(reader(cast, "jon")).exists()


def test_a_medicine_is_kept_from_them_before_they_join(cast, joins_later):
    """They were offered on no page: what was shared opened to them all the same."""
    amina = world.signed_in(cast, "amina")
    send(amina, walk(amina, cast, name="zinc"))
    line = MedicationStatement.objects.get()
    place = world.page(cast, f"medicines/{line.pk}/private/")
    assert "Not for Dr. Jon Ortiz" in text_of(amina.get(place))
    send(amina, place, keep=str(cast.jon.pk))
    joins_later()
    assert not sees(cast)


def test_a_new_medicine_too(cast, joins_later):
    amina = world.signed_in(cast, "amina")
    check = walk(amina, cast, name="zinc")
    assert "Not for Dr. Jon Ortiz" in text_of(amina.get(check))
    send(amina, check, keep=str(cast.jon.pk))
    joins_later()
    assert MedicationStatement.objects.exists() and not sees(cast)


def test_what_is_not_kept_from_them_opens_when_they_join(cast, joins_later):
    amina = world.signed_in(cast, "amina")
    send(amina, walk(amina, cast, name="zinc"))
    assert not sees(cast)
    joins_later()
    assert sees(cast)
