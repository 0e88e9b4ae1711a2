"""A permission for items from a day on opens nothing that speaks of what is older.

Found: the correction of an older update, what became of one that went out later, and
missed doses of an older week counted as of the day on which they were typed.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from consents import actions as consents
from messaging.actions import corrections, updates
from messaging.models import Notice
from patients.actions import events, record, timeline
from patients.actions.events import Happening
from patients.codes import EventKind
from patients.models import Observation, TimelineEvent
from tests.cast import permit
from tests.messaging.delivering import letters, sweep
from tests.messaging.writing import content, newest, row, send, signed_in, take, words

__all__ = ["letters"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo", "letters"),
]
BEFORE, WINDOW = timedelta(days=10), timedelta(days=5)
RIGHT, DOSES = "CNRYright", "17 doses missed"


def since_five_days(cast, who: str) -> None:
    """Amina shares only what is of the last five days."""
    party = getattr(cast, who)
    by = {"by": cast.amina.user, "at": cast.at}
    consents.stop_sharing(patient=cast.amina, recipient=party, **by)
    permit(cast.amina, party, at=cast.at, items_from=cast.at - WINDOW)


def read(cast, who: str, *more: str) -> str:
    sweep(cast.at)
    sweep(cast.at + timedelta(minutes=11))
    client = signed_in(cast, who)
    base = f"/patients/{cast.amina.pk}/"
    addresses = [*(base + page for page in ("", "updates/", *more)), "/notices/"]
    found = [words(client.get(address)) for address in [*addresses, "/worklist/"]]
    return " ".join(found)


# A correction ---------------------------------------------------------------------


def corrected(cast):
    """What Chidi wrote ten days ago, and puts right today."""
    first = send(
        cast, "chidi", "bram", at=cast.at - BEFORE, said=content(what_changed="wrong")
    )
    since_five_days(cast, "bram")
    return send(cast, "chidi", "bram", corrects=first, said=content(what_changed=RIGHT))


def read_of_correction(cast) -> str:
    second = corrected(cast)
    return read(cast, "bram", f"updates/{second.pk}/", f"updates/{second.pk}/text/")


@pytest.mark.security("T26")
def test_a_correction_is_of_the_day_of_what_it_corrects(cast):
    assert RIGHT not in read_of_correction(cast)
    assert not Notice.objects.filter(user=cast.bram.user, about=newest().pk).exists()


@pytest.mark.security("T26")
def test_a_correction_of_the_day_it_is_written_is_found(cast, monkeypatch):
    """The vulnerable twin: only the lineage, as it was."""

    def joined(corrects, update):
        if corrects:
            update.lineage = corrects.lineage

    monkeypatch.setattr(corrections, "make_version_of", joined)
    assert RIGHT in read_of_correction(cast)


def test_its_author_is_told_before_that_it_is_not_sent(cast):
    first = send(cast, "chidi", "bram", at=cast.at - BEFORE)
    since_five_days(cast, "bram")
    found = updates.rehearse(
        patient=cast.amina,
        author=cast.chidi,
        content=content(),
        recipients=[cast.bram],
        others=[],
        by=cast.user("chidi"),
        at=cast.at,
        corrects=first,
    )
    assert found.status[cast.bram.pk] == "held"
    assert row(corrected(cast), cast, "bram").status == "held"


def test_who_may_read_both_reads_when_each_was_written(cast):
    first = send(cast, "chidi", "bram", at=cast.at - BEFORE)
    second = send(cast, "chidi", "bram", corrects=first, said=content())
    assert second.occurred_at == first.occurred_at
    bram = signed_in(cast, "bram")
    base = f"/patients/{cast.amina.pk}/updates/"
    old, new = (bram.get(f"{base}{each.pk}/").context for each in (first, second))
    assert new["card"].sent == old["corrected_at"]
    assert old["card"].sent == new["earlier_at"] != new["card"].sent
    listed = bram.get(base).content.decode()
    assert listed.index(str(second.pk)) < listed.index(str(first.pk))


# What became of it ------------------------------------------------------------------


def read_of_receipt(cast) -> str:
    """Bram waits for a colleague's permission; his own begins five days ago."""
    by = {"by": cast.amina.user, "at": cast.at - BEFORE}
    consents.stop_sharing(patient=cast.amina, recipient=cast.jon, **by)
    update = send(cast, "bram", "jon", at=cast.at - BEFORE)
    permit(cast.amina, cast.jon, at=cast.at)
    updates.release_covered(patient_id=cast.amina.pk, at=cast.at)
    since_five_days(cast, "bram")
    day = (cast.at + WINDOW).date()
    take(cast, update, "jon", "call_by", plan_date=day)
    return words(
        signed_in(cast, "bram").get(f"/patients/{cast.amina.pk}/updates/{update.pk}/")
    )


@pytest.mark.security("T26")
def test_what_became_of_an_older_update_is_no_newer(cast):
    assert "will call by" not in read_of_receipt(cast)


@pytest.mark.security("T26")
def test_an_event_of_the_day_of_a_release_is_found(cast, monkeypatch):
    recorded = timeline.record_event

    def of_today(*, occurred_at=None, **said):
        return recorded(**said)

    monkeypatch.setattr(timeline, "record_event", of_today)
    assert "will call by" in read_of_receipt(cast)


# What happened ------------------------------------------------------------------------


def missed_before(cast) -> TimelineEvent:
    """Told today of the two weeks until ten days ago."""
    return events.record(
        patient=cast.amina,
        happening=Happening(
            kind=EventKind.DOSES_MISSED,
            what="Forgot",
            count=17,
            happened_date=cast.today - BEFORE,
        ),
        form_key=uuid.uuid4(),
        by=cast.amina.user,
        at=cast.at,
    )


@pytest.mark.security("T26")
def test_doses_missed_before_are_of_that_day(cast):
    since_five_days(cast, "bram")
    missed_before(cast)
    assert DOSES not in read(cast, "bram")
    assert DOSES in read(cast, "jon")


@pytest.mark.security("T26")
def test_nor_is_the_word_that_they_were_a_mistake(cast):
    since_five_days(cast, "bram")
    told = missed_before(cast)
    sweep(cast.at + timedelta(minutes=11))
    number = Observation.objects.get(pk=told.about)
    by = {"by": cast.amina.user, "at": cast.at + timedelta(minutes=12)}
    record.entered_by_mistake(item=number, version=number.version, **by)
    wrong = TimelineEvent.objects.get(corrects=told)
    assert wrong.occurred_at == told.occurred_at < cast.at - WINDOW
    assert DOSES not in read(cast, "bram")


@pytest.mark.security("T26")
def test_doses_of_the_day_on_which_they_are_told_are_found(cast, monkeypatch):
    monkeypatch.setattr(events, "_of_day", lambda day, patient, at: at)
    since_five_days(cast, "bram")
    missed_before(cast)
    assert DOSES in read(cast, "bram")
