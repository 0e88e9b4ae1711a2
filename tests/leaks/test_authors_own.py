"""Whoever may read only their own words learns nothing of what became of them.

Found: an author whom no permission covers was shown to whom an update was passed on,
and could tell by a button that was gone that a recipient had closed it.
"""

from __future__ import annotations

import re
from datetime import timedelta
from unittest import mock

import pytest
from django.urls import reverse

from consents import actions as consents
from consents.codes import LABELS
from messaging.access import updates as loaders
from messaging.actions import replies
from messaging.views import updates as update_pages
from patients.access import medicines
from patients.actions import entries, labels
from tests.cast import newcomer, permit
from tests.messaging.writing import answer, bytes_of, send, signed_in, take, words
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def pages(cast, *updates) -> dict[str, bytes]:
    """Every page on which Chidi, without a permission, reads the own updates."""
    chidi = signed_in(cast, "chidi")
    patient = [cast.amina.pk]
    places = {
        "updates": reverse("messaging:updates", args=patient),
        "chart": reverse("patients:chart", args=patient),
        "worklist": reverse("messaging:worklist"),
        "composer": reverse("messaging:update_new", args=patient),
    }
    correct = reverse("messaging:update_new", args=patient)
    for number, update in enumerate(updates):
        one = [cast.amina.pk, update.pk]
        places[f"update {number}"] = reverse("messaging:update", args=one)
        places[f"text {number}"] = reverse("messaging:update_text", args=one)
        places[f"correct {number}"] = f"{correct}?corrects={update.pk}"
    return {name: bytes_of(chidi.get(place)) for name, place in places.items()}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return [name for name in one if one[name] != other[name]]


def passed_on(cast, update, to: str = "jon") -> None:
    take(cast, update, "bram", "not_mine", to=getattr(cast, to))


def closed(cast, update) -> None:
    take(cast, update, "bram", "call_by", plan_date=cast.at.date() + timedelta(days=1))
    answer(cast, update, "bram", decision="Less of it from Monday.")
    close(cast, update, "bram")


def close(cast, update, who: str) -> None:
    who_by = {"party": getattr(cast, who), "by": cast.user(who)}
    replies.close(update=update, at=cast.at, **who_by)


@pytest.mark.slow
@pytest.mark.security("T17", "T26")
def test_what_became_of_it_changes_no_page_of_an_author_without_permission(cast):
    sent = [send(cast, "chidi", "bram") for _number in range(3)]
    before = pages(cast, *sent)
    passed_on(cast, sent[0])
    passed_on(cast, sent[1], to="dana")
    closed(cast, sent[2])
    assert differing(before, pages(cast, *sent)) == []


@pytest.mark.security("T26")
def test_the_author_closes_it_without_learning_whether_it_was_closed(cast):
    said = []
    for closed_before in (False, True):
        update = send(cast, "chidi", "bram")
        if closed_before:
            closed(cast, update)
        place = reverse("messaging:close", args=[cast.amina.pk, update.pk])
        said.append(words(signed_in(cast, "chidi").post(place, follow=True)))
    assert said[0] == said[1] and "Closed." in said[0]


@pytest.mark.security("T26")
def test_a_correction_goes_to_whom_it_was_passed_on_and_does_not_say_so(cast):
    first = send(cast, "chidi", "bram")
    passed_on(cast, first)
    second = send(cast, "chidi", "bram", corrects=first)
    assert second.recipients.get(party=cast.jon).status == "sent"
    place = reverse("messaging:update", args=[cast.amina.pk, second.pk])
    assert "Jon Ortiz" not in words(signed_in(cast, "chidi").get(place))
    # Whom the author chooses in the correction, the author reads.
    third = send(cast, "chidi", "bram", "jon", corrects=second)
    place = reverse("messaging:update", args=[cast.amina.pk, third.pk])
    assert "Jon Ortiz" in words(signed_in(cast, "chidi").get(place))


def test_an_author_whom_a_permission_covers_reads_to_whom_it_was_passed_on(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    update = send(cast, "chidi", "bram")
    passed_on(cast, update)
    place = reverse("messaging:update", args=[cast.amina.pk, update.pk])
    said = words(signed_in(cast, "chidi").get(place))
    assert "not mine, passed to Dr. Jon Ortiz" in said and "primary care" in said


def test_the_patient_reads_of_all(cast):
    newcomer(cast)
    update = send(cast, "chidi", "bram")
    passed_on(cast, update, to="dana")
    place = reverse("messaging:update", args=[cast.amina.pk, update.pk])
    assert "Dr. Dana Levy" in words(signed_in(cast, "amina").get(place))


def test_a_twin_that_takes_everybody_for_written_to_is_caught(cast):
    update = send(cast, "chidi", "bram")
    before = pages(cast, update)

    def forgets(opened, update, rows, own_row, known):
        return rows

    with mock.patch.object(loaders, "_rows_shown", forgets):
        passed_on(cast, update)
        assert "update 0" in differing(before, pages(cast, update))


def _marked(cast) -> list[str]:
    """What differs for Chidi once Amina marks what waits for Dana as private."""
    join = {"patient": cast.amina, "party": cast.dana, "role": "psychiatrist"}
    consents.join(**join, by=cast.amina.user, at=cast.at)
    update = send(cast, "chidi", "dana")
    before = pages(cast, update)
    private = {"labels": LABELS["private"], "by": cast.amina.user, "at": cast.at}
    labels.set_labels(item=update, **private)
    return differing(before, pages(cast, update))


@pytest.mark.security("T17", "T26")
def test_what_the_patient_marks_it_with_changes_no_page_of_its_author(cast):
    """Found: where it waits, its author read which topics the patient had added. And
    the numbers of one that was marked stood beside the next one no more.
    """
    assert _marked(cast) == []


def test_a_twin_that_names_the_topics_is_caught(cast, monkeypatch):
    needs = update_pages._needs
    monkeypatch.setattr(
        update_pages,
        "_needs",
        lambda found, row: [*needs(found, row), *LABELS.words(found.update.labels)],
    )
    assert _marked(cast) == ["update 0"]


# An entry beside the list -----------------------------------------------------------


def adopted(cast, entry) -> None:
    entries.adopt(entry=entry, line=None, by=cast.user("amina"), at=cast.at)


def set_aside(cast, entry) -> None:
    entries.set_aside(entry=entry, by=cast.user("amina"), at=cast.at)


def disagreed(cast, entry) -> None:
    entries.disagree(entry=entry, by=cast.user("amina"), at=cast.at)


def lists(cast) -> dict[str, bytes]:
    bram = world.signed_in(cast, "bram")
    places = ("", "medicines/", "list/", "summary/")
    told = {name: bytes_of(bram.get(world.page(cast, name))) for name in places}
    # A number drawn for each sheet.
    return {
        name: re.sub(rb"(\w{4}-){2}\w{4}", b"", said) for name, said in told.items()
    }


def stopped(cast, entry) -> None:
    consents.revoke(
        consent=cast.amina_to_bram, by=cast.user("amina"), at=cast.at, why=""
    )


def labelled(cast, entry) -> None:
    """Under a label that is not shared with its author."""
    labels.set_labels(
        item=entry, labels=LABELS["hiv"], by=cast.user("amina"), at=cast.at
    )


def kept_back(cast, entry) -> None:
    consents.keep_back(item=entry, by=cast.user("amina"), at=cast.at, party=cast.bram)


@pytest.mark.security("T17", "T26")
@pytest.mark.parametrize("ends", [stopped, labelled, kept_back])
def test_the_answer_to_an_entry_changes_no_page_of_an_author_from_whom_it_is_kept(
    cast, ends
):
    written = [world.prescribe(cast, name=name) for name in ("lithium", "quetiapine")]
    for entry in written:
        ends(cast, entry)
        entry.refresh_from_db()
    before = lists(cast)
    disagreed(cast, written[0])
    adopted(cast, written[0])
    set_aside(cast, written[1])
    assert differing(before, lists(cast)) == []


def test_an_author_whom_a_permission_covers_sees_that_it_was_answered(cast):
    entry = world.prescribe(cast)
    bram = world.signed_in(cast, "bram")
    assert "not yet confirmed by the patient" in words(bram.get(world.page(cast)))
    set_aside(cast, entry)
    said = words(bram.get(world.page(cast)))
    assert "lithium" not in said and "Prescribed by you" not in said


def test_own_words_are_headed_as_such_and_the_newest_counts(cast):
    line = world.add(cast, "quetiapine")
    for _ in range(2):
        entry = world.prescribe(cast, beside=line)
    kept_back(cast, entry)
    adopted_beside = {"line": line, "by": cast.user("amina"), "at": cast.at}
    entries.adopt(entry=entry, **adopted_beside)
    said = words(world.signed_in(cast, "bram").get(world.page(cast)))
    assert "Prescribed by you (1)" in said
    assert "What the patient answered is not shared with you." in said
    assert "not yet confirmed" not in said


def test_a_twin_that_lets_an_answered_entry_go_is_caught(cast):
    entry = world.prescribe(cast)
    kept_back(cast, entry)
    before = lists(cast)
    set_aside(cast, entry)
    with mock.patch.object(medicines, "_without_answer", lambda _opened: set()):
        assert "medicines/" in differing(before, lists(cast))
