"""Yesterday Jordan fell on the stairs: an emergency room got a code, and wrote back."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from carecoord.demo.jordan.looks import SHEET, reading_at
from carecoord.demo.story import Stage
from consents import actions as consents
from consents import signing, texts
from consents.access.guests import GuestPatient
from consents.actions.guests import EMERGENCY_KINDS
from consents.codes import PURPOSES, GuestPage, Relation
from consents.models import Representative
from patients.models import Patient
from providers.codes import PartyKind
from providers.models import Party

DAYS_AGO = 1
VISITS = 3
NOTE = "Left wrist: no fracture. A splint for 2 weeks. No new medicine."


def visit_the_emergency_room(stage: Stage, jordan: Patient) -> None:
    """A code for three days, used once, with a note back."""
    at = stage.ago(DAYS_AGO, 19)
    made = make(jordan, at)
    if made is None or jordan.birth_date is None:
        raise RuntimeError("The code of the demo was not made.")
    visit = consents.use_code(
        code=made.code,
        birth_date=jordan.birth_date,
        claim=consents.Claim(
            "Dr. Ruth Novak", "Mercy Hospital, emergency room", "A fall on the stairs"
        ),
        source="demo",
        at=at + timedelta(minutes=20),
        key=uuid.uuid4(),
    )
    if visit is None:
        raise RuntimeError("The code of the demo was refused.")
    reading = reading_at(None, "patients:guest_page", visit.at)
    reading.visit_id = visit.pk
    opened = GuestPatient(
        patient=jordan,
        epoch=visit.epoch,
        reading=reading,
        relation=Relation.GUEST,
        purpose="TREAT",
        participant=None,
        visit=visit,
    )
    for model in SHEET:
        opened.items(model.objects.all())
    reading.write_disclosures()
    consents.write_note(visit=visit, text=NOTE, at=visit.at + timedelta(minutes=12))
    stage.tell(visit.at + timedelta(minutes=12))


def make(
    jordan: Patient, at: datetime, signer: Representative | None = None
) -> consents.Made | None:
    """A code for the core, by the patient or by whoever acts for them."""
    terms = consents.Terms(
        recipient=Party(kind=PartyKind.GUEST, name="The doctor on duty"),
        categories=EMERGENCY_KINDS,
        purposes=PURPOSES["TREAT"],
        starts_at=at,
        ends_at=at + timedelta(days=3),
    )
    wording = signing.wording_of(
        patient=jordan,
        recipient=terms.recipient,
        role="who has a code from me",
        terms=terms,
        openings=VISITS,
        representative=signer,
    )
    by = signer.party if signer else None
    return consents.make_code(
        patient=jordan,
        terms=terms,
        opens=consents.CodeTerms(GuestPage.EMERGENCY, VISITS),
        signature=signing.signature(
            name=by.name if by else jordan.name,
            how="password",
            text=texts.render_terms(wording),
            representative=signer,
        ),
        by=by.account if by else jordan.account,
        at=at,
        key=uuid.uuid4(),
    )
