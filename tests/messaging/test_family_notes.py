"""S31: family tells and sees nothing; the patient reads it, the team if allowed."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES, LABELS
from messaging.routing import whom
from patients.actions import family_notes
from patients.actions.family_notes import Noticed
from patients.models import FamilyNote, TimelineEvent
from tests.cast import permit
from tests.consents.acting import child, record, relative
from tests.consents.views.pages import bare, text_of

TEXT = "Up until 4 am three nights. <b>x</b>"
SAID = "Up until 4 am three nights."
OBSERVATIONS = CATEGORIES["observations"]


pytestmark = pytest.mark.usefixtures("demo")


def reader(cast, who):
    client = Client()
    client.force_login(cast.user(who))
    return client


def page(cast, who, name="family_notes"):
    return reader(cast, who).get(reverse(f"messaging:{name}", args=[cast.amina.pk]))


def sends(cast, who, **answers):
    filled = {
        "text": TEXT,
        "noticed_date": "yesterday",
        "mentions": "none",
        "form_key": str(uuid.uuid4()),
    } | answers
    address = reverse("messaging:family_tell", args=[cast.amina.pk])
    return reader(cast, who).post(address, filled)


def tell(cast, **fields) -> FamilyNote:
    return family_notes.tell(
        patient=cast.amina,
        noticed=Noticed(SAID, cast.at.date(), **fields),
        form_key=uuid.uuid4(),
        author=cast.hana,
        by=cast.user("hana"),
        at=cast.at,
    )


def told(cast) -> set:
    return {each.user_id for each in whom(TimelineEvent.objects.get(), at=cast.at)}


@pytest.mark.capability("S31")
def test_family_tells_and_sees_nothing_else(cast):
    form = text_of(page(cast, "hana", "family_tell"))
    assert "Amina can read what you write." in form and "988" in form
    key = str(uuid.uuid4())
    for _twice in range(2):
        assert sends(cast, "hana", form_key=key).status_code == 302
    note = FamilyNote.objects.get()
    assert note.author == cast.hana
    own = text_of(page(cast, "hana"))
    assert SAID in own and "Tell the team what you noticed" in own
    assert SAID in text_of(page(cast, "amina"))
    assert "<b>x</b>" not in page(cast, "amina").content.decode()
    chart = reader(cast, "hana").get(reverse("patients:chart", args=[cast.amina.pk]))
    assert "You can always tell the team what you notice." in text_of(chart)
    assert cast.user("amina").pk in told(cast)
    assert cast.user("hana").pk not in told(cast)


@pytest.mark.security("T05", "T89")
def test_the_team_reads_it_if_a_permission_says_so_and_else_nothing_of_it(cast):
    def without_marks(who):
        return bare(page(cast, who))

    # Chidi is on the team; what family noticed is not shared with him.
    before = without_marks("chidi")
    note = tell(cast)
    assert without_marks("chidi") == before
    assert cast.user("chidi").pk not in told(cast)
    permit(cast.amina, cast.chidi, at=cast.at, categories=OBSERVATIONS)
    assert SAID in without_marks("chidi")
    assert cast.user("chidi").pk in told(cast)
    by = cast.user("amina")
    consents.keep_back(item=note, party=cast.chidi, by=by, at=cast.at)
    assert without_marks("chidi") == before
    assert cast.user("chidi").pk not in told(cast)


def test_a_topic_of_it_needs_its_own_yes(cast):
    permit(cast.amina, cast.chidi, at=cast.at, categories=OBSERVATIONS)
    tell(cast, labels=LABELS["substance_use"], part2_origin=False)
    assert SAID not in text_of(page(cast, "chidi"))
    assert SAID in text_of(page(cast, "hana"))


def test_the_patient_says_who_reads_it(cast):
    note = tell(cast)
    address = ["family-note", note.pk]
    client = reader(cast, "amina")
    answer = client.get(
        reverse("patients:item_privacy", args=[cast.amina.pk, *address])
    )
    said = text_of(answer)
    assert "Who can see a note from family" in said
    assert f"Not for {cast.bram.name}" in said
    # The author keeps their own words: no box that changes nothing.
    assert f"{cast.hana.name} wrote this and keeps their own words." in said
    assert f"Not for {cast.hana.name}" not in said


def test_a_refusal_of_the_author_that_stands_can_be_taken_back(cast):
    note = tell(cast)
    by = cast.user("amina")
    consents.keep_back(item=note, party=cast.hana, by=by, at=cast.at)
    place = [cast.amina.pk, "family-note", note.pk]
    answer = reader(cast, "amina").get(reverse("patients:item_privacy", args=place))
    assert f"Not for {cast.hana.name}" in text_of(answer)


@pytest.mark.parametrize("who", ["amina", "bram", "gus", "ines"])
def test_nobody_else_tells_in_their_name(cast, who):
    assert sends(cast, who).status_code == 404
    assert not FamilyNote.objects.exists()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"text": ""}, "Write what you saw or heard."),
        ({"text": "x" * 301}, "Use 300 characters or fewer."),
        ({"noticed_date": "12/31/2099"}, "Choose today or a day before."),
        ({"mentions": []}, "Say what this mentions"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(cast, answers, said):
    assert said in text_of(sends(cast, "hana", **answers))
    assert not FamilyNote.objects.exists()


def test_nobody_is_flooded_and_a_key_of_another_takes_nothing(cast):
    for _each in range(family_notes.MOST_A_DAY):
        tell(cast)
    with pytest.raises(family_notes.TooManyError, match="enough for one day"):
        tell(cast)
    first = FamilyNote.objects.order_by("recorded_at").first()
    other = family_notes.tell(
        patient=cast.gus,
        noticed=Noticed("Something else", cast.at.date()),
        form_key=first.pk,
        author=cast.hana,
        by=cast.user("hana"),
        at=cast.at + timedelta(days=2),
    )
    assert other.pk != first.pk
    first.refresh_from_db()
    assert first.text == SAID


def test_whoever_left_tells_no_more(cast):
    consents.leave(
        participant=cast.amina.care_team.get(party=cast.hana),
        by=cast.user("amina"),
        at=cast.at,
        reason="left",
    )
    assert sends(cast, "hana").status_code == 404


def test_after_a_death_family_reads_what_it_told_and_is_promised_nothing(cast):
    tell(cast)
    consents.record_death(
        patient=cast.amina, died_at=cast.at, by=cast.ines, at=cast.at, document="x"
    )
    chart = reader(cast, "hana").get(reverse("patients:chart", args=[cast.amina.pk]))
    words = text_of(chart)
    assert "This record is closed" in words and "Read what you told" in words
    for wrong in ("Amina decides", "Amina sees", "Amina lets", "tell the team", "sent"):
        assert wrong not in words
    own = text_of(page(cast, "hana"))
    assert SAID in own
    assert "Tell the team" not in own and "Amina chooses" not in own
    assert page(cast, "hana", "family_tell").status_code == 404
    # The form stood open already: nothing is written, and its words are kept.
    late = sends(cast, "hana", text="She was so tired.")
    assert "This record is closed." in text_of(late)
    assert "She was so tired." in text_of(late)
    assert FamilyNote.objects.count() == 1


def test_who_acts_for_the_patient_reads_it_by_the_document(cast):
    tell(cast)
    agent = relative(cast.amina, "Rosa Haddad")
    record(cast, cast.amina, agent, "agent")
    client = Client()
    client.force_login(agent.user)
    address = reverse("messaging:family_notes", args=[cast.amina.pk])
    assert SAID in text_of(client.get(address))
    chart = client.get(reverse("patients:chart", args=[cast.amina.pk]))
    assert address in chart.content.decode()


@pytest.mark.security("T05")
def test_a_parent_reads_nothing_of_whom_the_child_alone_took_on(cast):
    noor = child(cast, born=cast.at.date().replace(year=cast.at.year - 15, day=1))
    mother = relative(noor, "Rosa Haddad")
    record(cast, noor, mother, "parent")
    friend = relative(noor, "Zara Novak")
    for party, by in ((friend, noor.user), (mother, mother.user)):
        consents.join(patient=noor, party=party, role="caregiver", by=by, at=cast.at)
    client = Client()
    client.force_login(mother.user)
    address = reverse("messaging:family_notes", args=[noor.pk])
    before = bare(client.get(address))
    family_notes.tell(
        patient=noor,
        noticed=Noticed(SAID, cast.at.date()),
        form_key=uuid.uuid4(),
        author=friend,
        by=friend.user,
        at=cast.at,
    )
    assert bare(client.get(address)) == before
    client.force_login(noor.user)
    assert SAID in text_of(client.get(address))
