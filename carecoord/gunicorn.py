"""gunicorn's settings: `gunicorn --config python:carecoord.gunicorn …`.

Options on the command line win over these (`--bind 127.0.0.1:8000` behind a proxy on
the same machine). The number of processes is WEB_CONCURRENCY.
"""

import os
import signal
from pathlib import Path
from typing import Any

from carecoord.processes import die_with_parent

EMBEDDED = not os.environ.get("DATABASE_URL")

# Without DATABASE_URL this is a demo or a trial on one machine: nobody else may
# reach it. In production a proxy with TLS stands in front.
host = "127.0.0.1" if EMBEDDED else "0.0.0.0"
bind = f"{host}:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 10
keepalive = 5
# The heartbeat file must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
# Addresses with their query strings do not belong in a log; the application writes
# one line of ids for each request itself.
accesslog = None
errorlog = "-"
control_socket_disable = True
proc_name = "carecoord-web"


def post_fork(server: Any, worker: Any) -> None:
    """A worker never outlives its master, however the master ends."""
    die_with_parent(signal.SIGKILL, parent=worker.ppid)


def post_worker_init(worker: Any) -> None:
    """Pay for slow imports now, not in the first person's first request.

    Measured: the first request took 1.6 s without this. `--preload` would not help,
    because it does not import the URLconf either.
    """
    from django.urls import get_resolver

    # Touching the attribute imports every view of every app.
    _ = get_resolver().url_patterns
    warm_printing(worker)


def warm_printing(worker: Any) -> None:
    """Load Pango and the fonts by drawing one short page."""
    # A page can be shown without a printer: a missing library must not stop the web.
    try:
        from carecoord import pdf

        pdf.warm()
    except OSError:
        worker.log.warning("PDFs can't be made: a Pango library is missing.")
    except Exception:
        worker.log.exception("The PDF printer could not be warmed.")
