"""A permission tells nobody who is on the care team, by naming who alone may tell.

Found: an agent whose document leaves out the care team read the names on the receipt,
in its text, in both files for another system, and where it is shared again.
"""

import base64
import copy
import json
from datetime import timedelta

import pypdfium2
import pytest
from django.db.models import Q
from django.test import Client
from fhir.resources.R4B.consent import Consent as FhirConsent

from carecoord import pdf
from carecoord.json_files import UnreadableFile
from consents import actions
from consents.access import recipients
from consents.access.imported import known_by_number, whose
from consents.codes import CATEGORIES
from consents.fhir.fitting import fit
from consents.fhir.reading import read
from consents.models import Consent
from tests.consents.acting import child, record, relative, signs
from tests.consents.views.pages import Pages, newest, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("demo")]
WITHOUT_TEAM = CATEGORIES.all & ~CATEGORIES["care_team"]
# "Chidi" alone may tell Bram; nothing is shared with Chidi.
NAME = "Chidi"
CERTAIN = "Certain members of the care team"


@pytest.fixture
def permission(amina, cast) -> Consent:
    amina.share(cast.bram, disclosers=[str(cast.chidi.pk)])
    return newest(cast)


@pytest.fixture
def amina(cast):
    return Pages(Client(), cast.amina.user, cast.amina)


def acting(cast, categories: int = WITHOUT_TEAM) -> Pages:
    party = relative(cast.amina, "Rosa Diallo")
    held = record(cast, cast.amina, party, "agent", categories=categories)
    return Pages(Client(), held.party.user, cast.amina)


def the_file(pages: Pages, permission: Consent) -> dict:
    return json.loads(pages.get("receipt_file", permission.pk).content)


def told(pages: Pages, permission: Consent) -> str:
    """Everything that this reader gets of it, with what a file packs."""
    page = text_of(pages.get("receipt", permission.pk))
    one = pages.get("receipt_file", permission.pk)
    packed = json.loads(one.content)["sourceAttachment"].get("data", "")
    everything = text_of(pages.get("receipts_file"))
    words = base64.b64decode(packed).decode()
    return "\n".join((page, text_of(one), words, everything))


@pytest.mark.security("T93", "T19")
def test_who_may_not_know_the_team_reads_no_name_and_that_some_are_kept(
    cast, permission
):
    pages = acting(cast)
    found = told(pages, permission)
    assert NAME not in found
    assert str(cast.chidi.pk) not in found
    assert f"<dt>Who may share</dt><dd>{CERTAIN}</dd>" in found
    assert "so the text is not shown" in found
    packed = base64.b64encode(permission.text.encode()).decode()
    assert packed not in found


@pytest.mark.security("T93", "T19")
def test_the_test_of_the_names_fails_where_they_are_told(cast, permission, monkeypatch):
    monkeypatch.setattr(recipients, "unnamed", lambda opened, consents: set())
    pages = acting(cast)
    assert NAME in told(pages, permission)
    pages.get("grant", again=str(permission.pk))
    assert NAME in text_of(pages.send(preset="medicines"))


@pytest.mark.slow
@pytest.mark.security("T93")
def test_the_paper_names_nobody_either(cast, permission):
    pdf.warm()
    answer = acting(cast).get("receipt_pdf", permission.pk)
    pages = pypdfium2.PdfDocument(answer.content)
    words = " ".join(page.get_textpage().get_text_range() for page in pages)
    assert NAME not in words
    assert "is not printed" in " ".join(words.split())


@pytest.mark.security("T93", "T19")
def test_the_same_is_not_shared_again_with_anyone_instead(cast, permission):
    actions.revoke(consent=permission, by=cast.amina.user, at=cast.at)
    pages = acting(cast)
    receipt = pages.get("receipt", permission.pk)
    assert "?again=" not in text_of(receipt)
    answer = pages.get("grant", again=str(permission.pk))
    assert answer["Location"] == pages.address("receipt", permission.pk)
    assert "cannot be shared the same again" in text_of(
        pages.client.get(answer["Location"])
    )


def test_the_patient_and_who_may_know_the_team_read_all_of_it(amina, cast, permission):
    for pages in (amina, acting(cast, CATEGORIES.all)):
        found = told(pages, permission)
        assert f"<dt>Who may share</dt><dd>{NAME} Okafor</dd>" in found
        assert CERTAIN not in found
        assert permission.text in found
        pages.get("grant", again=str(permission.pk))
        assert NAME in text_of(pages.send(preset="coordination"))


def test_who_is_known_by_a_permission_of_their_own_is_named(amina, cast, permission):
    amina.share(cast.chidi)
    assert f"<dd>{NAME} Okafor</dd>" in told(acting(cast), permission)


@pytest.mark.security("T93")
def test_such_a_file_is_valid_and_opens_nothing_where_it_is_read(cast, permission):
    found = the_file(acting(cast), permission)
    FhirConsent.model_validate(copy.deepcopy(found))
    for rule in found["provision"]["provision"]:
        assert rule["modifierExtension"]
    with pytest.raises(UnreadableFile, match="a limit that cannot be kept"):
        read(json.dumps(found), whose=whose(cast.amina))


@pytest.mark.security("T93")
def test_nor_where_somebody_took_the_extension_out(cast, permission):
    """Without an author the rule would be for anyone's words: there is one, nobody."""
    found = the_file(acting(cast), permission)
    for rule in found["provision"]["provision"]:
        del rule["modifierExtension"]
    (rule,) = read(json.dumps(found), whose=whose(cast.amina)).rules
    assert [each.name.startswith(CERTAIN) for each in rule.disclosers] == [True]
    people = known_by_number([cast.bram, cast.chidi, cast.jon])
    zone = cast.amina.time_zone
    assert fit(rule, people=people, at=cast.at, zone=zone).blocked


def _father_reads(cast) -> str:
    """Noor's mother names Chidi, whom Noor alone took on, and whom she knows."""
    noor = child(cast, born=(cast.at - timedelta(days=365 * 15)).date())
    by = {"by": noor.user, "at": cast.at}
    actions.join(patient=noor, party=cast.chidi, role="therapist", **by)
    mother = record(cast, noor, relative(noor, "Rosa Haddad"), "parent")
    father = record(cast, noor, relative(noor, "Sami Haddad"), "parent")
    scope = {"categories": CATEGORIES["goals"], "purposes": 1, "at": cast.at}
    permission = signs(mother, cast.jon, disclosers=(cast.chidi,), **scope)
    pages = Pages(Client(), mother.party.user, noor)
    assert NAME in told(pages, permission), "she named him herself"
    return told(Pages(Client(), father.party.user, noor), permission)


@pytest.mark.security("T93", "T90")
def test_a_parent_reads_nobody_whom_the_other_parent_named(cast):
    found = _father_reads(cast)
    assert NAME not in found
    assert str(cast.chidi.pk) not in found
    assert CERTAIN in found


@pytest.mark.security("T93", "T90")
def test_the_test_of_the_other_parent_fails_where_they_are_named(cast, monkeypatch):
    monkeypatch.setattr(recipients, "_of_another_parent", lambda opened: Q(pk__in=[]))
    assert NAME in _father_reads(cast)


def test_a_permission_for_the_whole_team_is_told_as_ever(amina, cast):
    amina.share(cast.bram)
    found = told(acting(cast), newest(cast))
    assert CERTAIN not in found
    assert newest(cast).text in found
    assert "disclosers-withheld" not in found
