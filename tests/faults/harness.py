"""Processes that use the database of the running test, and die when told to."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from carecoord.clock import database_now
from carecoord.models import OutgoingMail, User
from consents import actions as consents
from messaging import waiting
from messaging.sweeping import Sweep
from patients.models import TimelineEvent
from providers import actions as providers
from tests import running
from tests.cast import permit

# A quick version runs in `make test`, the long one behind `make test-faults`.
QUICK, LONG = 6, 40


def database_url() -> str:
    """The address of the database of this test run. PostgreSQL only."""
    found = connection.settings_dict
    return (
        f"postgresql://{found['USER']}:{quote(found['PASSWORD'])}@{found['HOST']}:"
        f"{found['PORT']}/{found['NAME']}"
    )


def environment(folder: Path, *, broker: str, smtp: str = "smtp://127.0.0.1:1"):
    """As in production, on the test's database."""
    env = running.production(folder, database=database_url(), broker=broker)
    return env | {"EMAIL_URL": smtp, "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1"}


def program(code: str) -> list[str]:
    """A Python program that has the product ready."""
    start = "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = "
    start += "'carecoord.settings'; django.setup()\n"
    return [sys.executable, "-c", start + textwrap.dedent(code)]


def run(code: str, *, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a program to whatever end it comes to."""
    return subprocess.run(
        program(code),
        env=env,
        cwd=running.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def clinicians(cast, number: int) -> list[tuple]:
    """So many clinicians on Amina's team, each with a consent: (party, consent)."""
    found = []
    for index in range(number):
        user = User.objects.create_user(
            f"reader{index}@cast.example", "x", name=f"Reader {index}"
        )
        party = providers.add_practitioner(
            name=f"Reader {index}", profession="therapist", user=user
        ).party
        consents.join(
            patient=cast.amina,
            party=party,
            role="therapist",
            by=cast.amina.user,
            at=cast.at,
        )
        found.append((party, permit(cast.amina, party, at=cast.at)))
    return found


def a_minute_passes() -> None:
    """What was claimed or put off is due again."""
    OutgoingMail.objects.filter(sent_at=None).update(
        next_attempt_at=OutgoingMail.objects.earliest("created_at").created_at
        - timedelta(days=1)
    )


def worker(broker_env: dict[str, str], *, threads: int = 2) -> list[str]:
    """The command line of a real worker, as docker-compose.yml starts it."""
    celery = Path(sys.executable).parent / "celery"
    assert os.access(celery, os.X_OK)
    return [
        *(str(celery), "--app", "carecoord", "worker", "--pool", "prefork"),
        *("--concurrency", str(threads), "--loglevel", "INFO"),
    ]


def beat() -> list[str]:
    celery = Path(sys.executable).parent / "celery"
    return [
        *(str(celery), "--app", "carecoord", "beat", "--pidfile="),
        *("--loglevel", "INFO"),
    ]


def sweep_until_done(*, seconds: float = 60) -> None:
    """Sweeps as often as it takes: one pass has its limits of time."""
    running.wait_until(_swept, seconds=seconds, says=lambda: "something is still due")


def _swept() -> bool:
    Sweep().run()
    events = TimelineEvent.objects.filter(fanned_out_at=None, cancelled_at=None)
    return not events.exists() and not waiting.mails(database_now()).exists()
