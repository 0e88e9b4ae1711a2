"""docker-compose.yml publishes the web port only, and runs what is documented."""

import http.client
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from tests import running, services

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")
VARIABLE = re.compile(r"\$\{(\w+)(:[?-])?([^}]*)\}")
# What may have a default: an address and a number, nothing that protects anything.
MAY_HAVE_DEFAULT = {"WEB_ADDRESS": "127.0.0.1:8000", "WEB_CONCURRENCY": "2"}
COMMANDS = {name: SERVICES[name]["command"] for name in OURS}


def real_services(test: Any) -> Any:
    """Mark `test` as one that needs everything at once."""
    for name in ("redis", "postgres", "processes"):
        test = getattr(pytest.mark, name)(test)
    return test


def test_production_has_its_parts() -> None:
    assert set(SERVICES) == {*OURS, "database", "redis"}


@pytest.mark.security("T83", "L21")
def test_only_the_web_port_is_published_and_only_to_this_machine() -> None:
    published = {name: s["ports"] for name, s in SERVICES.items() if "ports" in s}
    assert published == {"web": ["${WEB_ADDRESS:-127.0.0.1:8000}:8000"]}
    assert not any(s.get("network_mode") for s in SERVICES.values())


@pytest.mark.security("L21")
def test_database_and_redis_reach_nobody_outside() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("database", "redis", "beat", "migrate"):
        assert SERVICES[name]["networks"] == ["inside"]


@pytest.mark.security("T83", "L21")
def test_no_value_that_protects_something_has_a_default() -> None:
    variables = VARIABLE.findall(TEXT)
    assert len(variables) > 8
    for name, how, rest in variables:
        if name in MAY_HAVE_DEFAULT:
            assert (how, rest) == (":-", MAY_HAVE_DEFAULT[name])
        else:
            assert how == ":?", f"{name} is not required"
            assert rest == f"Set {name} in .env"


def test_no_secret_is_written_down() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|AUTH$|URL", name):
                assert "${" in value, f"{name} is written in the file"


@pytest.mark.security("L21")
def test_database_and_redis_ask_for_a_password() -> None:
    assert (
        "scram-sha-256" in SERVICES["database"]["environment"]["POSTGRES_INITDB_ARGS"]
    )
    assert "--requirepass" in SERVICES["redis"]["command"]
    assert ":${REDIS_PASSWORD" in SERVICES["web"]["environment"]["CELERY_BROKER_URL"]
    assert ":${POSTGRES_PASSWORD" in SERVICES["web"]["environment"]["DATABASE_URL"]


def test_nothing_starts_before_the_migrations_are_done() -> None:
    for name in ("web", "worker", "beat"):
        migrate = SERVICES[name]["depends_on"]["migrate"]
        assert migrate == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["restart"] == "no"
    database = SERVICES["migrate"]["depends_on"]["database"]
    assert database == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["web", "worker", "database", "redis"])
def test_health_is_asked_for(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


def test_beat_never_runs_inside_the_worker() -> None:
    assert " -B" not in COMMANDS["worker"]
    assert "--beat" not in COMMANDS["worker"]


def test_the_commands_are_those_that_operations_documents() -> None:
    documented = (ROOT / "docs/operations.md").read_text()
    for command in COMMANDS.values():
        assert re.search(rf"^    {re.escape(command)}$", documented, re.MULTILINE)


def test_every_variable_is_documented() -> None:
    documented = (ROOT / "docs/operations.md").read_text()
    for name, _, _ in VARIABLE.findall(TEXT):
        assert f"`{name}`" in documented


def test_the_image_runs_without_root_and_starts_the_web() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER carecoord" in lines
    words = re.findall(r'"([^"]+)"', next(x for x in lines if x.startswith("CMD")))
    assert " ".join(words) == COMMANDS["web"]


def test_the_image_holds_no_secret_and_no_data() -> None:
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in allowed
    for name in (".env", "data", ".git", "tests"):
        assert f"!{name}" not in allowed


# --- The same commands, against real services --------------------------------------


@pytest.fixture(scope="module")
def production(
    postgres_server: services.PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    """Web, worker and beat as documented, on a real PostgreSQL and a real Redis."""
    folder = tmp_path_factory.mktemp("production")
    with services.RedisServer() as redis:
        env = running.production(
            folder / "data", database=postgres_server.url, broker=redis.url
        )
        running.run("python manage.py collectstatic --noinput", env=env)
        running.run(COMMANDS["migrate"], env=env)
        with running.Running(folder, env) as parts:
            for name in ("web", "worker", "beat"):
                parts.start(name, running.with_python(COMMANDS[name]))
            yield parts


@real_services
def test_the_web_is_alive_and_ready(production: running.Running) -> None:
    def healthy() -> bool:
        said = _python(
            production,
            "from carecoord.healthcheck import main; main() or print('healthy')",
        )
        return said == "healthy"

    running.wait_until(healthy, seconds=60, says=lambda: production.says("web"))
    status, body = _get(production, "/readyz")
    assert (status, "true" in body) == (200, True), body


@real_services
def test_a_sweep_that_beat_asked_for_is_done_by_the_worker(
    production: running.Running,
) -> None:
    production.wait_for("worker", "messaging.tasks.sweep", seconds=90)
    production.wait_for("worker", "succeeded in", seconds=30)
    assert "Traceback" not in production.says("worker")


@real_services
def test_the_worker_answers_its_health_question(production: running.Running) -> None:
    production.wait_for("worker", "ready.", seconds=90)
    said = running.run("celery --app carecoord inspect ping", env=production.env)
    assert "pong" in said


@real_services
def test_a_page_behind_the_proxy_uses_the_gathered_files(
    production: running.Running,
) -> None:
    status, body = _get(production, "/accounts/login/")
    assert status == 200
    sheet = re.search(r'href="(/static/css/[\w.-]+\.[0-9a-f]{12}\.css)"', body)
    assert sheet, body[:2000]
    assert _get(production, sheet.group(1))[0] == 200


@real_services
def test_a_page_asked_for_in_clear_text_is_sent_to_tls(
    production: running.Running,
) -> None:
    status, _ = _get(production, "/accounts/login/", scheme="http")
    assert status == 301


def _python(production: running.Running, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=production.env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def _get(
    production: running.Running, path: str, *, scheme: str = "https"
) -> tuple[int, str]:
    """Status and body, asked for as the proxy in front would."""
    port = int(production.env["PORT"])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Host": "care.example", "X-Forwarded-Proto": scheme}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_the_worker_can_note_the_ends_of_the_log_and_nobody_else_holds_them() -> None:
    """Containers cannot write anywhere else (read_only)."""
    worker = SERVICES["worker"]
    assert worker["volumes"] == ["anchor:/srv/anchor"]
    assert worker["environment"]["CARECOORD_ANCHOR_FILE"].startswith("/srv/anchor/")
    assert "anchor" in COMPOSE["volumes"]
    for name in ("web", "beat", "migrate"):
        assert "volumes" not in SERVICES[name]
    assert "/srv/anchor" in (ROOT / "Dockerfile").read_text()


def test_no_key_stands_twice() -> None:
    """Compose refuses such a file; the parser of these tests would not."""
    lines = [line.split(":")[0] for line in TEXT.split("services:")[0].splitlines()]
    keys = [line.strip() for line in lines if line.strip().isupper()]
    assert len(keys) == len(set(keys))
