"""A permission as a FHIR R4 Consent: everything that the rule reads, and the text.

`policyRule` says "nothing", and nested rules say what is permitted. Labels that are not
named are denied inside each permit: data that carries two labels needs both, there as
here. Source: FHIR R4 Consent ("securityLabel … which define which resources are
controlled by this exception").
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from carecoord.context_processors import place
from consents.codes import CATEGORIES, LABELS, PURPOSES, Code, Decision
from consents.fhir import codes
from consents.fhir.moments import written, written_end
from consents.models import Consent
from consents.representing import labels_that_count
from consents.windows import WINDOWED, counts_until
from providers.codes import PartyKind
from providers.models import Party, Practitioner

Json = dict[str, Any]
CONTENT_TYPE = "application/fhir+json"
TYPES = {
    PartyKind.PRACTITIONER: "Practitioner",
    PartyKind.ORGANIZATION: "Organization",
    PartyKind.RELATED_PERSON: "RelatedPerson",
}


def bundle(
    consents: list[Consent],
    *,
    patient,
    at: datetime,
    unnamed: Collection[uuid.UUID],
) -> Json:
    """All of them, newest first, as a Bundle of the type `collection`."""
    entries = [
        {
            "fullUrl": f"urn:uuid:{each.pk}",
            "resource": consent(each, patient, at, unnamed=unnamed),
        }
        for each in consents
    ]
    found: Json = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": written(at, patient.time_zone),
    }
    return found | ({"entry": entries} if entries else {})


def consent(
    given: Consent, patient, at: datetime, *, unnamed: Collection[uuid.UUID]
) -> Json:
    """One permit, deny or refusal, as it stands at `at`.

    `unnamed`: ids of those whose reader is not told who alone may tell. Such a file
    says that it leaves them out, and opens nothing where it is read. The same of one of
    which this reader is not told all kinds and topics (`Consent.is_bounded`).
    """
    zone = patient.time_zone
    people = _People(patient, names_tellers=given.pk not in unnamed)
    labels = _labels_now(given, patient, at)
    rules = [
        _rule(given, people, zone, labels, *part) for part in _parts(given, labels)
    ]
    signer = people.signer(given)
    found: Json = {
        "resourceType": "Consent",
        "id": str(given.pk),
        "identifier": [
            _identifier(given.pk),
            {"type": {"text": "Receipt number"}, "value": given.number},
        ],
        "status": _status(given, at),
        "scope": _concept(codes.SCOPE, codes.PRIVACY, "Privacy Consent"),
        "category": [
            _concept(codes.ACT, "IDSCL", "information disclosure"),
            _concept(codes.LOINC, "64292-6", "Release of information consent"),
        ],
        "patient": {"reference": "#patient", "display": patient.name},
        "dateTime": written(given.signed_at, zone),
        "performer": [signer],
        "organization": [people.operator()],
        "policyRule": _concept(codes.ACT, codes.NOTHING_BUT, "opt-out"),
        "provision": {"provision": rules},
    }
    if given.text or given.is_bounded:
        found["sourceAttachment"] = _attachment(given, people, zone)
    if given.signed_name:
        found["verification"] = [
            {
                "verified": True,
                "verifiedWith": signer,
                "verificationDate": written(given.signed_at, zone),
            }
        ]
    return found | {"contained": people.contained}


def _status(given: Consent, at: datetime) -> str:
    if given.decision == "refusal":
        return "rejected"
    is_over = given.revoked_at is not None or counts_until(given) <= at
    return "inactive" if is_over else "active"


def _labels_now(given: Consent, patient, at: datetime) -> int:
    """Those that count; of what is over or a "never", those that were signed."""
    if given.decision != Decision.PERMIT or _status(given, at) != "active":
        return given.labels
    return labels_that_count(given, patient, at)


def _attachment(given: Consent, people: _People, zone: str) -> Json:
    """The text as it was signed; no digest either, from which names could be tried."""
    if given.is_bounded or not people.names_tellers:
        return {"title": _("The text as it was signed is not in this file.")}
    text = given.text.encode()
    sha1 = hashlib.sha1(text, usedforsecurity=False).digest()  # as FHIR asks
    return {
        "contentType": "text/plain; charset=utf-8",
        "language": "en",
        "title": "The text as it was signed",
        "creation": written(given.signed_at, zone),
        "data": base64.b64encode(text).decode(),
        "hash": base64.b64encode(sha1).decode(),
    }


# The rules ------------------------------------------------------------------------


def _parts(given: Consent, labels: int) -> Iterator[tuple[int, bool, bool]]:
    """(kinds, whether only from a day on, whether it is about labels) of each rule."""
    if given.decision == "deny":
        # A deny holds for every date, every author and every purpose.
        yield given.categories, False, bool(labels)
        return
    dated = given.categories & WINDOWED if given.items_from else 0
    for kinds, since in ((given.categories & ~dated, False), (dated, True)):
        if kinds:
            yield kinds, since, False
            if labels:
                yield kinds, since, True


def _rule(
    given: Consent,
    people: _People,
    zone: str,
    labels: int,
    kinds: int,
    since: bool,
    labelled: bool,
) -> Json:
    denies = given.decision == "deny"
    found: Json = {
        "type": "deny" if denies else "permit",
        "period": _period(given, zone),
        "actor": [_actor(codes.RECIPIENT, people.party(given.recipient))],
        "code": [_kind(code) for code in CATEGORIES.of(kinds)],
    }
    if labelled:
        found["securityLabel"] = _labels(labels)
    if withheld := list(_withheld(given, people)):
        found["modifierExtension"] = withheld
    if denies:
        return found
    found["actor"] += _who_may_tell(given, people)
    found["action"] = list(_actions(given))
    found["purpose"] = [
        {"system": codes.REASON, "code": hl7}
        for code in PURPOSES.of(given.purposes)
        for hl7 in code.hl7
    ]
    if since and given.items_from:
        found["dataPeriod"] = {"start": written(given.items_from, zone)}
    if kept := LABELS.all & ~(labels if labelled else 0):
        found["provision"] = [{"type": "deny", "securityLabel": _labels(kept)}]
    return found


def _withheld(given: Consent, people: _People) -> Iterator[Json]:
    """What a rule leaves out: whoever does not know these has to leave out the rule."""
    if given.is_bounded:
        words = _("Other kinds and topics: this file says nothing of them")
        yield {"url": codes.SCOPE_WITHHELD, "valueString": words}
    if given.decision != Decision.DENY and not people.names_tellers:
        yield {"url": codes.TELLERS_WITHHELD, "valueString": _unnamed_tellers()}


def _unnamed_tellers() -> str:
    return _("Certain members of the care team, who are not named in this file")


def _who_may_tell(given: Consent, people: _People) -> list[Json]:
    """Those who alone may tell, as actors.

    Without an author a rule is for anyone's words. So where they are not named, nobody
    whom a file can mean is the author.
    """
    named = [{"display": _unnamed_tellers()}]
    if people.names_tellers:
        named = [people.party(each.party) for each in given.disclosers.all()]
    return [_actor(codes.DISCLOSER, each) for each in named]


def _period(given: Consent, zone: str) -> Json:
    """From when until when; what ends it sooner, in words, beside the latest moment."""
    found: Json = {
        "start": written(given.starts_at, zone),
        "end": written_end(counts_until(given), zone),
    }
    if given.ends_event:
        event = {"url": codes.ENDS_WHEN, "valueString": given.ends_event}
        found["extension"] = [event]
    return found


def _actions(given: Consent) -> Iterator[Json]:
    for action in codes.REACHING:
        yield _concept(codes.ACTION, action)
    if given.may_redisclose:
        yield _concept(codes.ACT, codes.REDISCLOSURE)


def _kind(code: Code) -> Json:
    coding = [{"system": codes.OURS, "code": code.name, "display": code.word}]
    if loinc := codes.LOINC_OF.get(code.name):
        coding.append({"system": codes.LOINC, "code": loinc})
    return {"coding": coding, "text": code.covers}


def _labels(mask: int) -> list[Json]:
    return [
        {"system": codes.ACT, "code": hl7}
        for code in LABELS.of(mask)
        for hl7 in code.hl7
    ]


def _actor(role: str, reference: Json) -> Json:
    return {"role": _concept(codes.PARTICIPATION, role), "reference": reference}


# The people -----------------------------------------------------------------------


class _People:
    """Everyone whom one Consent names, each once, inside the file itself."""

    def __init__(self, patient, *, names_tellers: bool) -> None:
        self.patient = patient
        self.names_tellers = names_tellers
        self.contained: list[Json] = [_patient(patient)]

    def party(self, party: Party) -> Json:
        """A reference into the file; by name alone where nobody knows who it is."""
        if party.kind not in TYPES:
            return {"display": party.name}
        kind = TYPES[PartyKind(party.kind)]
        resource: Json = {
            "resourceType": kind,
            "id": f"party-{party.pk}",
            "identifier": [_identifier(party.pk)],
        }
        if party.kind == PartyKind.ORGANIZATION:
            resource["name"] = party.name
        else:
            resource["name"] = [{"text": party.name}]
        if party.kind == PartyKind.PRACTITIONER:
            resource["identifier"] += _npi(party)
        if party.kind == PartyKind.RELATED_PERSON:
            resource["patient"] = {"reference": "#patient"}
        return self._kept(resource, party.name)

    def operator(self) -> Json:
        name = place().operator.name
        return self._kept(
            {"resourceType": "Organization", "id": "operator", "name": name}, name
        )

    def signer(self, given: Consent) -> Json:
        """The patient, or who signed for them, and by what right."""
        representative = given.representative
        if representative is None:
            return {"reference": "#patient", "display": self.patient.name}
        name = representative.party.name
        resource: Json = {
            "resourceType": "RelatedPerson",
            "id": "representative",
            "patient": {"reference": "#patient"},
            "name": [{"text": name}],
            "relationship": [{"text": given.authority}],
        }
        return self._kept(resource, name)

    def _kept(self, resource: Json, name: str) -> Json:
        if resource not in self.contained:
            self.contained.append(resource)
        return {"reference": f"#{resource['id']}", "display": name}


def _patient(patient) -> Json:
    found: Json = {
        "resourceType": "Patient",
        "id": "patient",
        "identifier": [_identifier(patient.pk)],
        "name": [{"text": patient.name}],
    }
    if patient.birth_date:
        found["birthDate"] = patient.birth_date.isoformat()
    return found


def _npi(party: Party) -> list[Json]:
    found = Practitioner.objects.filter(party=party).exclude(npi="")
    return [
        {"system": codes.NPI, "value": npi}
        for npi in found.values_list("npi", flat=True)
    ]


def _identifier(pk: object) -> Json:
    return {"system": codes.URI, "value": f"urn:uuid:{pk}"}


def _concept(system: str, code: str, display: str = "") -> Json:
    coding = {"system": system, "code": code}
    return {"coding": [coding | ({"display": display} if display else {})]}
