"""How a database goes about a query: which indexes, and how much it reads."""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import QuerySet

INDEX = re.compile(r"(?:Index(?: Only)? Scan(?: Backward)?|Index) using (\S+)")
SEQUENTIAL = re.compile(r"Seq Scan on (\S+)")
BUFFERS = re.compile(r"Buffers: shared hit=(\d+)(?: read=(\d+))?")
LITE = re.compile(r"(?:SCAN|SEARCH) .*")


def of(queryset: QuerySet) -> list[str]:
    """The facts of the plan, one a line."""
    if connection.vendor == "postgresql":
        return _postgresql(queryset.explain(analyze=True, buffers=True))
    return sorted(set(LITE.findall(queryset.explain())))


def _postgresql(text: str) -> list[str]:
    hit, read = next(iter(BUFFERS.findall(text)), ("0", ""))
    pages = int(hit) + int(read or 0)
    indexes = ", ".join(sorted(set(INDEX.findall(text)))) or "none"
    whole = ", ".join(sorted(set(SEQUENTIAL.findall(text)))) or "none"
    return [f"{pages:,} pages of 8 kB", f"indexes: {indexes}", f"read whole: {whole}"]
