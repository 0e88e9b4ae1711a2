"""allauth, told our ways: mail through the outbox, secrets encrypted."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

from carecoord.clock import database_now
from carecoord.fields import decrypt, encrypt
from carecoord.models import SignIn
from consents import reaching


class AccountAdapter(DefaultAccountAdapter):
    """Names no person in a mail; anyone may sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def format_email_subject(self, subject: str) -> str:
        return subject

    def confirm_email(self, request: HttpRequest, email_address) -> bool:
        """Asked again here: since it was added, somebody may act for them (T92)."""
        user, address = email_address.user, email_address.email
        if not reaching.shares_mailbox(user, address, database_now()):
            return super().confirm_email(request, email_address)
        self.add_message(
            request,
            messages.ERROR,
            "account/messages/email_confirmation_failed.txt",
            {"email": address},
        )
        return False

    def login(self, request: HttpRequest, user) -> None:
        """Signs in, and notes it for the person's own list of who looked."""
        super().login(request, user)
        methods = [
            each.get("method") for each in get_authentication_records(request, user)
        ]
        SignIn.objects.create(user=user, how=",".join(filter(None, methods))[:20])


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of the second factor are encrypted, and neutral where they show."""

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def get_totp_label(self, user) -> str:
        return user.email

    def get_totp_issuer(self) -> str:
        return settings.MFA_TOTP_ISSUER

    def can_delete_authenticator(self, authenticator) -> bool:
        from providers.querysets import needs_second_factor

        if settings.DEMO or not needs_second_factor(authenticator.user):
            return True
        return authenticator.type != authenticator.Type.TOTP
