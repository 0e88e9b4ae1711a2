"""Addresses of an account: never one at which another one's mail is read."""

from __future__ import annotations

from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from carecoord.clock import database_now
from consents import representing

# The same words for every reason: they say nothing of whose address it is.
ANOTHER = _("Enter an e-mail address of your own: one that nobody else reads.")


class AddEmailForm(AllauthAddEmailForm):
    """allauth's, and T92: patient and representative do not share a mailbox."""

    def clean_email(self) -> str:
        address = super().clean_email()
        if representing.shares_mailbox(self.user, address, database_now()):
            raise ValidationError(ANOTHER)
        return address
