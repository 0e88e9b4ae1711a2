"""The project package: settings, the web shell, people, the queue."""

from carecoord.celery import app as celery_app

__all__ = ["celery_app"]
