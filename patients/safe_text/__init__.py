"""Medicine text that cannot be misread."""

from patients.safe_text.rewrite import safe

__all__ = ["safe"]
