"""`python -m carecoord.healthcheck`: exit code 0 when the local web process answers.

With `ready` it says what `/readyz` says on this machine, and 0 when it is ready.
"""

import hashlib
import hmac
import http.client
import os
import sys
from pathlib import Path

# What whoever may read the secrets of this deployment shows to /readyz.
KEY_HEADER = "X-Readyz-Key"
BASE_DIR = Path(__file__).resolve().parent.parent


def key_of(secret: str) -> str:
    """Tells nothing of the secret itself."""
    return hmac.new(secret.encode(), b"readyz", hashlib.sha256).hexdigest()


def secret() -> str:
    """The SECRET_KEY of the web process, as settings.py finds it; empty if unknown."""
    folder = os.environ.get("CARECOORD_DATA_DIR") or BASE_DIR / "data"
    try:
        kept = (Path(folder) / "secret_key").read_text().strip()
    except OSError:
        kept = ""
    return os.environ.get("SECRET_KEY", "").strip() or kept


def answers(port: int, *, host: str = "localhost") -> bool:
    """Whether a carecoord on this machine, asked as `host`, says that it is alive."""
    return asked("/healthz", port, host=host)[0]


def asked(path: str, port: int, *, host: str, key: str = "") -> tuple[bool, str]:
    """Whether it said yes, and its words; no words where nothing answers."""
    headers = {"Host": host} | ({KEY_HEADER: key} if key else {})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status == 200, answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return False, ""
    finally:
        connection.close()


def main() -> int:
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    port = int(os.environ.get("PORT") or 8000)
    host = host or "localhost"
    if sys.argv[1:] == ["ready"]:
        key = key_of(secret()) if secret() else ""
        is_ready, said = asked("/readyz", port, host=host, key=key)
        print(said)
        return 0 if is_ready else 1
    return 0 if answers(port, host=host) else 1


if __name__ == "__main__":
    sys.exit(main())
