"""Forms of the first minutes: an account with a record, or a clinician's details."""

from __future__ import annotations

import re
import uuid
from copy import copy
from datetime import date
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carecoord.clock import database_now
from carecoord.forms import PlainDateField
from carecoord.models import User
from patients.actions.nobody import begin_nobody
from patients.actions.patients import begin_record
from patients.forms.fields import PlainCharField
from providers.codes import Profession

OLDEST_YEARS = 125
TOO_YOUNG = _(
    "Nothing was saved. Under %(age)s, a parent begins the record with you. Ask your "
    "clinician or a parent what helps now. In a crisis, call or text %(number)s."
)
PASSWORD_HINT = _(
    "15 or more letters, numbers or spaces. A few words you remember are best."
)


def years_between(born: date, day: date) -> int:
    """Full years; someone born on Feb 29 has the birthday on Mar 1 in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class BirthDateField(PlainDateField):
    """A birth date. Raises ValidationError for the future and for 125 years ago."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your birth date"))
        kwargs.setdefault("help_text", _("Like Feb 14, 1991."))
        kwargs["error_messages"] = {
            "required": _("Enter your birth date, like Feb 14, 1991."),
            "invalid": _("Enter a real date, like Feb 14, 1991."),
        } | kwargs.get("error_messages", {})
        super().__init__(**kwargs)
        self.widget.attrs["autocomplete"] = "bday"

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is None:
            return None
        today = timezone.localdate()
        if day > today:
            text = _("Enter a birth date that has been, with 4 digits for the year.")
            raise ValidationError(text)
        if years_between(day, today) > OLDEST_YEARS:
            raise ValidationError(_("Enter the year of birth, with 4 digits."))
        return day


class AdultOnly:
    """A record of one's own is begun by an adult; a child's, by a parent."""

    cleaned_data: dict[str, Any]

    def clean_birth_date(self) -> date:
        born = self.cleaned_data["birth_date"]
        age = settings.JURISDICTION.age_of_majority
        if years_between(born, timezone.localdate()) < age:
            number = settings.JURISDICTION.crisis.number
            raise ValidationError(TOO_YOUNG % {"age": age, "number": number})
        return born


class AccountForm(AllauthSignupForm):
    """Name, e-mail address and password: an account that opens nothing by itself."""

    field_order = ["name", "birth_date", "email", "password1"]  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email, password = self.fields["email"], self.fields["password1"]
        email.label, password.label = _("E-mail address"), _("Password")
        password.help_text = PASSWORD_HINT
        email.error_messages |= {
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address, like name@example.org."),
        }
        password.error_messages |= {"required": _("Enter a password.")}

    def try_save(self, request: HttpRequest) -> Any:
        """allauth's. A known address takes as long as a new one (T29).

        Most of the time goes into the password, and who asks can measure it: that
        somebody has an account here would be told to everybody. So the same work is
        done for an address that nobody has, and undone.
        """
        if self.account_already_exists:
            self._begin_nothing(request)
        return super().try_save(request)

    def _begin_nothing(self, request: HttpRequest) -> None:
        nobody = copy(self)
        address = f"{uuid.uuid4()}@nobody.invalid"
        nobody.cleaned_data = self.cleaned_data | {"email": address}
        adapter = get_adapter()
        # As for a new one, no password is hashed inside a transaction.
        user = adapter.save_user(
            request, adapter.new_user(request), nobody, commit=False
        )

        def complete(user: User) -> None:
            nobody.custom_signup(request, user)
            setup_user_email(request, user, [EmailAddress(email=address)])

        begin_nobody(user=user, complete=complete)


class RecordSignupForm(AdultOnly, AccountForm):
    """A patient's account: the record begins with it, once."""

    birth_date = BirthDateField()

    def signup(self, request: HttpRequest, user: User) -> None:
        super().signup(request, user)
        begin_record(
            name=user.name,
            birth_date=self.cleaned_data["birth_date"],
            user=user,
            at=database_now(),
        )


class RecordForm(AdultOnly, forms.Form):
    """For someone who has an account already and starts a record of their own."""

    birth_date = BirthDateField()


class ContactCardForm(forms.Form):
    """How a clinician is reached about shared patients (S7)."""

    phone = PlainCharField(
        label=_("Phone"),
        help_text=_("For calls about shared patients."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "w-medium"}),
    )
    after_hours_phone = PlainCharField(
        label=_("After hours"),
        help_text=_("Whom to call at night and on weekends: a number, or a sentence."),
        max_length=200,
        required=False,
    )
    best_way = PlainCharField(
        label=_("Best way to reach you and to send records"),
        max_length=200,
        required=False,
    )
    reply_time = PlainCharField(
        label=_("Usual reply time"),
        help_text=_("Like: within 2 working days."),
        max_length=100,
        required=False,
    )


class ClinicianForm(ContactCardForm):
    """A clinician's details. A licence is shown as not checked until it is."""

    field_order = [  # noqa: RUF012
        "profession",
        "licence_state",
        "licence_number",
        "npi",
        "phone",
        "after_hours_phone",
        "best_way",
        "reply_time",
    ]
    profession = forms.ChoiceField(
        label=_("Your profession"),
        choices=[(p.value, p.label.capitalize()) for p in Profession],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose your profession.")},
    )
    licence_state = PlainCharField(
        label=_("License: state"),
        help_text=_("You can leave this out. Patients see that it is not checked."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "w-medium"}),
    )
    licence_number = PlainCharField(
        label=_("License: number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "w-medium", "autocomplete": "off"}),
    )
    npi = PlainCharField(
        label=_("NPI, in place of a license"),
        help_text=_("10 digits."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "w-medium", "inputmode": "numeric"}),
    )

    def clean_npi(self) -> str:
        npi = re.sub(r"[ -]", "", self.cleaned_data["npi"])
        if npi and not is_npi(npi):
            raise ValidationError(_("Check the NPI. It has 10 digits; one is wrong."))
        return npi


def is_npi(npi: str) -> bool:
    """Ten digits whose last one checks the others (45 CFR 162.406; ISO 7812, 80840)."""
    if not re.fullmatch(r"[0-9]{10}", npi):
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + npi)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
