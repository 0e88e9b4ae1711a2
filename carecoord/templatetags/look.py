"""Small things that templates need and cannot say: tones, QR paths, links in forms."""

from typing import Any

from django import template
from django.forms import BoundField

from carecoord.qr import QrCode

register = template.Library()

# Words of SCREENS E5 to the job of a colour. A word not listed is drawn plain.
TONES = {
    "Taking": "ok",
    "On hold": "warn",
    "Not started yet": "info",
    "Stopped": "plain",
    "Draft": "plain",
    "Sent": "info",
    "Held": "urgent",
    "NOT SENT": "urgent",
    "Opened": "info",
    "Acknowledged": "ok",
    "Replied": "ok",
    "Closed": "plain",
    "Overdue": "urgent",
    "Waiting for signature": "info",
    "Ended": "plain",
    "Stopped by you": "plain",
    "Incomplete": "info",
    "Up to date": "ok",
    "Not sure": "warn",
}
# Widgets without one input to point at: the first option takes the cursor.
OPTION_WIDGETS = {"radioselect", "chipcolumn", "checkboxselectmultiple"}


@register.filter
def tone(word: object) -> str:
    """The colour job of a status word, for `tag-<tone>`."""
    return TONES.get(str(word), "plain")


@register.filter
def first_input_id(field: BoundField) -> str:
    """The id that a link in the error summary leads to."""
    if field.widget_type in OPTION_WIDGETS and field.subwidgets:
        # Options under headings are counted in two numbers.
        return str(field.subwidgets[0].id_for_label)
    return field.id_for_label or field.auto_id


@register.inclusion_tag("_components/qr.html")
def qr(text: str, label: str) -> dict[str, Any]:
    """A QR code, drawn as one path in the page: no data: URI, no image file.

    Error level M and a quiet zone of 4 modules (SCREENS A3.13).
    """
    code = QrCode.of(text)
    return {"path": code.path, "size": code.size, "label": label}
