"""Out and in again: the same permission, as a draft that opens nothing."""

import json
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.R4B.bundle import Bundle

from carecoord import zones
from consents import actions, signing, windows
from consents.access.imported import known_by_number, whose
from consents.actions.imported import still_waiting
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Reader, permitted
from consents.drafts import Draft
from consents.fhir import writing
from consents.fhir.fitting import fit
from consents.fhir.reading import read
from consents.fhir.rules import Rule
from consents.models import Consent, ImportedConsent
from patients.models import Condition
from tests.cast import COORDINATION, permit, signature
from tests.consents.acting import ZONE, child, record, relative
from tests.patients import records

ROUNDS = 150


def draw(rng: random.Random, cast) -> Consent:
    """A permission as the pages can make it, or a "never"."""
    zone = cast.amina.time_zone
    today = zones.today(cast.at, zone)
    recipient = rng.choice([cast.bram, cast.jon, cast.chidi, cast.hana])
    recipient = rng.choice([recipient, recipient, cast.harbor.party])
    kinds = rng.randint(1, CATEGORIES.all)
    is_family = recipient == cast.hana
    dated = bool(actions.with_allergies(kinds) & windows.WINDOWED)
    team = [each for each in (cast.bram, cast.jon, cast.chidi) if each != recipient]
    terms = actions.Terms(
        recipient=recipient,
        categories=kinds,
        labels=rng.choice([0, 0, rng.randint(0, LABELS.all), LABELS.all]),
        purposes=PURPOSES["FAMRQT"] if is_family else rng.choice([1, 2, 3]),
        starts_at=cast.at - timedelta(days=rng.randint(0, 50), seconds=rng.random()),
        ends_at=zones.end_of(today + timedelta(days=rng.randint(1, 900)), zone),
        items_from=zones.start_of(today - timedelta(days=rng.randint(0, 400)), zone)
        if dated and rng.random() < 0.6
        else None,
        disclosers=tuple(rng.sample(team, rng.choice([0, 0, 1, 2]))),
        ends_event=rng.choice(["", "", "I move to another clinic"]),
    )
    signed = {
        "patient": cast.amina,
        "signature": signature(cast.amina),
        "by": cast.amina.user,
        "at": cast.at,
    }
    if rng.random() < 0.75:
        return actions.grant(terms=terms, **signed)
    only_topics = terms.labels and rng.random() < 0.5
    never = actions.Terms(
        recipient=recipient,
        categories=CATEGORIES.all if only_topics else kinds,
        labels=terms.labels if only_topics else 0,
        purposes=PURPOSES.all,
        starts_at=cast.at,
        ends_at=terms.ends_at,
    )
    return actions.deny(terms=never, **signed)


def there_and_back(consent: Consent, cast, at=None) -> Rule:
    at = at or cast.at
    raw = json.dumps(writing.consent(consent, cast.amina, at, unnamed=()))
    (rule,) = read(raw, whose=whose(cast.amina)).rules
    return Rule.from_text(rule.as_text())


def people(cast):
    parties = [cast.bram, cast.jon, cast.chidi, cast.hana, cast.harbor.party]
    return known_by_number(parties)


def test_any_permission_comes_back_with_the_same_meaning(cast):
    rng = random.Random(20261125)
    zone = cast.amina.time_zone
    for _round in range(ROUNDS):
        consent = draw(rng, cast)
        rule = there_and_back(consent, cast)
        fitted = fit(rule, people=people(cast), at=cast.at, zone=zone)
        assert not fitted.blocked, fitted.said
        assert (rule.effect, fitted.recipient) == (consent.decision, consent.recipient)
        if consent.decision == "deny":
            assert fitted.answers == {
                "categories": consent.categories,
                "labels": consent.labels,
            }
            continue
        terms = signing.terms_of(
            Draft.new(**fitted.answers),
            recipient=fitted.recipient,
            at=cast.at,
            zone=zone,
        )
        assert actions.with_allergies(terms.categories) == consent.categories
        assert terms.labels == consent.labels
        assert terms.purposes == consent.purposes
        assert terms.ends_at == consent.ends_at
        assert terms.ends_event == consent.ends_event
        assert terms.items_from == consent.items_from
        assert not actions.adds(consent, terms)
        named = set(consent.disclosers.values_list("party_id", flat=True))
        assert {party.pk for party in terms.disclosers} == named
        assert "It counts from the moment when you sign." in fitted.said
        assert not any("within a day" in sentence for sentence in fitted.said)


def test_an_end_within_a_day_becomes_the_whole_day_before(cast):
    zone = cast.amina.time_zone
    consent = permit(cast.amina, cast.bram, at=cast.at)
    fitted = fit(
        there_and_back(consent, cast), people=people(cast), at=cast.at, zone=zone
    )
    terms = signing.terms_of(
        Draft.new(**fitted.answers), recipient=cast.bram, at=cast.at, zone=zone
    )
    assert consent.ends_at - timedelta(days=1, hours=1) <= terms.ends_at
    assert terms.ends_at <= consent.ends_at
    assert "It ends within a day. Here it ends with the day before." in fitted.said


def test_what_does_not_stand_comes_back_as_nothing(cast):
    consent = permit(cast.amina, cast.bram, at=cast.at)
    actions.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    with pytest.raises(Exception, match="has ended"):
        there_and_back(consent, cast)


def by_parent(cast, noor, held, recipient) -> Consent:
    return actions.grant(
        patient=noor,
        terms=actions.Terms(
            recipient=recipient,
            categories=COORDINATION,
            labels=LABELS.all,
            purposes=PURPOSES.mask("TREAT", "FAMRQT"),
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=3000),
        ),
        signature=replace(
            signature(noor), representative=held, authority="Parent or guardian"
        ),
        by=held.party.user,
        at=cast.at,
    )


def test_what_a_death_or_a_birthday_ended_leaves_as_over(cast):
    """Another system would go on sharing by a file that says "active"."""
    noor = child(cast, born=date(cast.at.year - 15, 1, 1))
    held = record(cast, noor, relative(noor, "Rosa Haddad"), "parent")
    own = permit(noor, cast.bram, at=cast.at, labels=LABELS.all)
    family = by_parent(cast, noor, held, relative(noor, "Omar Haddad"))
    clinic = by_parent(cast, noor, held, cast.bram)

    def leaves(consent: Consent, at: datetime) -> tuple[str, str, set[str]]:
        """Status, last moment, and the topics that are permitted."""
        consent = Consent.objects.get(pk=consent.pk)
        found = writing.consent(consent, consent.patient, at, unnamed=())
        rules = found["provision"]["provision"]
        marks = [mark for each in rules for mark in each.get("securityLabel", [])]
        topics = {mark["code"] for mark in marks}
        return found["status"], rules[0]["period"]["end"], topics

    def day_before(end: datetime) -> str:
        return (end - timedelta(seconds=1)).astimezone(ZoneInfo(ZONE)).isoformat()

    every_topic = {hl7 for code in LABELS for hl7 in code.hl7}
    assert leaves(own, cast.at)[2] == every_topic
    # What is a child's own at 15 is in no file of what a parent signed.
    status, end, topics = leaves(family, cast.at)
    assert (status, end) == ("active", day_before(noor.majority_at))
    assert topics == set()
    assert leaves(family, noor.majority_at)[0] == "inactive"
    # For who treats her it goes on for thirty days, without any topic.
    carried = leaves(clinic, noor.majority_at)
    assert carried == ("active", day_before(noor.carried_until), set())
    assert leaves(clinic, noor.carried_until)[0] == "inactive"
    noor.died_at = cast.at
    noor.save(update_fields=["died_at"])
    assert {leaves(each, cast.at)[0] for each in (own, family, clinic)} == {"inactive"}


def fitted_to(cast, *, at=None, known=None, **terms):
    consent = permit(cast.amina, cast.bram, at=cast.at, **terms)
    rule = there_and_back(consent, cast)
    return fit(
        rule,
        people=people(cast) if known is None else known_by_number(known),
        at=at or cast.at,
        zone=cast.amina.time_zone,
    )


def test_a_draft_that_would_open_more_cannot_be_signed(cast):
    later = cast.at + timedelta(days=3)
    assert fitted_to(cast, starts_at=later).blocked
    assert fitted_to(cast, at=cast.at + timedelta(days=200)).blocked
    # Without its only named author it would be about anybody's text.
    assert fitted_to(cast, disclosers=(cast.chidi,), known=[cast.bram]).blocked
    fewer = fitted_to(
        cast, disclosers=(cast.chidi, cast.jon), known=[cast.bram, cast.jon]
    )
    assert (fewer.blocked, fewer.answers["disclosers"]) == (False, str(cast.jon.pk))
    nobody = fitted_to(cast, known=[cast.jon])
    assert (nobody.recipient, nobody.answers["recipient"]) == (None, "")
    assert any("Dr. Bram Visser" in sentence for sentence in nobody.said)


def test_nobody_is_known_by_a_name_alone(cast):
    rule = there_and_back(permit(cast.amina, cast.bram, at=cast.at), cast)
    unknown = Rule.from_text(rule.as_text().replace(str(cast.bram.pk), ""))
    zone = cast.amina.time_zone
    assert fit(unknown, people=people(cast), at=cast.at, zone=zone).recipient is None
    renamed = Rule.from_text(rule.as_text().replace("Visser", "Ortiz"))
    assert fit(renamed, people=people(cast), at=cast.at, zone=zone).recipient is None


def test_the_bundle_is_what_the_standard_says(cast):
    permit(cast.amina, cast.bram, at=cast.at, labels=LABELS["hiv"], may_redisclose=True)
    consents = list(Consent.objects.filter(patient=cast.amina))
    found = writing.bundle(consents, patient=cast.amina, at=cast.at, unnamed=())
    Bundle.model_validate(found)
    for entry in found["entry"]:
        resource = entry["resource"]
        assert resource["policyRule"]["coding"][0]["code"] == "OPTOUT"
        assert "type" not in resource["provision"]
        used = json.dumps(
            {key: resource[key] for key in resource if key != "contained"}
        )
        for one in resource["contained"]:
            reference = f'"#{one["id"]}"'
            inside = json.dumps(resource["contained"])
            assert reference in used or reference in inside
    assert read(json.dumps(found), whose=whose(cast.amina)).rules


# A foreign consent never takes effect by itself -------------------------------------


def sees(cast) -> int:
    reader = Reader(cast.user("chidi").pk, "TREAT", cast.at)
    return permitted(Condition.objects.all(), reader).filter(patient=cast.amina).count()


def keep(cast, consent: Consent) -> list[ImportedConsent]:
    raw = json.dumps(writing.consent(consent, cast.amina, cast.at, unnamed=()))
    return actions.keep_imported(
        patient=cast.amina,
        file=read(raw, whose=whose(cast.amina)),
        digest="0" * 64,
        by=cast.amina.user,
        at=cast.at,
    )


def signed_by_itself(cast, draft: ImportedConsent) -> None:
    """The vulnerable twin: an import that believes the signature of the file."""
    rule = Rule.from_text(draft.content)
    permit(cast.amina, cast.chidi, at=cast.at, categories=rule.categories)


@pytest.mark.parametrize("import_of", [None, signed_by_itself])
def test_a_foreign_consent_opens_nothing_until_it_is_signed_here(cast, import_of):
    records.item(Condition, cast.amina, "conditions", cast.at, name="Panic disorder")
    consent = permit(cast.amina, cast.chidi, at=cast.at)
    assert sees(cast) == 1
    raw = consent
    actions.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    raw.revoked_at = None
    before, epoch = Consent.objects.count(), cast.amina.consent_gate.epoch
    (draft,) = keep(cast, raw)
    if import_of:
        import_of(cast, draft)
        assert sees(cast) == 1, "the twin must leak, or this test proves nothing"
        return
    assert sees(cast) == 0
    assert Consent.objects.count() == before
    assert cast.amina.consent_gate.epoch == epoch
    assert keep(cast, raw) == [draft], "the same file twice is one draft"
    actions.drop_imported(draft=draft, by=cast.amina.user, at=cast.at)
    assert not still_waiting(cast.amina).exists()
