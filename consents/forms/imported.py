"""The file with a permission from another system."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import UploadField
from consents.fhir.reading import MAX_BYTES


class PermissionFileForm(forms.Form):
    file = UploadField(
        most_bytes=MAX_BYTES,
        help_text=_(
            "A permission that another health system saved (FHIR, ending in .json). "
            "1 MB at most."
        ),
    )
