"""The whole demo world."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from carecoord.demo import jordan, lee_park
from carecoord.demo.story import Stage, account, clinician
from consents import actions as consents
from providers import actions as providers

PHONES = {"psychiatrist": "0110", "therapist": "0111", "pcp": "0112"}


def build(now: datetime) -> Stage:
    """Everyone, then the two stories. The caller has an empty database."""
    stage = Stage(now)
    harbor = providers.add_organization(
        name="Harbor Clinic", phone="(555) 010-0100", address="1 Harbor Way"
    )
    oak = providers.add_organization(name="Oak Street Therapy", phone="(555) 010-0101")
    far = providers.add_organization(name="Lakeside Hospital")
    clinician(
        stage,
        "psychiatrist",
        "Dr. Min Lee",
        "psychiatrist",
        clinic=harbor,
        credentials="MD",
        licence_state="NY",
        **card("psychiatrist", reply_time="within 2 working days"),
    )
    clinician(
        stage,
        "therapist",
        "Sam Okafor",
        "therapist",
        clinic=oak,
        credentials="LCSW",
        **card("therapist", reply_time="the same day, until 6 pm"),
    )
    clinician(
        stage,
        "pcp",
        "Dr. Pia Ortiz",
        "primary_care",
        clinic=harbor,
        credentials="MD",
        **card("pcp", reply_time="within 3 working days"),
    )
    clinician(stage, "supervisor", "Dr. Kim Abara", "supervisor", clinic=oak)
    clinician(stage, "outsider", "Dr. Uma Patel", "psychiatrist", clinic=far)
    account(stage, "privacy", "Noor Haddad", is_privacy_officer=True)
    account(stage, "admin", "Alex Admin", is_staff=True, is_superuser=True)
    jordan.play(stage)
    lee_park.play(stage)
    for key in ("patient", "patient2", "caregiver"):
        consents.acknowledge_limits(
            limits=settings.JURISDICTION.limits, by=stage.users[key], at=stage.ago(40)
        )
    return stage


def card(key: str, **more: str) -> dict[str, str]:
    """A contact card (S7)."""
    return {
        "phone": f"(555) 010-{PHONES[key]}",
        "after_hours_phone": "(555) 010-0190",
        "best_way": "An update here. For anything urgent, the phone.",
        **more,
    }
