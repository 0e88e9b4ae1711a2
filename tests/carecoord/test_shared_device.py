"""T99: what was typed into a record is offered to nobody by the browser.

Found: a browser keeps each text by the name of its box, also after signing out, and
offers it in every box of that name, on other sites too. The name of a diagnosis stood
in a box called "name".
"""

from __future__ import annotations

import re

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from carecoord.forms import FieldRenderer
from tests.cast import Cast
from tests.consents.views.pages import sign_in

TYPED = re.compile(
    r'<textarea[^>]*>|<input type="(?:text|tel|number|email|date|time)"[^>]*>'
)
# What a browser may fill in: the person's own, by the standard's word for each.
OWN = {"off", "name", "tel", "bday"}
PAGES = (
    ("record_add", "conditions"),
    ("record_add", "contacts"),
    ("record_add", "goals"),
    ("allergy_add",),
    ("medicine_add",),
    ("details",),
    ("invite",),
)


def typed_on(cast: Cast, name: str, *args: str) -> list[str]:
    """What stands as `autocomplete` in each box of a page, empty for nothing."""
    client = Client()
    sign_in(client, cast.amina.user)
    address = reverse(f"patients:{name}", args=[cast.amina.pk, *args])
    response = client.get(address)
    assert response.status_code == 200
    boxes = TYPED.findall(response.content.decode())
    assert boxes
    found = (re.search(r'autocomplete="([^"]*)"', box) for box in boxes)
    return [each[1] if each else "" for each in found]


@pytest.mark.django_db
@pytest.mark.security("T99")
@pytest.mark.parametrize("page", PAGES, ids="/".join)
def test_no_box_of_a_record_is_kept_by_the_browser(cast: Cast, page: tuple) -> None:
    assert set(typed_on(cast, *page)) <= OWN


@pytest.mark.django_db
@pytest.mark.security("T99")
def test_the_twin_that_says_nothing_leaves_a_diagnosis_to_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FieldRenderer, "KEPT", ())
    assert "" in typed_on(cast, *PAGES[0])


def test_a_field_that_says_what_it_is_keeps_its_word() -> None:
    class Both(forms.Form):
        own = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "name"}))
        words = forms.CharField(widget=forms.Textarea)
        sure = forms.BooleanField()
        kept = forms.CharField(widget=forms.HiddenInput)

    form = Both(renderer=FieldRenderer())
    said = {name: str(form[name]) for name in form.fields}
    assert 'autocomplete="name"' in said["own"]
    assert 'autocomplete="off"' in said["words"]
    assert not any("autocomplete" in said[name] for name in ("sure", "kept"))
