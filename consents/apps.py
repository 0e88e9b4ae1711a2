from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConsentsConfig(AppConfig):
    name = "consents"

    def ready(self) -> None:
        post_migrate.connect(put_walls_up, sender=self)


def put_walls_up(**kwargs: object) -> None:
    """After every migrate, since remaking a table on SQLite drops its triggers."""
    from django.db import connection

    from consents import walls

    if "consents_disclosure" in connection.introspection.table_names():
        walls.install()
