"""What a file proposes, beside what the record holds. Nothing here is saved."""

from patients.proposals.comparing import (
    compare_again,
    line_to_change,
    line_to_stop,
)
from patients.proposals.content import decode, encode
from patients.proposals.kinds import Kind
from patients.proposals.making import Row, holds_something, rows_of
from patients.proposals.standing import Listed, Standing

__all__ = [
    "Kind",
    "Listed",
    "Row",
    "Standing",
    "compare_again",
    "decode",
    "encode",
    "holds_something",
    "line_to_change",
    "line_to_stop",
    "rows_of",
]
