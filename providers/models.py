"""Who gives care, for whom, in what role, since when."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase

from carecoord.fields import EncryptedTextField
from carecoord.models import User
from providers import roles
from providers.codes import EndReason, PartyKind, Profession, Relationship
from providers.querysets import CareTeamQuerySet, PartyQuerySet

USER = settings.AUTH_USER_MODEL


class Party(models.Model):
    """Whoever can disclose or receive: a clinician, an organization, a relative.

    `user` is who signs in for it; nobody for an organization or for someone who is
    on paper only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=PartyKind)
    name = models.CharField(max_length=200)
    user = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="parties"
    )

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PartyKind.values), name="party_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind=PartyKind.ORGANIZATION) | Q(user=None),
                name="organization_has_no_sign_in",
            ),
            models.CheckConstraint(
                condition=~Q(kind=PartyKind.GUEST) | Q(user=None),
                name="guest_has_no_sign_in",
            ),
            # One clinician per sign-in; a person may be close to several patients.
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(kind=PartyKind.PRACTITIONER),
                name="one_practitioner_for_a_user",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def on_paper(self) -> bool:
        """A person who has not joined: nothing can be shown to them here yet."""
        persons = (PartyKind.PRACTITIONER, PartyKind.RELATED_PERSON)
        return self.user_id is None and self.kind in persons

    @property
    def account(self) -> User:
        """Who signs in for it. Raises ValueError where nobody does."""
        if self.user is None:
            raise ValueError(f"Nobody signs in for {self.pk}.")
        return self.user


class Organization(models.Model):
    party = models.OneToOneField(
        Party, primary_key=True, on_delete=models.PROTECT, related_name="organization"
    )
    phone = EncryptedTextField(blank=True)
    address = EncryptedTextField(blank=True)

    def __str__(self) -> str:
        return self.party.name


class Practitioner(models.Model):
    """A clinician, with the contact card that the team works from (S7)."""

    party = models.OneToOneField(
        Party, primary_key=True, on_delete=models.PROTECT, related_name="practitioner"
    )
    profession = models.CharField(max_length=30, choices=Profession)
    credentials = models.CharField(max_length=40, blank=True)
    licence_state = models.CharField(max_length=40, blank=True)
    licence_number = EncryptedTextField(blank=True)
    npi = models.CharField(max_length=10, blank=True)
    licence_checked_at = models.DateTimeField(null=True, blank=True)
    licence_checked_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    phone = EncryptedTextField(blank=True)
    after_hours_phone = EncryptedTextField(blank=True)
    best_way = EncryptedTextField(blank=True)
    reply_time = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(profession__in=Profession.values),
                name="profession_known",
            ),
            models.CheckConstraint(
                condition=Q(licence_checked_at=None, licence_checked_by=None)
                | Q(licence_checked_at__isnull=False, licence_checked_by__isnull=False),
                name="licence_checked_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.party.name


class PractitionerRole(models.Model):
    """A clinician acts for an organization. Ended, never deleted."""

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="roles"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="roles"
    )
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "organization"],
                condition=Q(ended_at=None),
                name="one_role_now_at_an_organization",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="role_ended_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} at {self.organization}"


class RelatedPerson(models.Model):
    """Someone close to one patient. Sees nothing until the patient says so."""

    party = models.OneToOneField(
        Party, primary_key=True, on_delete=models.PROTECT, related_name="related_person"
    )
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="related_persons"
    )
    relationship = models.CharField(max_length=10, choices=Relationship)
    phone = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(relationship__in=Relationship.values),
                name="relationship_known",
            )
        ]

    def __str__(self) -> str:
        return self.party.name


class CareTeamParticipant(models.Model):
    """The truth of who is on a care team. Begins and ends; never deleted.

    `owns` is what this person looks after, in the patient's words (S35).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient",
        on_delete=models.PROTECT,
        related_name="care_team",
        db_index=False,
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="care_teams"
    )
    role = models.CharField(max_length=30, choices=roles.choices())
    owns = EncryptedTextField(blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_reason = models.CharField(max_length=20, choices=EndReason, blank=True)

    # Set when the roster is shown (patients/access/team.py): what it is, and which
    # consent opens it.
    categories: int
    relied_on: uuid.UUID | None
    # Whether the patient took them on alone (consents.childs_people.childs_own).
    is_childs_own: bool

    objects = CareTeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "party"],
                condition=Q(ended_at=None),
                name="once_on_a_care_team",
            ),
            models.CheckConstraint(
                condition=Q(role__in=list(roles.ROLES)), name="care_team_role_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | (
                    Q(ended_at__isnull=False, ended_by__isnull=False)
                    & Q(end_reason__in=EndReason.values)
                ),
                name="care_team_ended_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="care_team_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["party", "patient"],
                include=["role"],
                condition=Q(ended_at=None),
                name="team_party_patient",
            ),
            models.Index(fields=["patient"], name="team_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.party} ({self.role})"

    @property
    def role_in_words(self) -> str:
        return roles.ROLES[self.role].name


class PatientUserObjectPermission(UserObjectPermissionBase):
    """django-guardian's row: this user and this patient know each other.

    Stores the relationship only, never what may be seen. Written and removed in the
    same action as CareTeamParticipant, and ANDed with it in every decision.
    """

    # guardian finds this table through the reverse relation: it needs a name.
    content_object = models.ForeignKey("patients.Patient", on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        pass
