"""A tab that somebody left open: what its page carries, and what it is answered."""

import re

from django.test import Client

from tests.cast import Cast

STILL, GONE = 204, 286


def carried(html: str) -> str:
    """What a page carries, so that it can ask whether it may go on showing it."""
    return re.search(r'data-shown="([^"]*)"', html).group(1)


def tab(cast: Cast, who: str, page: str = "") -> tuple[Client, str]:
    """Somebody's open tab on Amina's record: the browser, and what the page carries."""
    client = Client()
    client.force_login(cast.user(who))
    html = client.get(f"/patients/{cast.amina.pk}/{page}").content.decode()
    return client, carried(html)


def asked(client: Client, shown: str) -> int:
    return client.get(f"/still/?shown={shown}", headers={"X-Poll": "1"}).status_code
