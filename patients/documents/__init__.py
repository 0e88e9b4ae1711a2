"""What leaves the screen: the health summary, on paper and as plain text."""

from patients.documents.summary import summary
from patients.documents.text import plain_text

__all__ = ["plain_text", "summary"]
