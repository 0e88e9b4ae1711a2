"""People at their browsers: what they press, what they read, how many taps it took."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import connections
from django.db.models import Q
from playwright.sync_api import Error

from carecoord.clock import database_now
from carecoord.models import OutgoingMail, User
from messaging.sweeping import Sweep
from patients.models import Patient

PHONE = 390
PASSWORD = "carecoord-demo"
# The first load compiles templates and the machine may be busy.
WAIT_MS = 60_000
SOON_MS = 20


class House:
    """One demo world, its server, and everyone who looks at it.

    `trouble` collects what no page may ever cause: a request to another origin, a
    report of the content security policy, a dialog, a script error, a server error.
    """

    def __init__(self, *, address: str, browser: Any) -> None:
        self.address = address
        self.browser = browser
        self.trouble: list[str] = []
        self.contexts: list[Any] = []

    def visit(
        self, *, width: int = 1280, javascript: bool = True, **options: Any
    ) -> Person:
        """Somebody who has not signed in, at a browser of their own."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 844},
            java_script_enabled=javascript,
            base_url=self.address,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(WAIT_MS)
        self._watch(context)
        self.contexts.append(context)
        return Person(self, context.new_page(), javascript=javascript)

    def sign_in(self, who: str, **options: Any) -> Person:
        """`who` of the demo world, through the sign-in page."""
        person = self.visit(**options)
        person.sign_in(who)
        return person

    def _watch(self, context: Any) -> None:
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("console", self._on_console)
        context.on("weberror", lambda found: self.trouble.append(f"{found.error}"))
        context.on("dialog", self._on_dialog)

    def _on_request(self, request: Any) -> None:
        local = request.url.startswith((self.address + "/", "data:image/", "about:"))
        if not local:
            self.trouble.append(f"another origin was asked: {request.url}")

    def _on_response(self, response: Any) -> None:
        if response.status >= 500:
            self.trouble.append(f"{response.status} at {response.url}")

    def _on_console(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.trouble.append(f"{message.page.url}: {message.text}")

    def _on_dialog(self, dialog: Any) -> None:
        self.trouble.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def work(self, *, minutes: int = 15) -> None:
        """What the workers will have done so many minutes from now.

        Changes of ten minutes are gathered, so a mail needs a little time.
        """
        later = timedelta(minutes=minutes)
        Sweep(now=lambda: database_now() + later).run()
        connections["default"].close()

    def mails_to(self, who: str) -> list[OutgoingMail]:
        """The newest first."""
        address = who if "@" in who else f"{who}@demo.example"
        found = OutgoingMail.objects.order_by("-created_at")
        return [mail for mail in found if mail.address == address]

    @property
    def jordan(self) -> str:
        return str(Patient.objects.get(user=user("patient")).pk)

    @property
    def park(self) -> str:
        return str(Patient.objects.get(user=user("patient2")).pk)

    def chart_of(self, who: str) -> str:
        """The chart of a patient, or of the eldest for whom somebody acts."""
        of_patient = Q(user=user(who)) | Q(representatives__party__user=user(who))
        found = Patient.objects.filter(of_patient).order_by("birth_date")
        return f"/patients/{found[0].pk}/"


def _one_line(text: str) -> str:
    # Words that are only heard stand apart from what is before them.
    return " ".join(text.split()).replace(" :", ":").replace(" ,", ",")


def _begins(name: str) -> re.Pattern[str]:
    return re.compile("^\\s*" + re.escape(name).replace(":", "\\s*:"))


def user(who: str) -> User:
    return User.objects.get(email=f"{who}@demo.example")


class Person:
    """A page and what a person does with it. `taps` counts clicks, `pages` pages."""

    def __init__(self, house: House, page: Any, *, javascript: bool) -> None:
        self.house, self.page, self.javascript = house, page, javascript
        self.taps = self.pages = 0

    def sign_in(self, who: str) -> None:
        if "/accounts/login/" not in self.page.url:
            self.page.goto("/accounts/login/")
        self.page.get_by_label("E-mail address").fill(f"{who}@demo.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        assert "/accounts/login/" not in self.page.url, self.text

    def count_again(self) -> None:
        self.taps = self.pages = 0

    # --- Reading ---

    @property
    def text(self) -> str:
        """What stands in the main part, on one line."""
        return _one_line(self.page.locator("main").inner_text())

    def reads(self, *sentences: str) -> None:
        """Fails with the whole page if one of the sentences is not on it."""
        for sentence in sentences:
            assert sentence in self.text, f"{sentence!r} is not on {self.here}"

    def does_not_read(self, *sentences: str) -> None:
        """Nor does it stand folded, one tap away. An empty page fails too."""
        assert self.text, f"there is nothing at all on {self.here}"
        everything = self.text + _one_line(self.page.locator("main").text_content())
        for sentence in sentences:
            assert sentence not in everything, f"{sentence!r} is on {self.here}"

    def open_all(self) -> None:
        """One tap on each line that opens."""
        for line in self.page.locator("main details:not([open]) > summary").all()[::-1]:
            line.click()

    @property
    def here(self) -> str:
        return f"{self.page.url}:\n{self.text}"

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    # --- Doing ---

    def go(self, path: str) -> Any:
        return self._once_more(lambda: self.page.goto(path))

    def reload(self) -> Any:
        return self._once_more(self.page.reload)

    def _once_more(self, ask: Callable[[], Any]) -> Any:
        """Asks again if the tab asked by itself in this very moment (still.js).

        Chromium has several words for that. A tab whose text is gone never asks again:
        nothing comes between the second time, and what fails then fails.
        """
        try:
            return ask()
        except Error:
            self.page.wait_for_load_state()
            return ask()

    def wait_until(self, told: Callable[[], Any]) -> None:
        """What a browser tells by itself, a request or a line in its console, came."""
        patience = WAIT_MS // SOON_MS
        while not told():
            assert patience, f"it never came; the page is {self.here}"
            patience -= 1
            self.page.wait_for_timeout(SOON_MS)

    def press(self, name: str, *, within: str = "body") -> None:
        """One tap on the first link, button or summary whose words begin so."""
        start = _begins(name)
        place = self.page.locator(within)
        found = (
            place.get_by_role("button", name=start)
            .or_(place.get_by_role("link", name=start))
            .or_(place.locator("summary").filter(has_text=start))
        )
        assert found.count(), f"nothing is called {name!r} on {self.here}"
        self._tap(found.first)

    def choose(self, name: str, value: str = "") -> None:
        """One tap on a radio or tick box; its words are what is tapped."""
        which = f'[value="{value}"]' if value else ""
        shown = ':not([type="hidden"])'
        box = self.page.locator(f'input[name="{name}"]{which}{shown}').first
        assert box.count(), f"no {name}={value} on {self.here}"
        self._tap(self.page.locator("label").filter(has=box).first)
        assert box.is_checked()

    def write(self, name: str, text: str) -> None:
        """One tap into a box, then typing."""
        box = self.page.locator(f'[name="{name}"]:not([type="hidden"])').first
        assert box.count(), f"no box {name} on {self.here}"
        box.fill(text)
        self.taps += 1

    def _tap(self, found: Any) -> None:
        before = self.page.url
        found.click()
        self.page.wait_for_load_state()
        self.taps += 1
        self.pages += self.page.url != before

    def download(self, name: str) -> Any:
        """One tap on a link that hands over a file; the file's bytes."""
        link = self.page.get_by_role("link", name=_begins(name)).first
        self.taps += 1
        answer = self.page.request.get(link.get_attribute("href"))
        assert answer.ok, answer.status
        return answer
