"""Medicine text that cannot be misread: a check, and a careful rewriting."""

from patients.safe_text.lint import Finding, problems
from patients.safe_text.rewrite import ALWAYS_FIXED, safe

__all__ = ["ALWAYS_FIXED", "Finding", "problems", "safe"]
