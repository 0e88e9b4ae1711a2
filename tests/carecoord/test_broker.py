"""A dead or silent Redis costs seconds, and says so; it never hangs (T64)."""

from pathlib import Path

import pytest

from tests import running, services

# 2 s for one answer, and room for a busy machine. With kombu's defaults the silent
# broker still blocked after 45 s.
SECONDS = 20
PUBLISH = f"""
import signal, sys
signal.alarm({SECONDS})
from carecoord.celery import app
try:
    app.send_task("messaging.tasks.sweep")
except Exception as error:
    print("refused:", type(error).__name__)
else:
    print("accepted")
"""


def publish(tmp_path: Path, broker: str) -> str:
    """What sending one task to `broker` comes to, in a process of its own."""
    env = running.environment(tmp_path / "data", CELERY_BROKER_URL=broker)
    script = tmp_path / "publish.py"
    script.write_text(PUBLISH)
    return running.run(
        f"python {script}", env={**env, "PYTHONPATH": str(running.ROOT)}
    ).strip()


@pytest.mark.security("T64")
@pytest.mark.processes
def test_a_silent_broker_is_given_up(
    tmp_path: Path, silent_server: services.SilentServer
) -> None:
    assert publish(tmp_path, silent_server.redis_url) == "refused: OperationalError"


@pytest.mark.processes
def test_a_refusing_broker_is_given_up(tmp_path: Path) -> None:
    nobody = f"redis://127.0.0.1:{services.free_port()}/0"
    assert publish(tmp_path, nobody) == "refused: OperationalError"


def test_a_frozen_redis_is_given_up_and_a_thawed_one_works_again(
    tmp_path: Path, redis_server: services.RedisServer
) -> None:
    redis_server.freeze()
    assert publish(tmp_path, redis_server.url) == "refused: OperationalError"
    redis_server.thaw()
    assert publish(tmp_path, redis_server.url) == "accepted"


def test_a_broker_with_another_password_is_no_broker(
    tmp_path: Path, redis_server: services.RedisServer
) -> None:
    wrong = redis_server.url.replace(redis_server.password, "wrong")
    assert publish(tmp_path, wrong).startswith("refused: ")
