"""The pages of sharing as a person fills them in: through the forms as they stand."""

import re
import time
from html import unescape

from allauth.account.internal.userkit import user_id_to_str
from django.test import Client
from django.urls import reverse

from consents.models import Consent


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the page's own form."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", html):
        name = re.search(r'name="([^"]*)"', tag).group(1)
        value = re.search(r'value="([^"]*)"', tag)
        found[name] = unescape(value.group(1)) if value else ""
    return found


def text_of(response) -> str:
    return unescape(response.content.decode())


NOBODY = "00000000-0000-4000-8000-000000000000"


def bare(response, *names: object) -> str:
    """The page without what differs by chance: tokens, its reader, the ids asked."""
    html = response.content.decode()
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
    html = re.sub(r'data-(shown|here-url)="[^"]*"', "", html)
    for name in names:
        html = html.replace(str(name), NOBODY)
    return html


def sign_in(client: Client, user, *, minutes_ago: float = 0) -> None:
    """A session that showed who it is so long ago."""
    client.force_login(user)
    session = client.session
    at = time.time() - 60 * minutes_ago
    records = [{"method": "cast", "at": at}]
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()


def reply(client: Client, page: str, said: dict | None = None, *, to: str = ""):
    """Reads a page and sends its form, with what the form carries along."""
    carried = hidden(client.get(page).content.decode())
    return client.post(to or page, carried | (said or {}))


class Pages:
    """One person's browser, for one patient's sharing pages."""

    def __init__(self, client: Client, user, patient) -> None:
        sign_in(client, user)
        self.client, self.patient = client, patient
        self.page = None

    def address(self, name: str, *args: object) -> str:
        return reverse(f"consents:{name}", args=[self.patient.pk, *args])

    def get(self, name: str, *args: object, **query: str):
        self.page = self.client.get(self.address(name, *args), query)
        return self.page

    def send(self, *, to: str = "", **answers):
        """Posts the form on the page, with what it carries along."""
        address = to or self.page.request["PATH_INFO"]
        carried = hidden(self.page.content.decode())
        self.page = self.client.post(address, carried | answers)
        return self.page

    def to_check(self, party, **answers):
        """Pages 1 to 3, up to the check page."""
        self.get("grant")
        self.send(recipient=str(party.pk))
        self.send(**{"preset": "coordination"} | answers.pop("what", {}))
        return self.send(
            **{"purposes": ["TREAT", "COC"], "window": "all", "ends": "6"} | answers
        )

    def sign(self, **answers):
        answers = {
            "signed_name": self.patient.name,
            "agree": "on",
            "answer": "sign",
        } | answers
        return self.send(**answers)

    def share(self, party, **answers):
        self.to_check(party, **answers)
        return self.sign()


def newest(cast) -> Consent:
    return Consent.objects.filter(patient=cast.amina).latest("signed_at")
