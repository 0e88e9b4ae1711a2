"""What only a file outside the database can know: T73, the whole table rolled back."""

import json
import threading
import uuid
from datetime import timedelta

import pytest
from django.conf import settings as values
from django.core.management import CommandError, call_command
from django.db import transaction

from carecoord import healthcheck
from consents import log, walls
from consents.log import anchor
from consents.models import Disclosure, DisclosureHead
from tests.consents.test_log import TABLE, entry, key, raw, row


@pytest.fixture(autouse=True)
def file(settings, tmp_path):
    settings.ANCHOR_FILE = str(tmp_path / "heads.anchor")
    return tmp_path / "heads.anchor"


@pytest.fixture
def noted(cast):
    """Ten looks at Amina, noted after the fifth and after the tenth; two at Gus."""
    for number in range(5):
        log.write([entry(cast, cast.amina, number)])
    anchor.note(at=cast.at, now=True)
    for number in range(5, 10):
        log.write([entry(cast, cast.amina, number)])
    for number in range(2):
        log.write([entry(cast, cast.gus, number)])
    anchor.note(at=cast.at + timedelta(minutes=11), now=True)
    return cast


@pytest.fixture
def lowered(noted):
    walls.remove()
    yield noted
    walls.install()


def faults(file) -> list[tuple]:
    found = log.verify(anchors=anchor.read(file))
    return [(fault.patient_id, fault.seq, fault.sentence) for fault in found]


def cut(patient, *, after: int) -> None:
    """Takes the table back to an earlier day, heads and all, as its owner could."""
    raw(
        f"DELETE FROM {TABLE} WHERE patient_id = %s AND seq > %s",
        key(patient.pk),
        after,
    )
    end = row(patient, after) if after else None
    DisclosureHead.objects.filter(patient=patient).update(
        seq=after,
        hash=end.hash if end else log.FIRST,
        at=end.at if end else None,
    )


def test_a_log_as_written_agrees_with_the_file(noted, file):
    assert faults(file) == []
    assert len(file.read_text().splitlines()) == 3
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.security("T73")
def test_the_whole_table_rolled_back_is_found_only_by_the_file(lowered, file):
    cut(lowered.amina, after=6)
    assert list(log.verify()) == []
    assert faults(file) == [(lowered.amina.pk, 7, "rows are missing at the end")]


def grown_again(noted, file) -> list[tuple]:
    """Rolled back to row 6, then as many looks as before, noted by the worker too."""
    cut(noted.amina, after=6)
    for number in range(20, 24):
        log.write([entry(noted, noted.amina, number)])
    log.write([entry(noted, noted.gus, 24)])
    assert anchor.note(at=noted.at + timedelta(minutes=30), now=True)
    assert list(log.verify()) == []
    return faults(file)


def _last_note(self, patient_id):
    notes = self._notes.get(patient_id, b"")
    return {seq: value.hex() for seq, value in anchor._NOTE.iter_unpack(notes)}


@pytest.mark.security("T73")
def test_a_table_that_was_rolled_back_and_has_grown_again_is_found(lowered, file):
    """The worker itself notes the new row 10 over the old one."""
    patient, seq, sentence = grown_again(lowered, file)[0]
    assert (patient, seq) == (lowered.amina.pk, 6)
    assert "rows 6 to 10 are not those that were noted" in sentence


def test_the_test_of_that_fails_where_the_last_note_counts(lowered, file, monkeypatch):
    monkeypatch.setattr(anchor.Anchors, "of", _last_note)
    assert grown_again(lowered, file) == []


def test_a_tail_cut_with_its_head_before_any_note_is_found(lowered, file):
    cut(lowered.amina, after=3)
    assert faults(file)[0][:2] == (lowered.amina.pk, 4)


def test_an_emptied_log_is_found(lowered, file):
    for patient in (lowered.amina, lowered.gus):
        cut(patient, after=0)
    assert [fault[1] for fault in faults(file)] == [1, 1]
    DisclosureHead.objects.all().delete()
    assert {fault[1:] for fault in faults(file)} == {(1, "the whole chain is missing")}


def test_a_chain_written_again_from_the_middle_is_found(lowered, file):
    """Every hash is right, and the head too: only the file remembers the old ones."""
    previous = row(lowered.amina, 6).hash
    for seq in range(7, 11):
        target = row(lowered.amina, seq)
        target.purpose, target.previous_hash = "COC", previous
        previous = log.row_hash(target)
        raw(
            f"UPDATE {TABLE} SET purpose = %s, previous_hash = %s, hash = %s "
            "WHERE id = %s",
            "COC",
            target.previous_hash,
            previous,
            key(target.pk),
        )
    DisclosureHead.objects.filter(patient=lowered.amina).update(hash=previous)
    assert list(log.verify()) == []
    patient, seq, sentence = faults(file)[0]
    assert (patient, seq) == (lowered.amina.pk, 6)
    assert "rows 6 to 10 are not those that were noted" in sentence


def test_rows_whose_head_is_gone_are_found(lowered, file):
    DisclosureHead.objects.filter(patient=lowered.gus).delete()
    assert [fault.patient_id for fault in log.verify()] == [lowered.gus.pk]


# The file ---------------------------------------------------------------------------


@pytest.mark.parametrize("line", [0, 1])
def test_a_line_taken_out_of_the_file_is_found(noted, file, line):
    lines = file.read_text().splitlines(keepends=True)
    del lines[line]
    file.write_text("".join(lines))
    with pytest.raises(anchor.AnchorBroken, match=f"line {line + 1} does not follow"):
        anchor.read(file)


@pytest.mark.parametrize("text", ["nonsense\n", "{}\n", '{"patient": 1}\n'])
def test_a_line_that_is_no_note_is_found(noted, file, text):
    file.write_text(file.read_text() + text)
    with pytest.raises(anchor.AnchorBroken, match="line 4 is not a note"):
        anchor.read(file)


def test_the_file_holds_ids_and_hashes_only(noted, file):
    for line in map(json.loads, file.read_text().splitlines()):
        assert set(line) == {"at", "rows", "patient", "seq", "hash", "previous"}
        assert uuid.UUID(line["patient"]) in (noted.amina.pk, noted.gus.pk)
        assert line["at"].endswith("+00:00")


def test_it_is_time_after_ten_minutes_or_a_thousand_rows(cast, monkeypatch):
    log.write([entry(cast, cast.amina, 0)])
    assert anchor.note(at=cast.at) == 1
    log.write([entry(cast, cast.gus, 0)])
    assert anchor.note(at=cast.at) == 0  # in the same second
    assert anchor.note(at=cast.at + timedelta(minutes=10)) == 2
    assert anchor.note(at=cast.at + timedelta(hours=1)) == 0  # nothing was added
    log.write([entry(cast, cast.amina, 20)])
    assert anchor.note(at=cast.at + timedelta(minutes=19)) == 0
    assert anchor.note(at=cast.at + timedelta(minutes=20)) == 1
    monkeypatch.setattr(anchor, "EVERY_ROWS", 2)
    for number in (2, 3):
        log.write([entry(cast, cast.amina, number)])
    assert anchor.note(at=cast.at + timedelta(minutes=21)) == 1


def test_a_page_that_was_late_is_not_left_out(cast, file):
    """It began before the last note and was written after it."""
    log.write([entry(cast, cast.amina, 0)])
    anchor.note(at=cast.at + timedelta(minutes=2))
    log.write([entry(cast, cast.gus, 0)])
    anchor.note(at=cast.at + timedelta(minutes=20))
    assert list(anchor.read(file).patients()) == [cast.amina.pk, cast.gus.pk]


def test_a_clock_that_went_back_notes_every_end(cast, file):
    log.write([entry(cast, cast.amina, 0)])
    anchor.note(at=cast.at + timedelta(days=1))
    log.write([entry(cast, cast.gus, 0)])
    assert anchor.note(at=cast.at) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_turns(cast, file):
    with transaction.atomic():
        log.write([entry(cast, cast.amina, 0)])
    counts = []

    def work():
        from django.db import connection

        counts.append(anchor.note(at=cast.at + timedelta(minutes=1)))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(counts) == [0, 0, 0, 1]
    assert anchor.read(file).of(cast.amina.pk).keys() == {1}


# The commands -----------------------------------------------------------------------


def test_the_commands_note_and_compare(noted, file, capsys, tmp_path):
    call_command("verify_disclosures")
    assert "chains hold" in capsys.readouterr().out
    copy = tmp_path / "elsewhere"
    copy.write_bytes(file.read_bytes())
    log.write([entry(noted, noted.amina, 11)])
    call_command("anchor_disclosures")
    assert "ends noted" in capsys.readouterr().out
    call_command("verify_disclosures", "--anchor", str(copy))


def test_the_command_says_what_the_file_knows(lowered, file, capsys):
    cut(lowered.amina, after=6)
    walls.install()
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_disclosures")
    said = capsys.readouterr().err
    assert f"patient {lowered.amina.pk}: row 7: rows are missing at the end" in said


def test_without_a_file_the_command_says_what_it_cannot_find(cast, file, capsys):
    call_command("verify_disclosures")
    assert "would not be found" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_disclosures", "--anchor", str(file))
    file.write_text("x\n")
    with pytest.raises(CommandError, match="was changed"):
        call_command("verify_disclosures")


def test_beat_asks_the_worker_to_note(noted, settings):
    from carecoord.celery import app
    from consents import tasks

    planned = {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.anchor_log.name in planned
    assert tasks.anchor_log.name in app.tasks
    tasks.anchor_log()


# The form of a row (T74) --------------------------------------------------------------


@pytest.mark.security("T74")
def test_times_never_go_back_along_a_chain(cast):
    log.write([entry(cast, cast.amina, 9)])
    log.write([entry(cast, cast.amina, 0)])
    first, second = Disclosure.objects.order_by("seq")
    assert first.at == second.at
    assert list(log.verify()) == []


def test_a_row_from_before_a_column_existed_keeps_its_hash(cast):
    """The example was hashed when the log had no request and no Part 2 mark."""
    old = Disclosure(
        seq=1,
        previous_hash=log.FIRST,
        **vars(entry(cast, cast.amina, 0))
        | {
            "patient_id": uuid.UUID(int=1),
            "user_id": uuid.UUID(int=2),
            "recipient_id": uuid.UUID(int=3),
            "at": cast.at.replace(2026, 1, 1, 0, 0, 0, 0),
            "items": [["patients.condition", "x", 1]],
        },
    )
    old.id = uuid.UUID(int=4)
    assert log.row_hash(old) == OLD_HASH


OLD_HASH = "626063a385df2ea8dde3c2f75e2850311268971a0c1881cde92fd52b46e46d3e"


def reported(client) -> dict:
    key = healthcheck.key_of(values.SECRET_KEY)
    return client.get("/readyz", headers={healthcheck.KEY_HEADER: key}).json()


def test_readiness_says_how_old_the_last_note_is_and_never_fails_by_it(
    client, noted, file, settings
):
    age = reported(client)["last_anchor_seconds"]
    # The second note of `noted` is 11 minutes after the cast's now.
    assert -700 < age < 0
    line = json.loads(file.read_text().splitlines()[-1])
    line["at"] = (noted.at - timedelta(hours=3)).isoformat()
    file.write_text(json.dumps(line) + "\n")
    assert 3 * 3600 <= reported(client)["last_anchor_seconds"] < 3 * 3600 + 600
    for broken in ("", "no note\n", "{}\n"):
        file.write_text(broken)
        assert reported(client)["last_anchor_seconds"] is None
    settings.ANCHOR_FILE = str(file.parent / "nowhere" / "heads.anchor")
    answer = reported(client)
    assert answer["last_anchor_seconds"] is None and answer["triggers"] is True
