"""Codes of who gives care."""

from django.db import models


class PartyKind(models.TextChoices):
    PRACTITIONER = "practitioner", "Clinician"
    ORGANIZATION = "organization", "Organization"
    RELATED_PERSON = "related_person", "Family or friend"
    # Whoever the patient gives a code; who that is, nobody has checked.
    GUEST = "guest", "Someone with a code"


class Profession(models.TextChoices):
    """NUCC provider taxonomy code beside each in PROFESSION_TAXONOMY."""

    PSYCHIATRIST = "psychiatrist", "psychiatrist"
    THERAPIST = "therapist", "therapist"
    PRIMARY_CARE = "primary_care", "primary care"
    NURSE_PRACTITIONER = "nurse_practitioner", "nurse practitioner"
    COORDINATOR = "coordinator", "care coordinator"
    SUPERVISOR = "supervisor", "supervisor"
    OTHER = "other", "other clinician"


class Relationship(models.TextChoices):
    """HL7 v3 RoleCode where one exists."""

    PARENT = "PRN", "parent"
    CHILD = "CHILD", "child"
    SIBLING = "SIB", "brother or sister"
    PARTNER = "DOMPART", "partner"
    SPOUSE = "SPS", "husband or wife"
    FRIEND = "FRND", "friend"
    OTHER = "O", "someone close"


class EndReason(models.TextChoices):
    LEFT = "left", "No longer on the care team"
    ENDED_BY_PATIENT = "ended_by_patient", "Ended by the patient"
    BLOCKED = "blocked", "Blocked by the patient"
