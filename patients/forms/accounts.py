"""Addresses of an account: never one at which another one's mail is read."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from carecoord.clock import database_now
from consents import reaching
from patients.forms.welcome import PASSWORD_HINT

# The same words for every reason: they say nothing of whose address it is.
ANOTHER = _("Enter an e-mail address of your own: one that nobody else reads.")


class AddEmailForm(AllauthAddEmailForm):
    """allauth's, and T92: patient and representative do not share a mailbox."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")

    def clean_email(self) -> str:
        address = super().clean_email()
        if reaching.shares_mailbox(self.user, address, database_now()):
            raise ValidationError(ANOTHER)
        return address


class ResetPasswordForm(AllauthResetPasswordForm):
    """allauth's, with the address named as on every other page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")


class ChangePasswordForm(AllauthChangePasswordForm):
    """allauth's, in the words of the page where the account was made.

    The page itself leads to a new password, so the field does not.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("The password you have now")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = PASSWORD_HINT
        self.fields["password2"].label = _("New password, once more")
