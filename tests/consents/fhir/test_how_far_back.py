"""A file that shares only from a day on: what has no such limit here stays out."""

from datetime import timedelta

from consents import actions, signing
from consents.codes import CATEGORIES, LABELS
from consents.decisions import Reader, permitted
from consents.drafts import Draft
from consents.fhir import merging
from consents.fhir.fitting import fit
from consents.models import Consent
from patients.models import Condition, HospitalStay
from tests.cast import permit as permit_here
from tests.cast import signature
from tests.consents.fhir.files import (
    ACT,
    DOCTOR,
    actor,
    coded,
    coding,
    consent,
    permit,
    reading,
)
from tests.consents.fhir.test_round_trip import people, there_and_back
from tests.patients import records

LONG_AGO = timedelta(days=700)
SINCE = {"start": "2026-09-01"}
# The reach that "how far back" was thought to have, with two kinds that it never had.
THOUGHT = CATEGORIES.mask("updates", "measures", "documents", "history", "observations")


def file_for(party, *rules):
    """Rules for somebody who is known here by id."""
    pia = {
        "resourceType": "Practitioner",
        "id": "dr",
        "identifier": [
            {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{party.pk}"}
        ],
        "name": [{"text": party.name}],
    }
    actors = [actor(DOCTOR | {"display": party.name})]
    return consent(
        *(permit(**{"class": None}, actor=actors) | each for each in rules),
        contained=[pia],
    )


def kinds(*names: str, since: bool = False, topic: str = "") -> dict:
    found = {"code": [coded("urn:carecoord:category", name) for name in names]}
    if since:
        found["dataPeriod"] = SINCE
    if topic:
        found["securityLabel"] = coding(ACT, topic)
    return found


def signed(cast, *rules) -> Consent | None:
    """What comes of the file once Amina signs it as it is filled in."""
    # Nothing else is shared with him.
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    found = reading(file_for(cast.bram, *rules)).rules
    if not found:
        return None
    zone = cast.amina.time_zone
    fitted = fit(found[0], people=people(cast), at=cast.at, zone=zone)
    assert not fitted.blocked, fitted.said
    terms = signing.terms_of(
        Draft.new(**fitted.answers), recipient=cast.bram, at=cast.at, zone=zone
    )
    return actions.grant(
        patient=cast.amina,
        terms=terms,
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
    )


def bram_reads(cast, model) -> bool:
    reader = Reader(user_id=cast.user("bram").pk, purpose="TREAT", at=cast.at)
    return permitted(model.objects.all(), reader).exists()


def old_stay(cast):
    return records.item(
        HospitalStay,
        cast.amina,
        "history",
        cast.at - LONG_AGO,
        where="Bay",
        when="2024",
    )


def old_diagnosis(cast):
    return records.item(
        Condition,
        cast.amina,
        "conditions",
        cast.at - LONG_AGO,
        name="CNRYhiv",
        labels=LABELS["hiv"],
    )


def _old_stay_comes_along(cast) -> bool:
    old_stay(cast)
    assert signed(cast, kinds("updates", "history", since=True))
    return bram_reads(cast, HospitalStay)


def test_a_history_from_a_day_on_does_not_become_all_of_it(cast):
    assert not _old_stay_comes_along(cast)


def test_the_test_of_that_fails_with_the_reach_as_it_was_thought(cast, monkeypatch):
    monkeypatch.setattr(merging, "WINDOWED", THOUGHT)
    assert _old_stay_comes_along(cast)


def test_a_history_without_a_limit_is_kept_whole(cast):
    old_stay(cast)
    assert signed(cast, kinds("updates", since=True), kinds("history"))
    assert bram_reads(cast, HospitalStay)


def _old_topic_comes_along(cast) -> bool:
    old_diagnosis(cast)
    assert signed(
        cast, kinds("conditions"), kinds("conditions", since=True, topic="HIV")
    )
    return bram_reads(cast, Condition)


def test_a_topic_from_a_day_on_does_not_become_all_of_it(cast):
    assert not _old_topic_comes_along(cast)


def test_the_test_of_that_fails_where_a_topic_forgets_its_day(cast, monkeypatch):
    monkeypatch.setattr(merging, "_reach", lambda each: each.categories)
    assert _old_topic_comes_along(cast)


def test_a_topic_with_a_day_is_kept_for_what_has_one(cast):
    consent = signed(cast, kinds("updates"), kinds("updates", since=True, topic="HIV"))
    assert consent and consent.labels == LABELS["hiv"]
    assert consent.items_from is not None


def test_a_file_of_ours_limits_no_more_than_the_permission_does(cast):
    both = CATEGORIES.mask("updates", "history")
    consent = permit_here(
        cast.amina,
        cast.jon,
        at=cast.at,
        categories=both,
        items_from=cast.at - timedelta(days=30),
    )
    assert there_and_back(consent, cast).categories == both
