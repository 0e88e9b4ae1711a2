"""The person who signs in, and the mail that leaves."""

import uuid
from typing import ClassVar

from django.contrib.auth import models as auth
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carecoord.fields import EncryptedTextField

# Django's has_perm says yes to a superuser before any backend is asked. For these
# app labels it must not: a superuser sees nothing clinical.
CLINICAL_LABELS = frozenset({"providers", "consents", "patients", "messaging"})
IMPORTER = "import@service.invalid"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        fields |= {"is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **fields)

    def importer(self) -> "User":
        """Who stands behind what a command reads from a file; never signs in."""
        user, is_new = self.get_or_create(
            email=IMPORTER, defaults={"name": "Import of a file", "is_active": False}
        )
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class MailWhen(models.TextChoices):
    """When notices may come by e-mail. In the app they always stand at once."""

    ANY = "any", _("At any time")
    HOURS = "hours", _("Only between these hours")
    LEAST = "least", _("Never, except about an emergency")


class User(AbstractBaseUser, auth.PermissionsMixin):
    """Someone who signs in. Says nothing of who they are in care: Party does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    # The privacy officer sees metadata and reviews, never the record itself.
    is_privacy_officer = models.BooleanField(default=False)
    # Mails without even the first name, for shared phones.
    discreet = models.BooleanField(default=False)
    # Hours on the clock of `time_zone`, 0 to 23; from 22 until 6 is the night.
    mail_when = models.CharField(max_length=10, choices=MailWhen, default=MailWhen.ANY)
    mail_from = models.PositiveSmallIntegerField(null=True, blank=True)
    mail_until = models.PositiveSmallIntegerField(null=True, blank=True)
    # "Leave this page now" on every page. Off: the button itself says something.
    quick_exit = models.BooleanField(default=False)
    # A mail server said that there is no such address. Notices stay in the app until
    # a mail arrives again.
    address_refused_at = models.DateTimeField(null=True, blank=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_for_an_address"),
            models.CheckConstraint(
                condition=models.Q(
                    ~models.Q(mail_from=models.F("mail_until")),
                    mail_when=MailWhen.HOURS,
                    mail_from__isnull=False,
                    mail_until__isnull=False,
                    mail_from__lte=23,
                    mail_until__lte=23,
                )
                | models.Q(
                    ~models.Q(mail_when=MailWhen.HOURS),
                    mail_from=None,
                    mail_until=None,
                ),
                name="hours_of_mail_are_two_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        if perm.partition(".")[0] in CLINICAL_LABELS:
            # Django's own, without the short way for superusers; not in the stubs.
            return auth._user_has_perm(self, perm, obj)  # type: ignore[attr-defined]
        return super().has_perm(perm, obj)

    async def ahas_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        if perm.partition(".")[0] in CLINICAL_LABELS:
            ask = auth._auser_has_perm  # type: ignore[attr-defined]
            return await ask(self, perm, obj)
        return await super().ahas_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        if app_label in CLINICAL_LABELS:
            return False
        return super().has_module_perms(app_label)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.partition(" ")[0]


class OutgoingMail(models.Model):
    """The outbox: one message to one address. Only workers speak SMTP.

    `key` makes a message unique (an event, a recipient, a channel), so that a task
    that runs twice writes it once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    address = EncryptedTextField()
    subject = models.CharField(max_length=60)
    body = EncryptedTextField()
    # A notice is decided again when it is sent; an account mail is not.
    is_notice = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="mail_waiting",
                condition=models.Q(sent_at=None, cancelled_at=None, gave_up_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class SignIn(models.Model):
    """That somebody signed in, and how. Only ever added to; for themselves to see."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="sign_ins", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="sign_in_user_at")]

    def __str__(self) -> str:
        return f"sign-in {self.pk}"
