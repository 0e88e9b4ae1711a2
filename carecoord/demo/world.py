"""The whole demo world."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from carecoord.demo import acting, jordan, lee_park, signs, turning_18
from carecoord.demo.story import Stage, account, clinician
from consents import actions as consents
from providers import actions as providers

# Who reads the limits of confidentiality first: patients, and those close to them.
CONCERNED = (
    *("patient", "patient2", "patient3", "teen"),
    *("almost18", "just18"),
    *("caregiver", "parent", "parent2", "representative"),
)
PHONES = {"psychiatrist": "0110", "therapist": "0111", "pcp": "0112"}


def build(now: datetime) -> Stage:
    """Everyone, then the two stories. The caller has an empty database."""
    stage = Stage(now)
    professionals(stage)
    jordan.play(stage)
    lee_park.play(stage)
    acting.play(stage)
    signs.play(stage)
    turning_18.play(stage)
    acknowledge(stage, CONCERNED)
    return stage


def acknowledge(stage: Stage, keys: tuple[str, ...]) -> None:
    for key in keys:
        consents.acknowledge_limits(
            limits=settings.JURISDICTION.limits, by=stage.users[key], at=stage.ago(40)
        )


def professionals(stage: Stage) -> None:
    """Clinicians and where they work, the privacy officer, the administrator."""
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


def card(key: str, **more: str) -> dict[str, str]:
    """A contact card (S7)."""
    return {
        "phone": f"(555) 010-{PHONES[key]}",
        "after_hours_phone": "(555) 010-0190",
        "best_way": "An update here. For anything urgent, the phone.",
        **more,
    }
