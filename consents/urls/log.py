"""Addresses of log, and through which entrance who reads for what."""

from consents.entrances import Entrance

urlpatterns: list = []

ENTRANCES: dict[str, Entrance] = {}
