"""What a line of the log may hold: ids, and never a link that opens something."""

import logging
import re
import time
import traceback
from copy import copy

import structlog

# The parts after these words are secrets: an invitation, a password reset, the
# address to confirm, a child's own sign-in.
SECRET_AFTER = re.compile(r"(/link/|/key/|/confirm-email/|/own-sign-in/)[^/\s]+")


def without_secrets(text: str) -> str:
    """The text with each such part left out."""
    return SECRET_AFTER.sub(r"\1...", text)


def where_it_failed(error: BaseException) -> str:
    """The kind of each error and the lines of code, the first cause first.

    Never what an error says: a database quotes the whole row that it refuses.
    """
    chain: list[BaseException] = []
    each: BaseException | None = error
    while each and each not in chain:
        chain.insert(0, each)
        each = each.__cause__ or each.__context__
    return "; ".join(_kind_and_lines(each) for each in chain)


def without_words(text: str, error: BaseException) -> str:
    """The text, with the kind of the error wherever the error is quoted in it."""
    for said in filter(None, (repr(error), str(error))):
        text = text.replace(said, type(error).__name__)
    return text


def _kind_and_lines(error: BaseException) -> str:
    frames = [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return " < ".join([type(error).__name__, *reversed(frames)])


def one_line_each() -> None:
    """Each event is one line of JSON, with its time in UTC (ASVS V16.2.2, V16.4.1).

    JSON writes control characters as escapes, so a name or a header with a line end
    or a colour code in it can't look like another line.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(
                lambda found: where_it_failed(found[1])
            ),
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
    )


class OneLine(logging.Formatter):
    """The same for what Django and its parts log: escaped, with its time in UTC."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        plain = copy(record)
        plain.exc_info = plain.exc_text = plain.stack_info = None
        if error:
            # Celery writes what an error says into the sentence itself.
            plain.msg, plain.args = without_words(record.getMessage(), error), None
        line = super().format(plain)
        return f"{line} {where_it_failed(error)}" if error else line

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        line = super().formatMessage(record)
        return "".join(map(_visible, line))


def _visible(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


class NoSecrets(logging.Filter):
    """Django itself logs the path of what it refuses: 403, 404, 405, 500."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), None
        return True
