"""The address that open tabs ask. It opens no patient and sends no text."""

from django.urls import path

from consents.entrances import Entrance
from consents.views import still

urlpatterns = [path("still/", still.still, name="still")]

ENTRANCES = {"consents:still": Entrance({})}
