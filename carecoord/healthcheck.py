"""`python -m carecoord.healthcheck`: exit code 0 when the local web process answers."""

import http.client
import os
import sys


def answers(port: int, *, host: str = "localhost") -> bool:
    """Whether a carecoord on this machine, asked as `host`, says that it is alive."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    port = int(os.environ.get("PORT") or 8000)
    return 0 if answers(port, host=host or "localhost") else 1


if __name__ == "__main__":
    sys.exit(main())
