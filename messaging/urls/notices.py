"""Addresses of notices, and through which entrance who reads for what."""

from django.urls import path

from consents.codes import Channel
from consents.entrances import EVERYONE, EVERYONE_ON_TEAM, Entrance
from messaging.views import notices

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/seen/", notices.notices_seen, name="notices_seen"),
]

ENTRANCES: dict[str, Entrance] = {
    "messaging:notices": Entrance(EVERYONE, channel=Channel.NOTICE),
    "messaging:notices_seen": Entrance(EVERYONE_ON_TEAM),
}
