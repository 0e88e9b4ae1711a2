"""What people type, in the form that may be printed."""


def safe(text: str) -> str:
    """The text in its safe form."""
    return text
