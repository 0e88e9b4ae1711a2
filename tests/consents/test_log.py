"""The log's chain: each way to tamper with it is found (SECURITY T73)."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from consents import log, walls
from consents.log import Entry
from consents.models import Disclosure, DisclosureHead

TABLE = Disclosure._meta.db_table


@pytest.fixture(autouse=True)
def anchor_file(settings, tmp_path):
    settings.ANCHOR_FILE = str(tmp_path / "heads.anchor")
    return tmp_path / "heads.anchor"


@pytest.fixture
def chain(cast):
    """Ten looks at Amina and three at Gus, properly written."""
    for number in range(10):
        log.write([entry(cast, cast.amina, number)])
    for number in range(3):
        log.write([entry(cast, cast.gus, number)])
    return cast


def entry(cast, patient, number: int) -> Entry:
    return Entry(
        patient_id=patient.pk,
        at=cast.at + timedelta(minutes=number),
        user_id=cast.user("bram").pk,
        recipient_id=cast.bram.pk,
        relation="clinician",
        purpose="TREAT",
        channel="web",
        entrance="patients:chart",
        basis="consent",
        epoch=1,
        items=[["patients.condition", str(uuid.uuid4()), 1]],
        categories=8,
    )


@pytest.fixture
def lowered(chain):
    """The triggers taken down, as only the owner of the database could."""
    walls.remove()
    yield chain
    walls.install()


def raw(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def row(patient, seq: int) -> Disclosure:
    return Disclosure.objects.get(patient=patient, seq=seq)


def key(value: uuid.UUID) -> str:
    """An id as this engine stores it."""
    return str(value) if connection.vendor == "postgresql" else value.hex


def first_fault(cast, anchors=None):
    faults = list(log.verify([cast.amina.pk], anchors=anchors))
    assert len(faults) == 1
    return faults[0].seq, faults[0].sentence


@pytest.mark.security("T73")
def test_a_chain_as_written_has_no_fault(chain):
    assert list(log.verify()) == []
    assert DisclosureHead.objects.get(patient=chain.amina).seq == 10


@pytest.mark.security("T73")
def test_an_edited_row_is_found(lowered):
    target = row(lowered.amina, 4)
    raw(f"UPDATE {TABLE} SET purpose = 'COC' WHERE id = %s", key(target.pk))
    assert first_fault(lowered) == (4, "the row was changed")


def test_a_row_edited_with_a_new_hash_is_found_at_the_next(lowered):
    target = row(lowered.amina, 4)
    target.categories = 16
    raw(
        f"UPDATE {TABLE} SET categories = 16, hash = %s WHERE id = %s",
        log.row_hash(target),
        key(target.pk),
    )
    assert first_fault(lowered) == (5, "the row does not follow the one before it")


@pytest.mark.security("T73")
def test_a_row_deleted_from_the_middle_is_found(lowered):
    raw(f"DELETE FROM {TABLE} WHERE id = %s", key(row(lowered.amina, 4).pk))
    assert first_fault(lowered) == (5, "row 4 is missing or out of order")


@pytest.mark.security("T73")
def test_a_tail_that_was_cut_is_found(lowered):
    for seq in (9, 10):
        raw(f"DELETE FROM {TABLE} WHERE id = %s", key(row(lowered.amina, seq).pk))
    assert first_fault(lowered) == (9, "rows are missing at the end")


@pytest.mark.security("T73")
def test_rows_put_in_another_order_are_found(lowered):
    third, fourth = row(lowered.amina, 3), row(lowered.amina, 4)
    update = f"UPDATE {TABLE} SET seq = %s WHERE id = %s"
    raw(update, 999, key(third.pk))
    raw(update, 3, key(fourth.pk))
    raw(update, 4, key(third.pk))
    assert first_fault(lowered)[0] == 3


@pytest.mark.security("T73")
def test_a_row_put_in_between_is_found(lowered):
    update = f"UPDATE {TABLE} SET seq = seq + 1 WHERE id = %s"
    for seq in range(10, 4, -1):
        raw(update, key(row(lowered.amina, seq).pk))
    before = row(lowered.amina, 4)
    forged = Disclosure(
        seq=5, previous_hash=before.hash, **vars(entry(lowered, lowered.amina, 7))
    )
    forged.hash = log.row_hash(forged)
    forged.save(force_insert=True)
    assert first_fault(lowered) == (6, "the row does not follow the one before it")


@pytest.mark.security("T73")
def test_rows_swapped_between_patients_are_found(lowered):
    hers, his = row(lowered.amina, 2), row(lowered.gus, 2)
    update = f"UPDATE {TABLE} SET patient_id = %s, seq = %s WHERE id = %s"
    raw(update, key(lowered.gus.pk), 999, key(hers.pk))
    raw(update, key(lowered.amina.pk), 2, key(his.pk))
    raw(update, key(lowered.gus.pk), 2, key(hers.pk))
    assert first_fault(lowered)[0] == 2
    assert [fault.seq for fault in log.verify([lowered.gus.pk])] == [2]


def test_rows_rolled_back_under_a_head_that_was_not_are_found(lowered):
    """An old copy of the table put back: the head knows better."""
    for seq in range(6, 11):
        raw(f"DELETE FROM {TABLE} WHERE id = %s", key(row(lowered.amina, seq).pk))
    log_head = DisclosureHead.objects.get(patient=lowered.amina)
    assert log_head.seq == 10
    assert first_fault(lowered) == (6, "rows are missing at the end")


def test_a_head_rolled_back_without_its_rows_is_found(lowered):
    DisclosureHead.objects.filter(patient=lowered.amina).update(
        seq=5, hash=row(lowered.amina, 5).hash
    )
    assert first_fault(lowered) == (11, "rows are missing at the end")


@pytest.mark.security("T73")
@pytest.mark.parametrize("days", [-30, 30])
def test_a_head_with_another_time_is_found(chain, days):
    """Found: whatever was read later stood in the log at that time, and all held.

    No trigger guards the head: each row moves it.
    """
    head = DisclosureHead.objects.get(patient=chain.amina)
    moved = head.at + timedelta(days=days)
    DisclosureHead.objects.filter(pk=head.pk).update(at=moved)
    assert first_fault(chain) == (10, "the end of the chain has another time")


@pytest.mark.parametrize(
    "field",
    [f.attname for f in Disclosure._meta.concrete_fields if f.name != "hash"],
)
def test_no_column_is_outside_the_hash(chain, field):
    target = row(chain.amina, 4)
    before = log.row_hash(target)
    value = getattr(target, field)
    if isinstance(value, int):
        value += 1
    elif isinstance(value, list):
        value = [*value, "x"]
    elif isinstance(value, str):
        value += "x"
    elif hasattr(value, "year"):
        value += timedelta(microseconds=1)
    else:
        value = uuid.uuid4()
    setattr(target, field, value)
    assert log.row_hash(target) != before


def test_the_log_holds_no_names(chain):
    kept = json.dumps(list(Disclosure.objects.values()), default=str)
    assert "Amina" not in kept and "Visser" not in kept


def test_the_command_says_which_row(chain, capsys):
    call_command("verify_disclosures")
    assert "2 chains hold." in capsys.readouterr().out
    walls.remove()
    target = key(row(chain.amina, 4).pk)
    raw(f"UPDATE {TABLE} SET purpose = 'COC' WHERE id = %s", target)
    walls.install()
    with pytest.raises(CommandError):
        call_command("verify_disclosures")
    said = capsys.readouterr().err
    assert f"patient {chain.amina.pk}: row 4: the row was changed" in said


def test_the_command_says_which_wall_is_missing(lowered, capsys):
    with pytest.raises(CommandError):
        call_command("verify_disclosures")
    assert "consents_disclosure_no_update is missing" in capsys.readouterr().err
