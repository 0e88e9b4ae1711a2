"""Every address of the site, as the URL resolver knows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name ("patients:chart") and what stands in it."""

    name: str
    route: str
    parts: tuple[str, ...]

    def of(self, values: dict[str, object]) -> str:
        return reverse(self.name, kwargs={part: values[part] for part in self.parts})


def all_addresses() -> list[Address]:
    """Every named pattern, the innermost of those that share a name once."""
    found = {each.name: each for each in _walk(get_resolver()) if each.name}
    return sorted(found.values(), key=lambda address: address.name)


def nameless() -> list[str]:
    return [address.route for address in _walk(get_resolver()) if not address.name]


def _walk(resolver: URLResolver, *, before: str = "", space: str = "") -> Iterator:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, before=route, space=inner)
        elif isinstance(pattern, URLPattern):
            name = f"{space}{pattern.name}" if pattern.name else ""
            yield Address(name, route, _parts(route, pattern))


def _parts(route: str, pattern: URLPattern) -> tuple[str, ...]:
    named = re.findall(r"<(?:\w+:)?(\w+)>", re.sub(r"\(\?P", "", route))
    return tuple(dict.fromkeys(named or pattern.pattern.converters))
