"""Addresses of worklist, and through which entrance who reads for what."""

from django.urls import path

from consents.entrances import CLINICIAN_ONLY, Entrance
from messaging.views import worklist

urlpatterns = [path("worklist/", worklist.worklist, name="worklist")]

ENTRANCES: dict[str, Entrance] = {"messaging:worklist": Entrance(CLINICIAN_ONLY)}
