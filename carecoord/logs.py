"""What a line of the log may hold: ids, and never a link that opens something."""

import logging
import re

# The parts after these words are secrets: an invitation, a password reset, the
# address to confirm.
SECRET_AFTER = re.compile(r"(/link/|/key/|/confirm-email/)[^/\s]+")


def without_secrets(text: str) -> str:
    """The text with each such part left out."""
    return SECRET_AFTER.sub(r"\1...", text)


class NoSecrets(logging.Filter):
    """Django itself logs the path of what it refuses: 403, 404, 405, 500."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), None
        return True
