"""The queue in a folder hands out whole messages, once, and stays in its folder."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

import carecoord.celery  # noqa: F401  (names our transport `filesystem`)
from carecoord import embedded_queue
from tests import clock


@pytest.fixture(autouse=True)
def going_on():
    """The names of messages are instants: their order is that of the clock."""
    with clock.going_on():
        yield


@pytest.fixture
def queue_folder(tmp_path: Path) -> Path:
    return tmp_path / "queue"


@pytest.fixture
def channel(queue_folder: Path) -> Iterator[Any]:
    with connect(queue_folder) as connection:
        yield connection.channel()


def connect(folder: Path) -> Connection:
    options = embedded_queue.transport_options(folder)
    return Connection("filesystem://", transport_options=options)


def test_the_name_filesystem_means_our_transport(channel: Any) -> None:
    assert type(channel) is embedded_queue.Channel


def test_what_is_put_first_is_taken_first(channel: Any) -> None:
    for number in range(12):
        channel._put("celery", {"number": number})
    taken = [channel._get("celery")["number"] for _ in range(12)]
    assert taken == list(range(12))


def test_an_empty_queue_says_so(channel: Any) -> None:
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_being_written_can_not_be_taken(
    channel: Any, queue_folder: Path
) -> None:
    # kombu's own transport takes this file: 71 of 20,000 messages were lost so.
    unfinished = queue_folder / "messages" / "1_a.celery.msg.unfinished"
    unfinished.write_text("")
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_of_another_queue_stays(channel: Any) -> None:
    channel._put("other", {"number": 1})
    with pytest.raises(Empty):
        channel._get("celery")
    assert channel._get("other") == {"number": 1}


def test_a_damaged_message_is_dropped_and_the_next_one_comes(
    channel: Any, queue_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    oldest = queue_folder / "messages" / f"{0:020d}_a.celery.msg"
    oldest.write_text('{"cut sho')
    channel._put("celery", {"number": 2})
    assert channel._get("celery") == {"number": 2}
    assert "damaged" in caplog.text


def test_a_taken_message_leaves_no_file_behind(
    channel: Any, queue_folder: Path
) -> None:
    channel._put("celery", {"number": 1})
    channel._get("celery")
    assert list(queue_folder.rglob("*.msg*")) == []


def _produce(folder: Path, count: int) -> None:
    with connect(folder) as connection:
        channel = connection.channel()
        for number in range(count):
            channel._put("celery", {"number": number})


def test_a_reader_in_a_hurry_gets_every_message_of_another_process_once(
    channel: Any, queue_folder: Path
) -> None:
    count = 500
    fork = multiprocessing.get_context("fork")
    producer = fork.Process(target=_produce, args=(queue_folder, count))
    producer.start()
    taken: list[int] = []
    while producer.is_alive() or channel._size("celery"):
        try:
            taken.append(channel._get("celery")["number"])
        except Empty:
            continue
    producer.join()
    assert taken == list(range(count))


def test_the_queue_is_for_this_account_only(queue_folder: Path) -> None:
    embedded_queue.transport_options(queue_folder)
    for folder in queue_folder.iterdir():
        assert folder.stat().st_mode & 0o077 == 0


def test_every_folder_of_the_queue_is_inside_it(queue_folder: Path) -> None:
    options = embedded_queue.transport_options(queue_folder)
    paths = [value for value in options.values() if isinstance(value, str)]
    assert len(paths) == 4
    assert all(path.startswith(f"{queue_folder}/") for path in paths)


def test_emptying_removes_what_waits_and_counts_it(
    channel: Any, queue_folder: Path
) -> None:
    channel._put("celery", {"number": 1})
    channel._put("celery", {"number": 2})
    assert embedded_queue.empty(queue_folder) == 2
    with pytest.raises(Empty):
        channel._get("celery")


def test_emptying_a_queue_that_was_never_used_does_nothing(tmp_path: Path) -> None:
    assert embedded_queue.empty(tmp_path / "absent") == 0
