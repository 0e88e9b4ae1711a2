"""T06, T07, T09: what a form does not ask for is not taken, wherever it stands.

Each form of each page is sent twice: as it is, and with the names of another patient,
of other rows and of every column in body, address, headers and cookies. Both are
answered alike and write the same.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
from django.db import IntegrityError
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse

from patients.models import AllergyIntolerance
from tests.sweeps import requests, smuggling
from tests.sweeps.filling import Form, forms
from tests.sweeps.smuggling import UUID, Answer
from tests.sweeps.test_urls import ADDRESSES, LISTED
from tests.sweeps.urls import LINES
from tests.sweeps.world import World

SENDERS = ("amina", "bram", "ines")


def all_forms(world: World) -> Iterator[tuple[str, Client, Form]]:
    """Each form once: of its page, as the first who gets it."""
    seen = set()
    for name in LISTED:
        line = LINES[name]
        who = next((who for who in SENDERS if line.status(who) == 200), None)
        if who is None or line.is_paper:
            continue
        client = world.client(who)
        path = requests.path(world, ADDRESSES[name], line)
        page = client.get(path)
        if not page["Content-Type"].startswith("text/html"):
            continue
        for form in forms(page.content, path):
            kind = UUID.sub("", form.action)
            if kind not in seen:
                seen.add(kind)
                yield f"{who} {kind}", client, form


def differences(one: Answer, other: Answer) -> list[str]:
    return [
        f"{part}: {around_the_first(str(first), str(second))}"
        for part in ("status", "location", "body", "written")
        if (first := getattr(one, part)) != (second := getattr(other, part))
    ]


def around_the_first(one: str, other: str) -> str:
    """Both texts where they begin to differ."""
    same = os.path.commonprefix([one, other])
    start = max(0, len(same) - 60)
    return f"{one[start:][:200]!r} / {other[start:][:200]!r}"


def compared(world: World, client: Client, form: Form) -> list[str]:
    known = smuggling.ids(world)
    plain = smuggling.send(client, form, known)
    assert plain.written, form
    more = smuggling.extras(world, form)
    return differences(plain, smuggling.send(client, form, known, more))


@pytest.mark.slow
@pytest.mark.security("T06", "T07", "T09", "L01", "L03", "L14")
def test_no_form_takes_what_it_does_not_ask_for(world: World):
    known = smuggling.ids(world)
    found, taken = {}, 0
    for where, client, form in all_forms(world):
        plain = smuggling.send(client, form, known)
        more = smuggling.extras(world, form)
        if said := differences(plain, smuggling.send(client, form, known, more)):
            found[where] = said
        taken += bool(plain.written) and plain.status < 400
    assert found == {}
    # Most forms are filled in well enough to be taken.
    assert taken >= 60


# The vulnerable twins -----------------------------------------------------------------


def allergy(world: World) -> tuple[Client, Form]:
    """The form of an allergy, filled in by Amina."""
    client = world.client("amina")
    path = reverse("patients:allergy_add", args=[world.cast.amina.pk])
    return client, forms(client.get(path).content, path)[0]


@pytest.mark.security("T06", "T07", "T09", "L01", "L03", "L14")
def test_a_form_that_asks_for_nothing_more_takes_nothing_more(world: World):
    assert compared(world, *allergy(world)) == []


class PatientFromTheBody:
    """The patient is whoever the request says (OpenEMR, CVE-2026-25147)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        said = request.POST.get("patient_id", kwargs["patient_id"])
        kwargs["patient_id"] = uuid.UUID(str(said))


@pytest.mark.security("T06", "L01")
def test_a_patient_taken_from_the_body_is_found(world: World, settings):
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        f"{__name__}.{PatientFromTheBody.__name__}",
    ]
    assert compared(world, *allergy(world))


@pytest.mark.security("T07", "T09", "L03", "L14")
@pytest.mark.parametrize("column", ["id", "patient_id", "author_id", "labels"])
def test_a_column_taken_from_the_body_is_found(world: World, column):
    """A form that fills in whatever was posted (CVE-2026-25744)."""
    client, form = allergy(world)
    value = smuggling.extras(world, form)[column]
    sent = []

    def assign(sender, instance, **kwargs):
        # The plain form comes first; the second one posts the column.
        sent.append(instance)
        if len(sent) > 1:
            field = AllergyIntolerance._meta.get_field(column.removesuffix("_id"))
            setattr(instance, field.attname, field.to_python(value))

    pre_save.connect(assign, sender=AllergyIntolerance)
    try:
        known = smuggling.ids(world)
        plain = smuggling.send(client, form, known)
        try:
            hostile = smuggling.send(client, form, known, {column: value})
        except IntegrityError:
            return  # the database would not have it: as loud as can be
    finally:
        pre_save.disconnect(assign, sender=AllergyIntolerance)
    assert differences(plain, hostile)
