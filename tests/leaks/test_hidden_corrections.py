"""A correction that a reader may not see takes the version before it along (ADR 14).

What was wrong does not stand as current, and nothing says that it was corrected: every
page is, byte for byte, as if the patient had kept the update back.
"""

import pytest
from django.db import transaction

from consents import actions as consents
from consents.codes import CATEGORIES
from messaging.actions import corrections
from tests.cast import COORDINATION, permit
from tests.consents.tabs import GONE, STILL, asked, tab
from tests.messaging.delivering import letters, sweep
from tests.messaging.writing import (
    SUBSTANCE,
    answer,
    bytes_of,
    content,
    send,
    signed_in,
    words,
)

__all__ = ["letters"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo", "letters"),
]


def a_label():
    return content(what_changed="CNRYright", labels=SUBSTANCE, numbers=())


def a_number():
    return content(what_changed="CNRYright")


@pytest.fixture
def first(cast):
    """Bram gets updates without numbers, and has answered this one."""
    consents.revoke(consent=cast.amina_to_bram, by=cast.user("amina"), at=cast.at)
    kinds = COORDINATION & ~CATEGORIES["measures"]
    permit(cast.amina, cast.bram, at=cast.at, categories=kinds)
    update = send(
        cast, "chidi", "bram", said=content(what_changed="CNRYwrong", numbers=())
    )
    answer(cast, update, "bram", text="I will look.")
    sweep(cast.at)
    return update


def correct(cast, first, said) -> None:
    second = send(cast, "chidi", "bram", corrects=first, said=said)
    assert second.recipients.get(party=cast.bram).status == "held"


def read(cast, update, who="bram") -> list[bytes]:
    client = signed_in(cast, who)
    base = f"/patients/{cast.amina.pk}/"
    pages = ("", "updates/", f"updates/{update.pk}/", f"updates/{update.pk}/text/")
    addresses = [*(base + page for page in pages), "/worklist/", "/notices/"]
    sweep(cast.at)
    return [bytes_of(client.get(address)) for address in addresses]


def as_kept_back(cast, first) -> list[bytes]:
    with transaction.atomic():
        consents.keep_back(item=first, by=cast.user("amina"), at=cast.at)
        pages = read(cast, first)
        transaction.set_rollback(True)
    return pages


@pytest.mark.security("T26")
@pytest.mark.parametrize("said", [a_label, a_number])
def test_it_is_as_if_the_patient_had_kept_it_back(cast, first, said):
    kept_back = as_kept_back(cast, first)
    correct(cast, first, said())
    for one, other in zip(read(cast, first), kept_back, strict=True):
        assert one.decode().splitlines() == other.decode().splitlines()
        assert b"CNRYwrong" not in one


@pytest.mark.parametrize("said", [a_label, a_number])
def test_its_author_and_the_patient_read_both(cast, first, said):
    correct(cast, first, said())
    for who in ("chidi", "amina"):
        page = words(
            signed_in(cast, who).get(f"/patients/{cast.amina.pk}/updates/{first.pk}/")
        )
        assert "CNRYwrong" in page and "Read the new version" in page


def test_who_may_see_the_correction_reads_both(cast, first):
    send(cast, "chidi", "bram", corrects=first, said=content(numbers=()))
    page = signed_in(cast, "bram").get(f"/patients/{cast.amina.pk}/updates/{first.pk}/")
    assert "CNRYwrong" in words(page) and "Read the new version" in words(page)


@pytest.mark.security("T26")
@pytest.mark.parametrize("said", [a_label, a_number])
def test_a_correction_that_leaves_the_version_before_open_is_found(
    cast, first, said, monkeypatch
):
    monkeypatch.setattr(corrections, "mark_earlier", lambda **given: None)
    correct(cast, first, said())
    assert any(b"CNRYwrong" in page for page in read(cast, first))


@pytest.mark.security("T23")
@pytest.mark.parametrize("said", [a_label, a_number])
def test_the_version_before_goes_from_an_open_tab(cast, first, said):
    """Found: a correction with a number left it there, as if nothing had changed."""
    bram, his = tab(cast, "bram", f"updates/{first.pk}/")
    assert asked(bram, his) == STILL
    correct(cast, first, said())
    assert asked(bram, his) == GONE
