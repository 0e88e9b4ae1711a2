"""Consents in every state."""

from __future__ import annotations

from datetime import timedelta

from carecoord.demo.story import CARE, COORDINATION, FAMILY, Stage, permit, signed
from consents import actions as consents
from consents.codes import CATEGORIES
from patients.models import Patient


def share(stage: Stage, jordan: Patient) -> None:
    """Consents in every state: in force, ending soon, ended, stopped, replaced."""
    first = permit(
        jordan,
        stage.parties["psychiatrist"],
        at=stage.ago(199),
        until=stage.now + timedelta(days=120),
        categories=CATEGORIES.mask("medications"),
    )
    permit(
        jordan,
        stage.parties["psychiatrist"],
        at=stage.ago(180),
        until=stage.now + timedelta(days=100),
        categories=COORDINATION | CATEGORIES["substances"],
        labels=("substance_use",),
        supersedes=first,
    )
    permit(
        jordan,
        stage.parties["pcp"],
        at=stage.ago(82),
        until=stage.now + timedelta(days=98),
    )
    permit(
        jordan,
        stage.parties["caregiver"],
        at=stage.ago(150),
        until=stage.now + timedelta(days=9),
        categories=CATEGORIES.mask("medications", "goals"),
        purposes=FAMILY,
    )
    stopped = permit(
        jordan,
        stage.parties["therapist"],
        at=stage.ago(190),
        until=stage.now + timedelta(days=30),
        categories=CATEGORIES.mask("medications", "conditions", "history"),
    )
    consents.revoke(
        consent=stopped,
        by=jordan.account,
        at=stage.ago(40),
        why="I want to tell this myself.",
    )
    permit(
        jordan,
        stage.parties["therapist"],
        at=stage.ago(39),
        until=stage.now + timedelta(days=60),
        categories=CATEGORIES.mask(
            "medications", "updates", "measures", "goals", "care_team"
        ),
    )
    refuse(stage, jordan)


def refuse(stage: Stage, jordan: Patient) -> None:
    """ "Do not share": an answer, kept; it blocks nothing."""
    riley = jordan.care_team.get(role="care_coordinator").party
    terms = consents.Terms(
        recipient=riley,
        categories=CATEGORIES.mask("care_team", "contacts"),
        purposes=CARE,
        starts_at=stage.ago(30),
        ends_at=stage.now + timedelta(days=60),
    )
    signed(jordan, terms)
    consents.refuse(patient=jordan, terms=terms, by=jordan.account, at=stage.ago(30))
