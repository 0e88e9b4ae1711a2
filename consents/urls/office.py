"""Addresses of the privacy officer."""

from django.urls import path

from consents.entrances import NO_CONTENT, Entrance
from consents.views import office

BASE = "privacy/"

urlpatterns = [
    path(BASE, office.index, name="privacy"),
]

ENTRANCES = {
    f"consents:{pattern.name}": Entrance(NO_CONTENT) for pattern in urlpatterns
}
