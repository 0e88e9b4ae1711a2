"""Whole requests through the product: middleware, decision, template, log."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from messaging.models import UpdateRecipient
from providers.models import CareTeamParticipant, Party
from tests.bench import single, timing

PAGES = {
    "worklist, {waiting} waiting": "/worklist/",
    "patients": "/patients/",
    "chart": "/patients/{patient}/",
    "updates": "/patients/{patient}/updates/",
    "medicines": "/patients/{patient}/medicines/",
    "summary, PDF": "/patients/{patient}/summary.pdf",
}


@override_settings(DEMO=True)  # no second factor: only the pages are measured
def measure(rounds: int) -> list[dict]:
    """Pages of the clinician with the longest worklist, who has the usual permit."""
    row = single.busiest_recipient()
    patient_id = _shared_with(row.party)
    client = Client()
    client.force_login(row.party.user)
    waiting = UpdateRecipient.objects.filter(party=row.party, status="sent").count()
    return [
        _page(
            client,
            name.format(waiting=waiting),
            address.format(patient=patient_id),
            rounds,
        )
        for name, address in PAGES.items()
    ]


def _page(client: Client, name: str, address: str, rounds: int) -> dict:
    first = timing.milliseconds(lambda: _get(client, address))
    with CaptureQueriesContext(connection) as queries:
        _get(client, address)
    count = len(queries)  # the next request forgets them
    times = [timing.milliseconds(lambda: _get(client, address)) for _ in range(rounds)]
    return {"name": name, "queries": count, "first": first} | timing.spread(times)


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}.")


def _shared_with(party: Party) -> object:
    """A patient whose permit to this clinician is in force and covers the updates."""
    from carecoord.clock import database_now
    from consents.models import Consent

    shared = Consent.objects.in_force(database_now()).permits().filter(recipient=party)
    mine = CareTeamParticipant.objects.current().filter(party=party)
    widest = shared.filter(patient__in=mine.values("patient_id")).order_by(
        "-categories", "pk"
    )
    return widest[0].patient_id
