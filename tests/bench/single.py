"""decide(): one item, one reader, with the reason."""

from __future__ import annotations

from collections import Counter

from consents import decisions
from consents.decisions import Reader
from messaging.models import Update, UpdateRecipient
from tests.bench import lists, timing

READERS = ("few", "some", "all")
PAIRS = 40


def measure(rounds: int, *, count: int = PAIRS) -> dict:
    """Mixed pairs: updates that the reader may see, and that the reader may not."""
    pairs = [pair for name in READERS for pair in _pairs(name, count)]
    decisions_made = Counter(
        str(decisions.decide(item, reader).reason) for item, reader in pairs
    )
    times: dict[str, list[float]] = {"decide": [], "permitted": [], "by_key": []}
    for _ in range(max(1, rounds // 10)):
        for item, reader in pairs:
            for name, act in _ways(item, reader).items():
                times[name].append(timing.milliseconds(act))
    return {
        "pairs": len(pairs),
        "reasons": dict(decisions_made.most_common()),
        **{name: timing.spread(each) for name, each in times.items()},
    }


def _pairs(name: str, count: int) -> list[tuple[Update, Reader]]:
    party = lists.caseload(name)
    reader = lists.reader_of(party)
    inside = lists.patients_of(party).values("patient_id")
    near = Update.objects.filter(patient__in=inside).order_by("pk")[:count]
    far = Update.objects.exclude(patient__in=inside).order_by("pk")[: count // 4]
    return [(item, reader) for item in [*near, *far]]


def _ways(item: Update, reader: Reader) -> dict:
    same = Update.objects.filter(pk=item.pk)
    return {
        "decide": lambda: decisions.decide(item, reader),
        "permitted": lambda: list(decisions.permitted(same, reader)),
        "by_key": lambda: list(same),
    }


def busiest_recipient() -> UpdateRecipient:
    """Someone's waiting update, for the pages: who has the most on the worklist."""
    from django.db.models import Count

    waiting = UpdateRecipient.objects.filter(status="sent")
    most = waiting.values("party").annotate(n=Count("pk")).order_by("-n", "party")
    return waiting.filter(party=most[0]["party"]).order_by("pk")[0]
