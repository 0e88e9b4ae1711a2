"""A model that exists for a moment, to prove that a sweep finds what it should."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import models


@contextmanager
def scratch(
    *, base: type[models.Model] = models.Model, meta: dict | None = None, **attributes
) -> Iterator[type[models.Model]]:
    """A new model in the patients app, without a table; gone afterwards."""
    options = type("Meta", (), {"app_label": "patients", **(meta or {})})
    members = {"__module__": "patients.models", "Meta": options, **attributes}
    try:
        yield type("Scratch", (base,), members)
    finally:
        apps.all_models["patients"].pop("scratch", None)
        apps.clear_cache()
