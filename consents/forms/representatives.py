"""Who acts for a patient: found, recorded, checked; stated; a death and its undoing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.fields import plain_text
from carecoord.forms import (
    TOO_LONG,
    ChipColumn,
    PlainDateField,
    WordsField,
    chip_choices,
)
from consents.codes import CATEGORIES, LABELS, RepresentativeKind
from providers.codes import Relationship

KINDS = {
    RepresentativeKind.AGENT: _(
        "Named by the patient. Acts while a clinician states that the patient cannot "
        "decide."
    ),
    RepresentativeKind.GUARDIAN: _("Named by a court order."),
    RepresentativeKind.PARENT: _("Acts for a child, until the 18th birthday."),
    RepresentativeKind.ESTATE: _("Acts after a death."),
}

READ_BY_PATIENT = _(
    "The patient reads this. Like: court order of Jan 5, 2026, Kings County."
)
KEPT_AFTER_DEATH = _(
    "It stays with the record. Like: death certificate of Jan 5, 2026."
)


def document_field(hint: Any = READ_BY_PATIENT):
    return WordsField(
        label=_("Which paper, and its date"),
        missing=_("Say which paper you saw, and its date."),
        hint=hint,
        rows=2,
    )


def seen_field():
    return forms.BooleanField(
        label=_("I saw the paper itself, and who holds it."),
        error_messages={"required": _("Tick this only after you saw the paper.")},
    )


class FindForm(forms.Form):
    """Exactly one person, by name and birth date: nobody is listed otherwise."""

    name = forms.CharField(
        label=_("The patient’s full name"),
        help_text=_("As it stands in the record."),
        max_length=200,
        validators=[plain_text],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=TOO_LONG | {"required": _("Enter the patient’s full name.")},
    )
    born = PlainDateField(
        label=_("Birth date"),
        help_text=_("Like Feb 14, 1991."),
        error_messages={"required": _("Enter the birth date, like Feb 14, 1991.")},
    )


class RecordForm(forms.Form):
    """Who, by which paper, for what. Nothing is ticked beforehand.

    The words of topics elsewhere speak to the patient; the officer reads bare names.
    """

    email = forms.EmailField(
        label=_("E-mail address of their account here"),
        help_text=_("They need an account of their own, with an address of their own."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages=TOO_LONG
        | {
            "required": _("Enter the address of their account."),
            "invalid": _("Enter an e-mail address, like name@example.org."),
        },
    )
    relationship = forms.ChoiceField(
        label=_("What are they to the patient?"),
        choices=[("", _("Choose")), *Relationship.choices],
        error_messages={"required": _("Choose what they are to the patient.")},
    )
    kind = forms.ChoiceField(
        label=_("By which right do they act?"),
        widget=ChipColumn,
        choices=lambda: chip_choices(
            (kind.value, kind.label.capitalize(), KINDS[kind])
            for kind in RepresentativeKind
        ),
        error_messages={"required": _("Choose by which right they act.")},
    )
    from_majority = forms.BooleanField(
        help_text=_("A parent acts until then, and by this paper from then on."),
        required=False,
    )
    document = document_field()
    categories = forms.MultipleChoiceField(
        label=_("What does the paper cover?"),
        help_text=_("What you leave out, they neither see nor share."),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: chip_choices((code.name, code.word, "") for code in CATEGORIES),
        error_messages={"required": _("Tick at least one kind of information.")},
    )
    labels = forms.MultipleChoiceField(
        label=_("Sensitive topics that it covers too"),
        help_text=_("What the law makes a child’s own stays out for a parent."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=lambda: chip_choices((code.name, code.word, "") for code in LABELS),
    )
    may_sign = forms.BooleanField(
        label=_("The paper lets them decide and sign for the patient."),
        required=False,
    )
    until = PlainDateField(
        label=_("Last day, if the paper has one"),
        help_text=_("Leave it empty if the paper has none."),
        required=False,
    )
    seen = seen_field()

    def __init__(self, *args: Any, turns: str = "", **kwargs: Any) -> None:
        """`turns`: the day of the 18th birthday of a child, in words."""
        super().__init__(*args, **kwargs)
        label = _("The paper begins on the 18th birthday, %(day)s.") % {"day": turns}
        self.fields["from_majority"].label = label
        if not turns:
            del self.fields["from_majority"]

    def masks(self) -> dict[str, int]:
        return {
            "categories": CATEGORIES.mask(*self.cleaned_data["categories"]),
            "labels": LABELS.mask(*self.cleaned_data["labels"]),
        }


class CheckForm(forms.Form):
    """A parent began the child's record on their word: now with the paper."""

    document = document_field()
    seen = seen_field()


class DeathForm(forms.Form):
    day = PlainDateField(label=_("Day of the death"))
    document = document_field(KEPT_AFTER_DEATH)
    seen = seen_field()


class CorrectionForm(forms.Form):
    why = WordsField(
        label=_("How do you know that it was a mistake?"),
        missing=_("Say how you know that it was a mistake."),
        rows=2,
    )


class IncapacityForm(forms.Form):
    """A clinician's own words, and that it is meant."""

    reason = WordsField(
        label=_("What did you see that the patient cannot decide now?"),
        missing=_("Say what you saw that the patient cannot decide now."),
        hint=_("The patient and the privacy officer read this."),
    )
    sure = forms.BooleanField(
        label=_("I examined the patient myself, and I state this in my own name."),
        error_messages={"required": _("Tick this only if you examined the patient.")},
    )
