"""Walls: the log is only added to, a signed consent is never changed."""

import pytest
from django.db import Error, connection, transaction

from consents import actions, log, walls
from consents.models import AccessRefusal, Consent, Disclosure
from consents.models.consent import ImmutableError
from patients.models import Condition
from tests.consents import guests
from tests.consents.test_log import entry, key
from tests.patients import records


@pytest.fixture
def filled(cast):
    log.write([entry(cast, cast.amina, 0)])
    AccessRefusal.objects.create(
        patient_id=cast.amina.pk, user=cast.user("dana"), at=cast.at, entrance="x"
    )
    return cast


def refused(sql: str, *values: object) -> bool:
    """Whether the database itself says no."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except Error:
        return True
    return False


def test_every_wall_stands(db):
    assert walls.missing() == []


@pytest.mark.parametrize("model", [Disclosure, AccessRefusal])
def test_the_database_refuses_to_change_or_delete_the_log(filled, model):
    table = model._meta.db_table
    assert refused(f"UPDATE {table} SET entrance = 'y'")
    assert refused(f"DELETE FROM {table}")
    assert model.objects.count() == 1


def test_the_database_refuses_to_delete_a_consent(filled):
    assert refused(
        "DELETE FROM consents_consent WHERE id = %s", key(filled.amina_to_bram.pk)
    )


FROZEN = [
    field.column
    for field in Consent._meta.concrete_fields
    if field.column not in walls.REVOKED
]
# A value that differs from the cast's, as each engine accepts it.
OTHER = {
    "decision": "'deny'",
    "any_discloser": "false",
    "categories": "1",
    "labels": "31",
    "purposes": "1",
    "items_from": "starts_at",
    "starts_at": "signed_at",
    "ends_at": "'2199-01-01 00:00:00+00'",
    "may_redisclose": "true",
    "epoch": "epoch + 1",
    "signed_at": "starts_at",
}


@pytest.mark.parametrize("column", FROZEN)
def test_no_column_of_a_signed_consent_can_be_changed(filled, column):
    other = OTHER.get(column)
    if other is None:
        field = next(f for f in Consent._meta.concrete_fields if f.column == column)
        is_id = field.get_internal_type() in (
            "UUIDField",
            "ForeignKey",
            "OneToOneField",
        )
        other = f"'{key(filled.gus_to_bram.pk)}'" if is_id else "'x'"
    sql = f"UPDATE consents_consent SET {column} = {other} WHERE id = %s"
    assert refused(sql, key(filled.amina_to_bram.pk))


def test_the_end_of_a_consent_is_written_once(filled):
    sql = (
        "UPDATE consents_consent SET revoked_at = signed_at,"
        " revoked_by_id = signed_by_id, revoked_how = 'stopped' WHERE id = %s"
    )
    assert not refused(sql, key(filled.amina_to_bram.pk))
    undo = (
        "UPDATE consents_consent SET revoked_at = NULL, revoked_by_id = NULL,"
        " revoked_how = '' WHERE id = %s"
    )
    assert refused(undo, key(filled.amina_to_bram.pk))
    assert refused(sql, key(filled.amina_to_bram.pk))


@pytest.fixture
def kept_back(filled):
    """ "Only me" on one condition, and one that waits for Amina's word."""
    only_me, waiting = (
        records.item(Condition, filled.amina, "conditions", filled.at, name=name)
        for name in ("kept", "waiting")
    )
    by = {"by": filled.amina.user, "at": filled.at}
    actions.keep_back(item=only_me, **by)
    actions.let_wait(item=waiting, **by)
    return filled


# What would open an item, or hide that it was kept back, without the patient's act.
QUIETLY = [
    "DELETE FROM consents_itemdeny WHERE NOT waits",
    "UPDATE consents_itemdeny SET lineage = patient_id WHERE NOT waits",
    "UPDATE consents_itemdeny SET party_id = '{bram}' WHERE NOT waits",
    "UPDATE consents_itemdeny SET patient_id = '{gus}' WHERE NOT waits",
    "UPDATE consents_itemdeny SET created_at = '2020-01-01 00:00:00+00'",
    "UPDATE consents_itemdeny SET created_by_id = '{dana}'",
    "UPDATE consents_itemdeny SET waits = true WHERE NOT waits",
]


def quietly(cast) -> list[str]:
    others = {"bram": cast.bram.pk, "gus": cast.gus.pk, "dana": cast.user("dana").pk}
    return [
        sql.format(**{name: key(pk) for name, pk in others.items()}) for sql in QUIETLY
    ]


def test_what_is_kept_back_is_only_lifted_and_once(kept_back):
    assert [sql for sql in quietly(kept_back) if not refused(sql)] == []
    assert not refused("UPDATE consents_itemdeny SET waits = false WHERE waits")
    lift = (
        "UPDATE consents_itemdeny SET lifted_at = created_at,"
        " lifted_by_id = created_by_id"
    )
    assert not refused(lift)
    assert refused(lift)
    assert refused("UPDATE consents_itemdeny SET lifted_at = NULL, lifted_by_id = NULL")


def test_without_its_wall_each_of_them_goes_through(kept_back):
    """The vulnerable twin: nothing but the wall refuses what stands in the list."""
    walls.remove()
    try:
        for sql in reversed(quietly(kept_back)):
            assert not refused(sql), sql
    finally:
        walls.install()


def test_a_code_opens_what_it_was_made_for_and_a_note_stays(filled):
    made = guests.make(filled.amina, at=filled.at, visits=1)
    visit = guests.use(made.code, at=filled.at, birth_date=filled.amina.birth_date)
    actions.write_note(visit=visit, text="x", at=filled.at)
    for sql in (
        "UPDATE consents_guestcode SET most_visits = 99",
        "UPDATE consents_guestcode SET page = 'emergency'",
        "UPDATE consents_guestcode SET code_hash = 'x'",
        "UPDATE consents_guestnote SET at = '2020-01-01 00:00:00+00'",
        "DELETE FROM consents_guestnote",
    ):
        assert refused(sql), sql


@pytest.mark.postgres
@pytest.mark.parametrize(
    "table", ["consents_disclosure", "consents_accessrefusal", "consents_consent"]
)
def test_postgresql_refuses_to_truncate(filled, table):
    assert refused(f"TRUNCATE {table} CASCADE")


def test_the_models_refuse_before_the_database_does(filled):
    for model in (Disclosure, AccessRefusal):
        row = model.objects.get()
        for act in (row.save, row.delete, model.objects.all().delete):
            with pytest.raises(ImmutableError):
                act()
        with pytest.raises(ImmutableError):
            model.objects.update(entrance="y")
    consent = filled.amina_to_bram
    consent.categories = 1
    for act in (consent.save, consent.delete):
        with pytest.raises(ImmutableError):
            act()
    with pytest.raises(ImmutableError):
        consent.save(update_fields=["ends_at"])


def test_a_wall_that_is_missing_is_named(db):
    table, name = walls.expected()[0]
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
    assert walls.missing() == [name]
    walls.install()
    assert walls.missing() == []


@pytest.mark.security("T73")
def test_a_wall_that_stands_in_name_only_is_missing(db):
    """Switched off, or put up again with nothing in it."""
    table, name = "consents_disclosure", "consents_disclosure_no_update"
    emptied = (
        [f"ALTER TABLE {table} DISABLE TRIGGER {name}"]
        if connection.vendor == "postgresql"
        else [
            f"DROP TRIGGER {name}",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END",
        ]
    )
    with connection.cursor() as cursor:
        for statement in emptied:
            cursor.execute(statement)
    assert walls.missing() == [name]
    walls.install()
    assert walls.missing() == []
