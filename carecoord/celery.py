"""The Celery application. Its settings are the CELERY_ names in carecoord.settings."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carecoord.settings")

# kombu's own filesystem transport lets a reader take a half-written message
# (docs/adr/0002-embedded-queue.md), so that name means ours here.
TRANSPORT_ALIASES["filesystem"] = "carecoord.embedded_queue:Transport"

app = Celery("carecoord")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
