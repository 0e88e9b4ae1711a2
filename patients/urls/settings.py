"""Addresses of a person's own settings. They open no patient."""

from django.urls import path

from consents.entrances import Entrance
from patients.views import settings

urlpatterns = [
    path("settings/", settings.own, name="settings"),
    path("settings/card/", settings.card, name="settings_card"),
]

ENTRANCES: dict[str, Entrance] = {
    f"patients:{pattern.name}": Entrance({}) for pattern in urlpatterns
}
