"""Triggers that make the log append-only and what was signed immutable.

Reinstalled after every migrate: on SQLite a table that is remade loses its triggers
in silence. /readyz and a test check that they stand.
"""

from django.apps import apps
from django.db import connection

APPEND_ONLY = (
    "consents_disclosure",
    "consents_accessrefusal",
    # Who may disclose is part of what was signed.
    "consents_consentdiscloser",
    # Which page a code opens and how often; who came with it: the log points there for
    # the name; and what they wrote back.
    "consents_guestcode",
    "consents_guestvisit",
    "consents_guestnote",
    # What was found, and every signed step of an exceptional case.
    "consents_emergencyreview",
    "consents_harmevaluation",
    "consents_caseconsultation",
    "consents_casereasons",
    "consents_caserecipient",
    "consents_caseitem",
    "consents_patienttold",
    "consents_tellingwait",
    "consents_waitreview",
)
CONSENT = "consents_consent"
REVOKED = ("revoked_at", "revoked_by_id", "revoked_how", "revoked_why")
# Signed rows of which only the end is written, once: table -> its columns.
ENDED_ONCE = {
    CONSENT: REVOKED,
    # Whom "only me" leaves in, from when until when.
    "consents_itemexemption": ("lifted_at", "lifted_by_id"),
    "consents_emergencyaccess": ("ended_at", "ended_by_id"),
    "consents_emergencychoice": ("replaced_at", "replaced_by_id"),
    "consents_emergencyblock": ("lifted_at", "lifted_by_id", "lifted_why"),
    "consents_exceptionalcase": ("closed_at", "closed_by_id", "closed_why"),
    "consents_aftercaretask": ("done_at", "done_by_id"),
    "consents_casecontent": ("withdrawn_at", "withdrawn_by_id", "withdrawn_why"),
    # What is kept back, from when until when.
    "consents_itemdeny": ("lifted_at", "lifted_by_id"),
}
# Marks that are taken off before the end, and never put on: table -> its columns.
TAKEN_OFF = {
    # It waited for the patient's word; the patient said "only me".
    "consents_itemdeny": ("waits",),
}
MESSAGE = "this table is only ever added to"


def install() -> None:
    """Puts every wall up. Safe to run again."""
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def remove() -> None:
    """Takes the walls down. For flush of a test database only."""
    with connection.cursor() as cursor:
        for table, name in expected():
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def expected() -> list[tuple[str, str]]:
    """(table, trigger) for each wall that must stand on this engine."""
    walls = []
    for table in (*APPEND_ONLY, *ENDED_ONCE):
        walls += [(table, f"{table}_no_update"), (table, f"{table}_no_delete")]
        if connection.vendor == "postgresql":
            walls.append((table, f"{table}_no_truncate"))
    return walls


def missing() -> list[str]:
    """The walls that should stand and do not."""
    return [name for _, name in expected() if name not in _standing()]


def _standing() -> set[str]:
    """By name, and working: one that was switched off or emptied stops nobody."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
                "AND tgenabled <> 'D'"
            )
            return {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ours = set(_sqlite())
        return {name for name, sql in cursor.fetchall() if sql in ours}


def _statements() -> list[str]:
    return _postgresql() if connection.vendor == "postgresql" else _sqlite()


def _sqlite() -> list[str]:
    statements = [f"DROP TRIGGER IF EXISTS {name}" for _, name in expected()]
    for table in (*APPEND_ONLY, *ENDED_ONCE):
        statements.append(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    for table in APPEND_ONLY:
        statements.append(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    for table, ended in ENDED_ONCE.items():
        frozen = _frozen(table, differs="IS NOT")
        statements.append(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"WHEN OLD.{ended[0]} IS NOT NULL OR {frozen} "
            "BEGIN SELECT RAISE(ABORT, 'what was signed is never changed'); END"
        )
    return statements


def _postgresql() -> list[str]:
    statements = [
        "CREATE OR REPLACE FUNCTION consents_refuse() RETURNS trigger AS $$ "
        f"BEGIN RAISE EXCEPTION '{MESSAGE}' "
        "USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$ LANGUAGE plpgsql"
    ]
    for table, name in expected():
        statements.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
    for table in (*APPEND_ONLY, *ENDED_ONCE):
        statements += [
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION consents_refuse()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION consents_refuse()",
        ]
    for table in APPEND_ONLY:
        statements.append(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION consents_refuse()"
        )
    for table, ended in ENDED_ONCE.items():
        frozen = _frozen(table, differs="IS DISTINCT FROM")
        statements.append(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"FOR EACH ROW WHEN (OLD.{ended[0]} IS NOT NULL OR {frozen}) "
            "EXECUTE FUNCTION consents_refuse()"
        )
    return statements


def _frozen(table: str, *, differs: str) -> str:
    """When a change of a row is more than its end, in the words of one engine."""
    changed = [
        f"NEW.{column} {differs} OLD.{column}" for column in _frozen_columns(table)
    ]
    put_on = [
        f"(NEW.{column} AND NOT OLD.{column})" for column in TAKEN_OFF.get(table, ())
    ]
    return " OR ".join([*changed, *put_on])


def _frozen_columns(table: str) -> list[str]:
    """The columns of a signed table that never change."""
    model = apps.get_model("consents", table.removeprefix("consents_"))
    change = (*ENDED_ONCE[table], *TAKEN_OFF.get(table, ()))
    return [
        field.column
        for field in model._meta.concrete_fields
        if field.column not in change
    ]
