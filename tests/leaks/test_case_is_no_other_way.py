"""Step 4 of a case opens what a page opens for a purpose, and tells it as that.

And whoever asked the patient reads the same whatever the patient answered.
"""

from datetime import timedelta

import pytest

from consents import actions as consents
from consents.access import cases as access
from consents.codes import PURPOSES
from consents.exceptions import EMERGENCY
from consents.models import ConsentRequest, Disclosure
from patients.models import Condition
from tests.cast import permit
from tests.consents import cases
from tests.consents import test_emergency as emergency
from tests.messaging.writing import content, row, send, signed_in, words
from tests.patients import records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def allowed_only(cast, purposes: str) -> None:
    consents.revoke(consent=cast.amina_to_bram, by=cast.user("amina"), at=cast.at)
    permit(cast.amina, cast.bram, at=cast.at, purposes=PURPOSES[purposes])


def step_four(cast) -> str:
    case = cases.opened(cast)
    cases.steps(cast, case)
    answer = signed_in(cast, "bram").get(f"/cases/{case.pk}/content/")
    assert answer.status_code == 200
    return answer.content.decode()


def diagnosis(cast) -> Condition:
    return records.item(
        Condition, cast.amina, "conditions", cast.at, name="CNRYdiagnosis"
    )


@pytest.mark.security("T16")
def test_who_coordinates_without_a_chart_picks_from_no_chart(cast):
    allowed_only(cast, "COC")
    diagnosis(cast)
    assert "CNRYdiagnosis" not in step_four(cast)


@pytest.mark.security("T16")
def test_who_treats_picks_nothing_that_was_sent_from_elsewhere(cast):
    allowed_only(cast, "TREAT")
    send(cast, "chidi", "jon", said=content(what_changed="CNRYupdate"))
    assert "CNRYupdate" not in step_four(cast)


def picked_in_an_emergency(cast) -> str:
    """Nothing is shared with Bram, who has an emergency open meanwhile."""
    consents.revoke(consent=cast.amina_to_bram, by=cast.user("amina"), at=cast.at)
    emergency.state(cast, at=cast.at)
    diagnosis(cast)
    return step_four(cast)


@pytest.mark.security("T16")
def test_what_an_emergency_opens_is_not_picked(cast):
    assert "CNRYdiagnosis" not in picked_in_an_emergency(cast)


@pytest.mark.security("T16")
def test_a_step_that_reads_by_an_emergency_is_found(cast, monkeypatch):
    monkeypatch.setattr(access, "PICKED_FOR", (*access.PICKED_FOR, EMERGENCY))
    assert "CNRYdiagnosis" in picked_in_an_emergency(cast)


@pytest.mark.security("T16")
def test_a_step_that_opens_all_for_any_purpose_is_found(cast, monkeypatch):
    monkeypatch.setattr(access, "opened_for", lambda model, reader: access.Q())
    allowed_only(cast, "COC")
    diagnosis(cast)
    assert "CNRYdiagnosis" in step_four(cast)


def test_the_log_tells_each_of_them_for_its_own_purpose(cast):
    diagnosis(cast)
    send(cast, "chidi", "bram", said=content(what_changed="CNRYupdate"))
    page = step_four(cast)
    assert "CNRYdiagnosis" in page
    assert "CNRYupdate" in page
    rows = Disclosure.objects.filter(user=cast.user("bram"))
    told = {(each.purpose, item[0]) for each in rows for item in each.items}
    assert ("TREAT", "patients.condition") in told
    assert ("COC", "messaging.update") in told
    assert ("TREAT", "messaging.update") not in told


@pytest.mark.security("T16")
def test_whoever_asked_reads_the_same_after_a_refusal_for_thirty_days(cast):
    update = send(cast, "bram", "chidi")
    address = f"/patients/{cast.amina.pk}/updates/{update.pk}/"
    bram = signed_in(cast, "bram")
    bram.post(f"{address}ask/{row(update, cast, 'chidi').pk}/")
    bram.get(address)
    before = words(bram.get(address))
    asked = ConsentRequest.objects.get()
    consents.refuse(
        patient=cast.amina,
        terms=consents.Terms(
            recipient=cast.chidi,
            categories=asked.categories,
            labels=asked.labels,
            purposes=asked.purposes,
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=300),
        ),
        by=cast.user("amina"),
        at=cast.at,
        request=asked,
    )
    assert ConsentRequest.objects.get().answered_at
    assert words(bram.get(address)) == before
    assert "You asked the patient" in before
