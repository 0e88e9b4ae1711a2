"""The file with a permission from another system."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from consents.fhir.reading import MAX_BYTES

TOO_LARGE = _("This file is larger than 1 MB. Ask for a smaller one.")


class PermissionFileForm(forms.Form):
    """One file, 1 MB at most."""

    file = forms.FileField(
        label=_("Choose the file"),
        help_text=_("A permission as a FHIR file, ending in .json. 1 MB at most."),
        max_length=200,
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another one."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
            "max_length": _("The name of this file is too long. Give it a short one."),
        },
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(TOO_LARGE)
        return file
