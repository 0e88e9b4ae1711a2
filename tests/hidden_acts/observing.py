"""All that somebody gets: pages, papers, files, answers to their own forms, mail.

Of each page the status, headers, words, number of queries and rows of the log. What
is drawn by lot is blanked; a row that stood before the acts keeps its id.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit

import pypdfium2
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carecoord.models import OutgoingMail, User
from consents.models import Disclosure
from tests.sweeps.filling import Form, forms

Told = dict[str, tuple]
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[0-9a-f]{32}\b")
# After the ids: tokens, nonces, signed values, encrypted text. Never an instant.
CHANCE = re.compile(
    r'(csrfmiddlewaretoken"|name="csrf-token")[^>]*|nonce-[\w+/=]+'
    r"|gAAAA[\w=-]+|\b[0-9a-f]{64}\b"
    r"|\b[\w+-]+:[A-Za-z0-9]{6}:[\w-]{43}\b|:[\w-]{43}\b"
    r"|\b[A-Z2-9]{4}(?:-[A-Z2-9]{4}){2,}\b|>\d{3} \d{3}<"
)
MARK = re.compile(r"\b[0-9a-f]{10}\b")
LINK = re.compile(r'(?:href|src|hx-get|data-url)="(/[^"#]*)')
# Static files, ways out, and the development's own.
NOT_WALKED = re.compile(
    r"^/(static|accounts|dev|gallery|healthz|readyz|leave|help|limits|settings|crisis)"
    r"|\.pdf"
)
# A stated emergency opens what has a label too, by design (tests/consents).
NOT_SENT = re.compile(r"^/accounts|/emergency/$")
# What one sweep tells stands at one instant, in the order of ids drawn by lot.
UNORDERED = re.compile(r"^/notices/")
# Of pages that differ by a number only, the first ones are opened.
OF_A_SHAPE = 1


@dataclass
class Eyes:
    """A reader: how they sign in, and from where they look around."""

    name: str
    user: User | None
    patient_id: uuid.UUID
    more: tuple[str, ...] = ()
    enter: Callable[[Client], None] | None = None
    answers: bool = True

    def client(self) -> Client:
        # A background request: it does not write when the person was last seen.
        client = Client(headers={"X-Poll": "1"}, raise_request_exception=True)
        if self.user:
            client.force_login(self.user)
            client.get("/healthz")
        if self.enter:
            self.enter(client)
        return client

    def starts(self) -> list[str]:
        chart = f"/patients/{self.patient_id}/"
        return ["/", "/patients/", "/worklist/", "/notices/", "/cases/", chart] + [
            *(one if one.startswith("/") else chart + one for one in self.more)
        ]


@dataclass
class Blank:
    """New ids look alike; those that were there before stay to be seen."""

    known: frozenset[str] = field(default_factory=lambda: ids())

    def __call__(self, text: str) -> str:
        return CHANCE.sub("(chance)", UUID.sub(self._which, text))

    def _which(self, found: re.Match) -> str:
        number = found.group().replace("-", "")
        return found.group() if number in self.known else "(new)"


def ids() -> frozenset[str]:
    found: set[str] = set()
    for model in apps.get_models(include_auto_created=True):
        for column in model._meta.concrete_fields:
            if isinstance(column, models.UUIDField) and not column.is_relation:
                values = model._base_manager.values_list(column.attname, flat=True)
                found |= {value.hex for value in values if value}
    return frozenset(found)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def observe(
    eyes: Eyes, at: datetime, blank: Blank, only: list[str] | None = None
) -> Told:
    """Everything at this instant, each page from the same standing.

    `only`: these pages, as a reader opens them who knows their addresses.
    """
    told: Told = {}
    cache.clear()
    with time_machine.travel(at, tick=False), undone():
        told |= post_of(eyes, blank)
        if only is not None:
            told, client = post_of(eyes, blank), eyes.client()
            for name in only:
                told[name] = asked(client, name.removeprefix("GET "), blank)[1]
            return told
        client, starts, sent_to = eyes.client(), set(eyes.starts()), set()
        waiting, seen, shapes = eyes.starts(), set(), Counter()
        while waiting:
            path = waiting.pop(0)
            shape = shape_of(path)
            if path in seen or NOT_WALKED.search(path):
                continue
            if path not in starts and shapes[shape] >= OF_A_SHAPE:
                continue
            seen.add(path)
            shapes[shape] += 1
            answer, page = asked(client, path, blank)
            told[f"GET {blank(path)}"] = page
            if page[0] == 200 and "html" in answer["Content-Type"]:
                html = answer.content.decode()
                waiting += sorted(links(html) - seen)
                if eyes.answers:
                    told |= sent(client, path, answer.content, blank, sent_to)
            elif page[0] in (301, 302):
                waiting.append(urlsplit(answer["Location"]).path)
    return told


def shape_of(path: str) -> str:
    return MARK.sub("*", UUID.sub("*", re.sub(r"=[^&]*", "=", path)))


def links(html: str) -> set[str]:
    return {unescape(each) for each in LINK.findall(html)}


def asked(client: Client, path: str, blank: Blank) -> tuple:
    with undone():
        before = set(Disclosure.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        body = ordered(path, text_of(answer, blank))
        new = Disclosure.objects.exclude(pk__in=before)
        logged = sorted(
            blank(f"{row.patient_id} {sorted(row.items)} {row.categories}")
            for row in new
        )
    headers = {
        name: blank(value)
        for name, value in answer.items()
        if name not in ("Set-Cookie", "Content-Length")
    }
    return answer, (answer.status_code, headers, body, len(queries), logged)


def ordered(path: str, body: str) -> str:
    return "\n".join(sorted(body.splitlines())) if UNORDERED.match(path) else body


def text_of(answer, blank: Blank) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:4] == b"%PDF":
        document = pypdfium2.PdfDocument(BytesIO(content))
        pages = [page.get_textpage().get_text_bounded() for page in document]
        return blank(f"{len(pages)} pages\n" + "\n".join(pages))
    return blank(content.decode(errors="replace"))


def sent(client: Client, path: str, page: bytes, blank: Blank, before: set) -> Told:
    """The answer to each form, filled in as somebody might, and undone."""
    told: Told = {}
    for number, form in enumerate(forms(page, path)):
        if NOT_SENT.search(form.action):
            continue
        shape = (shape_of(form.action), *sorted(form.fields))
        if shape in before:
            continue
        before.add(shape)
        told[f"POST {blank(form.action)} {number} of {blank(path)}"] = answered(
            client, form, blank
        )
    return told


def answered(client: Client, form: Form, blank: Blank) -> tuple:
    with undone():
        kept = client.cookies.output(header="", sep=";")
        answer = client.post(form.action, form.fields)
        body = text_of(answer, blank)
        place = answer.get("Location", "")
        if place.startswith("/") and not NOT_WALKED.search(place):
            body += ordered(place, text_of(client.get(place), blank))
        client.cookies.clear()
        client.cookies.load(kept)
    return answer.status_code, {"Location": blank(place)}, body


def post_of(eyes: Eyes, blank: Blank) -> Told:
    """Mails with their time: those that were not taken back before they were sent."""
    if not eyes.user:
        return {}
    mails = OutgoingMail.objects.filter(user=eyes.user).exclude(
        sent_at=None, cancelled_at__isnull=False
    )
    told = (f"{m.created_at} {m.sent_at} {m.subject} {m.body}" for m in mails)
    return {"mails": tuple(blank(each) for each in sorted(told))}


def different(one: Told, other: Told) -> dict[str, str]:
    """What one has and the other has not, or has otherwise: a few words of each."""
    found = {}
    for name in {**one, **other}:
        if name not in one or name not in other:
            found[name] = "only " + ("without" if name in one else "with")
        elif one[name] != other[name]:
            found[name] = first_difference(one[name], other[name])
    return found


def first_difference(one: tuple, other: tuple) -> str:
    if len(one) != len(other):
        return f"{one} and {other}"[:400]
    for first, second in zip(one, other, strict=True):
        if first == second:
            continue
        if not (isinstance(first, str) and isinstance(second, str)):
            return f"{first} and {second}"[:400]
        lines, others = first.splitlines(), second.splitlines()
        for ours, theirs in zip(lines, others, strict=False):
            if ours != theirs:
                return f"{ours.strip()[:200]!r} and {theirs.strip()[:200]!r}"
        return f"{len(lines)} and {len(others)} lines"
    return ""
