"""Reads settings from the environment; refuses nonsense with a sentence."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def folder(name: str, default: Path) -> Path:
    path = Path(text(name) or default).expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def kept_secret(name: str, *, path: Path, embedded: bool, make) -> str:
    """A secret from the environment, or one made once and kept in the data folder.

    Raises ImproperlyConfigured in production when the variable is missing.
    """
    if value := text(name):
        return value
    if not embedded:
        raise ImproperlyConfigured(
            f"{name} is required when DATABASE_URL is set. docs/operations.md says "
            "how to make one."
        )
    if not path.exists():
        _write_once(path, make())
    return path.read_text().strip()


def _write_once(path: Path, value: str) -> None:
    # Two processes may start together: the first to create the file wins.
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(value)


def secret_key() -> str:
    return secrets.token_urlsafe(50)


def field_key() -> str:
    return Fernet.generate_key().decode()


LOCAL_HOSTS = {"", "localhost", "127.0.0.1", "::1"}


# The rule is a long condition that looks costly and is not: PostgreSQL would compile
# it for up to five seconds to save a few milliseconds of running it.
NO_JIT = "-c jit=off"


def database(url: str, *, sqlite_path: Path) -> dict:
    """Django's DATABASES entry for DATABASE_URL, SQLite in the data folder if empty.

    Raises ImproperlyConfigured for another engine, or for PostgreSQL on another host
    without sslmode=verify-full.
    """
    if not url:
        return _sqlite(sqlite_path)
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must start with postgresql://, or be left out for SQLite."
        )
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or parts.hostname or ""
    if not _is_local(host) and query.get("sslmode") != "verify-full":
        if query.get("sslmode") != "disable-on-private-network":
            raise ImproperlyConfigured(
                "DATABASE_URL names another host: add ?sslmode=verify-full, so that "
                "records do not cross a network in clear text."
            )
        query["sslmode"] = "disable"
    options: dict = {
        "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
        "options": NO_JIT,
        **query,
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _is_local(host: str) -> bool:
    return host in LOCAL_HOSTS or host.startswith("/")


def _sqlite(path: Path) -> dict:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
                "PRAGMA foreign_keys=ON;"
            ),
        },
        # A file, not memory: threads of the live server share it.
        "TEST": {"NAME": str(path.with_name("test-carecoord.sqlite3"))},
    }


def email(url: str, *, folder: Path) -> dict[str, object]:
    """SMTP settings for EMAIL_URL (smtp:// or smtps://), or files under `folder`."""
    if not url:
        return {
            "CARECOORD_MAIL_TRANSPORT": (
                "django.core.mail.backends.filebased.EmailBackend"
            ),
            "EMAIL_FILE_PATH": str(folder),
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:pass@host:587")
    return {
        "CARECOORD_MAIL_TRANSPORT": "carecoord.mail.SmtpBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and not _is_local(parts.hostname),
        "EMAIL_TIMEOUT": 10,
    }
