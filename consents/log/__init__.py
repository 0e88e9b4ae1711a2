"""The disclosure log: written last, hash-chained per patient, verifiable.

`writing` adds rows, `proof` walks the chains, `anchor` keeps their ends where the
database cannot reach.
"""

from consents.log.proof import Fault, verify
from consents.log.writing import FIRST, Entry, row_hash, write

__all__ = ["FIRST", "Entry", "Fault", "row_hash", "verify", "write"]
