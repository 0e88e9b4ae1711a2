"""Forms of records from elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import ChipColumn, UploadField, chip_choices
from carecoord.json_files import MAX_BYTES
from consents.codes import LABELS
from patients.codes import MedicineStatus
from patients.forms.origin import MISSING, SUBSTANCE, is_from_program, origin_field

MARK, LEAVE = "mark", "leave"


class UploadForm(forms.Form):
    file = UploadField(
        most_bytes=MAX_BYTES,
        help_text=_(
            "A health record that another system saved (FHIR, ending in .json). "
            "10 MB at most."
        ),
    )


class AnswerForm(forms.Form):
    """What must be said before one proposal can be added. Nothing is preselected."""

    def __init__(
        self,
        *args: Any,
        labels: int,
        asks_status: bool,
        part2_origin: bool = False,
        **kwargs: Any,
    ) -> None:
        """`part2_origin`: the file says so. Then that topic is not asked about."""
        super().__init__(*args, **kwargs)
        self.labels = labels & ~SUBSTANCE if part2_origin else labels
        if asks_status:
            self.fields["status"] = _status_field()
        if self.labels:
            self.fields["private"] = _label_field(self.labels, part2_origin)
        if self.labels & SUBSTANCE:
            self.fields["origin"] = origin_field(help_text=_("Answer if you mark it."))

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        asks = "origin" in self.fields and data.get("private") == MARK
        if asks and not data.get("origin") and "origin" not in self.errors:
            self.add_error("origin", MISSING)
        return data

    @property
    def chosen_labels(self) -> int:
        return self.labels if self.cleaned_data.get("private") == MARK else 0

    @property
    def part2_origin(self) -> bool:
        marked = self.cleaned_data.get("private") == MARK
        return marked and is_from_program(self.cleaned_data.get("origin"))

    @property
    def chosen_status(self) -> str:
        return self.cleaned_data.get("status", "")


def _status_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Do you take it now?"),
        help_text=_("The file does not say."),
        choices=[
            (MedicineStatus.ACTIVE.value, _("Yes, I take it")),
            (MedicineStatus.STOPPED.value, _("No, not any more")),
            (MedicineStatus.INTENDED.value, _("Not started yet")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you take it now.")},
    )


def _label_field(labels: int, part2_origin: bool) -> forms.ChoiceField:
    topics = ", ".join(LABELS.words(labels & ~LABELS["private"]))
    label = _("This can tell others about: %(words)s") % {"words": topics}
    unmarked = _("Shared like the rest of your list.")
    if part2_origin:
        unmarked = _("It stays marked as substance use alone.")
    return forms.ChoiceField(
        label=label if topics else _("The file says that this is private"),
        help_text=_("If you mark it, only people you share that with can see it."),
        choices=chip_choices(
            [
                (MARK, _("Mark it"), _("Nobody else sees it.")),
                (LEAVE, _("Do not mark it"), unmarked),
            ]
        ),
        widget=ChipColumn,
        error_messages={"required": _("Choose whether to mark it.")},
    )
