"""A queue in a folder: kombu's filesystem transport, with whole messages only.

kombu writes a message under its final name, so a reader can take it between opening
and writing: 71 of 20,000 messages were lost that way, each with an exception in the
worker. It also parks messages in the shared temporary folder while reading them. Here
a message appears by one rename, is taken by one rename, and stays in the data folder.
Why there is a queue in a folder at all: docs/adr/0002-embedded-queue.md.
"""

import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


def transport_options(folder: Path) -> dict[str, Any]:
    """Broker options that keep the whole queue in `folder`, which is made if missing.

    `polling_interval` is in seconds.
    """
    folders = {
        "data_folder_in": folder / "messages",
        "data_folder_out": folder / "messages",
        "processed_folder": folder / "taken",
        "control_folder": folder / "control",
    }
    for path in set(folders.values()):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = {name: str(path) for name, path in folders.items()}
    return {**paths, "polling_interval": 0.1}


def empty(folder: Path) -> int:
    """Remove waiting messages, say how many there were.

    Nothing is lost: what is still to be done is written in the database, and the
    sweeps of the beat look there. Only safe while no worker and no beat is running.
    """
    waiting = [*folder.glob("messages/*"), *folder.glob("taken/*")]
    for path in waiting:
        path.unlink(missing_ok=True)
    return len(waiting)


class Channel(filesystem.Channel):
    """Publishes and takes a message by renaming it."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        # time_ns: names sort by age, also across a restart of the machine.
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.unfinished"
        try:
            unfinished.write_text(dumps(payload))
            unfinished.rename(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add a message to {folder}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] == f"{queue}.msg":
                payload = self._take(name)
                if payload is not None:
                    return payload
        raise Empty()

    def _take(self, name: str) -> Any | None:
        """The message called `name`, or None if another reader was first."""
        taken = Path(self.processed_folder) / name
        try:
            Path(self.data_folder_in, name).rename(taken)
        except FileNotFoundError:
            return None
        text = taken.read_text()
        taken.unlink()
        try:
            return loads(text)
        except ValueError:
            # Cut short by a power loss. The sweeps will ask for it again.
            logger.warning("A damaged queue message was dropped.")
            return None


class Transport(filesystem.Transport):
    """What `filesystem://` means in this project."""

    Channel = Channel
