"""What leaves the screen: the health summary, on paper and as plain text."""

from patients.documents.sheet import summary
from patients.documents.text import plain_text

__all__ = ["plain_text", "summary"]
