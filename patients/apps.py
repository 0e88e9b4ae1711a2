from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PatientsConfig(AppConfig):
    name = "patients"

    def ready(self) -> None:
        from consents import following
        from patients import single_items
        from patients.actions.named_results import take_along

        single_items.hand_in()
        following.register(take_along)
        post_migrate.connect(recount_ages, sender=self)


def recount_ages(**kwargs: object) -> None:
    """After every migrate: a deployment may have edited the ages of its states."""
    from django.db import connection

    from consents.representing import own_field
    from patients.models import Patient

    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if Patient._meta.db_table not in tables:
            return
        described = connection.introspection.get_table_description(
            cursor, Patient._meta.db_table
        )
    # A migration backwards may have left the tables of an earlier release.
    if own_field("hiv") in {each.name for each in described}:
        Patient.objects.recount_ages()
