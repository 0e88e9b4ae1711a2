"""The overview, one person, stopping, "never", and what is kept back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents import actions, scopes
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Reader
from consents.models import Consent, ItemDeny
from patients.models import Condition
from tests.cast import permit, signature, user
from tests.consents.test_decisions import condition, reader
from tests.consents.views.pages import Pages, bare, text_of
from tests.consents.views.test_log import look

pytestmark = pytest.mark.usefixtures("demo")


def sees(cast, who) -> list:
    later = timedelta(minutes=1)
    return list(Condition.objects.permitted(reader(cast, who, later=later)))


def test_the_overview_has_a_card_for_everyone_on_the_team(amina, cast):
    html = text_of(amina.get("sharing"))
    for words in ("Dr. Bram Visser", "Dr. Jon Ortiz", "Chidi Okafor", "Hana Diallo"):
        assert words in html
    assert "Sharing until" in html and "Sees nothing." in html
    assert "Stop sharing" not in html


def test_someone_who_left_is_shown_as_seeing_nothing(amina, cast):
    html = text_of(amina.get("sharing"))
    assert "Fatou Sow" in html
    assert "Sees nothing: not on your care team now." in html


def test_alone_the_product_works_and_nobody_nags(client, cast):
    gus = Pages(client, cast.user("gus"), cast.gus)
    html = text_of(gus.get("sharing"))
    assert "Everything works for you alone" in html
    assert "Stopped by you" in html
    for nag in ("should", "recommend", "!"):
        assert nag not in html.split("<main")[1].split("</main>")[0].replace("<!", "")


def test_the_overview_asks_the_same_number_of_queries_for_many(amina, cast):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert amina.get("sharing").status_code == 200
        return len(caught)

    queries()  # the first page of a session also writes the session
    few = queries()
    from providers import actions as providers

    for number in range(8):
        person = user(f"Number{number} Person")
        party = providers.add_practitioner(
            name=person.name, profession="psychiatrist", user=person
        ).party
        actions.join(
            patient=cast.amina,
            party=party,
            role="psychiatrist",
            by=cast.amina.user,
            at=cast.at,
        )
        permit(cast.amina, party, at=cast.at)
    assert queries() == few


def test_the_chips_of_a_card_are_the_scope_of_the_rule(amina, cast):
    permit(
        cast.amina,
        cast.hana,
        at=cast.at,
        purposes=PURPOSES["FAMRQT"],
        categories=CATEGORIES["goals"],
    )
    actions.deny(
        patient=cast.amina,
        terms=actions.Terms(
            recipient=cast.bram,
            categories=CATEGORIES["history"],
            purposes=PURPOSES.all,
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=9),
        ),
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
    )
    permit(
        cast.amina, cast.harbor.party, at=cast.at, categories=CATEGORIES["documents"]
    )
    for card in amina.get("sharing").context["people"]:
        if not card.party.user_id or not card.on_team:
            continue
        masks = 0
        for purpose in ("TREAT", "COC", "FAMRQT"):
            asked = Reader(card.party.user_id, purpose, cast.at + timedelta(minutes=1))
            masks |= scopes.scope(cast.amina.pk, asked).categories
        assert card.scope.categories == masks, card.party


def test_the_person_page_counts_real_items(amina, cast):
    condition(cast)
    condition(cast, labels=LABELS["hiv"])
    html = text_of(amina.get("person", cast.bram.pk))
    assert "Diagnoses: 1 diagnosis" in html
    assert "HIV (1 diagnosis)" in html
    assert "Notes from therapy talks" in html


@pytest.mark.capability("S54")
def test_stopping_takes_three_taps_and_counts_at_once(amina, cast):
    condition(cast)
    assert sees(cast, "bram")
    person = text_of(amina.get("person", cast.bram.pk))
    assert "Stop sharing with Dr. Bram Visser" in person
    page = text_of(amina.get("revoke", cast.bram.pk))
    assert "Dr. Bram Visser keeps what was already read or printed." in page
    answer = amina.send()
    assert sees(cast, "bram") == []
    receipt = text_of(amina.client.get(answer["Location"]))
    assert "Sharing ended" in receipt and "Share the same again" in receipt


def test_each_permission_of_a_person_says_what_it_covers(amina, cast):
    permit(cast.amina, cast.bram, at=cast.at, categories=CATEGORIES["documents"])
    page = text_of(amina.get("person", cast.bram.pk)).split("Your permissions")[1]
    cards = page.split("<section")[1:3]
    assert ["Papers" in card for card in cards] in ([True, False], [False, True])
    assert sum("Diagnoses" in card for card in cards) == 1


def test_stopping_twice_is_stopping_once(amina, cast):
    amina.get("revoke", cast.bram.pk)
    amina.send()
    first = Consent.objects.get(pk=cast.amina_to_bram.pk).revoked_at
    answer = amina.client.post(amina.address("revoke", cast.bram.pk))
    assert answer.status_code == 302
    assert Consent.objects.get(pk=cast.amina_to_bram.pk).revoked_at == first


def test_the_id_of_a_permission_stops_it_too(amina, cast):
    condition(cast)
    amina.client.post(amina.address("revoke", cast.amina_to_bram.pk))
    assert sees(cast, "bram") == []


def test_what_still_comes_through_an_organization_is_said(amina, cast):
    condition(cast)
    permit(cast.amina, cast.harbor.party, at=cast.at)
    page = amina.get("revoke", cast.bram.pk)
    assert "Sharing with Harbor Clinic" in text_of(page)
    answer = amina.send()
    assert sees(cast, "bram")
    receipt = text_of(amina.client.get(answer["Location"]))
    assert "still sees what you share with Harbor Clinic" in receipt
    assert "still sees what is shared with Harbor Clinic." in receipt
    assert "cannot open the record" not in receipt
    amina.get("revoke", cast.bram.pk)
    amina.send(also=[str(cast.harbor.party.pk)])
    assert sees(cast, "bram") == []


def test_what_was_seen_before_is_listed_honestly(amina, cast, client):
    from consents.access import Reading, open_for

    condition(cast)
    reading = Reading(user=cast.user("bram"), entrance="consents:ask")
    opened = open_for(reading, cast.amina.pk, writes=False)
    opened.items(Condition.objects.all())
    opened.reading.write_disclosures()
    html = text_of(amina.get("revoke", cast.bram.pk))
    assert "Already seen: Diagnoses." in html
    assert "Never downloaded." in html
    assert re.search(r"Dr\. Bram Visser looked on \w{3} \d+, \d{4}\.", html)
    assert "between" not in html
    assert "has not looked at anything here" in text_of(
        amina.get("revoke", cast.jon.pk)
    )


def test_of_an_organization_it_is_what_its_people_saw(amina, cast):
    condition(cast)
    permit(cast.amina, cast.oak.party, at=cast.at)
    address = cast.oak.party.pk
    assert "has not looked at anything here" in text_of(amina.get("revoke", address))
    look(cast, "chidi")
    html = text_of(amina.get("revoke", address))
    assert "Who looked there: Chidi Okafor." in html
    assert "Already seen: Diagnoses." in html
    assert "has not looked" not in html


def test_a_receipt_of_a_stop_is_true_after_sharing_again(amina, cast):
    amina.client.post(amina.address("revoke", cast.bram.pk))
    receipt = ("receipt", cast.amina_to_bram.pk)
    assert "cannot open the record from now on" in text_of(amina.get(*receipt))
    permit(cast.amina, cast.bram, at=cast.at)
    html = text_of(amina.get(*receipt))
    assert "cannot open the record" not in html
    assert "sees what a newer permission allows" in html


def test_an_end_by_event_is_said_by_the_patient_in_one_place(amina, cast):
    permit(cast.amina, cast.chidi, at=cast.at, ends_event="I move to another clinic")
    html = text_of(amina.get("person", cast.chidi.pk))
    assert "It has happened: stop sharing" in html
    assert "It has happened" not in text_of(amina.get("person", cast.bram.pk))


@pytest.mark.capability("S54")
def test_after_a_stop_the_clinician_gets_what_a_never_granted_member_gets(
    amina, cast, client
):
    condition(cast)
    amina.client.post(amina.address("revoke", cast.bram.pk))
    answers = {}
    for who in ("bram", "chidi"):
        client.force_login(cast.user(who))
        page = client.get(amina.address("ask"))
        assert page.status_code == 200
        html = bare(page).replace(cast.user(who).name, "NAME")
        answers[who] = html
        assert "Nothing is shared with you now." in html
    assert answers["bram"] == answers["chidi"]


def test_never_beats_permissions_until_it_is_lifted(amina, cast):
    condition(cast)
    amina.get("never", cast.bram.pk)
    amina.send(extent="all", signed_name="Amina Diallo", agree="on")
    deny = Consent.objects.latest("signed_at")
    assert deny.decision == "deny" and "Never share with" in deny.text
    assert sees(cast, "bram") == []
    assert "never" in text_of(amina.get("sharing"))
    receipt = text_of(amina.get("receipt", deny.pk))
    assert "Never, until you lift it" in receipt and "Sharing until" not in receipt
    page = text_of(amina.get("lift", deny.pk))
    assert "Diagnoses: 1 diagnosis" in page
    amina.send()
    assert sees(cast, "bram")


@pytest.mark.parametrize(
    ("answers", "categories", "labels"),
    [
        ({"extent": "kinds", "kinds": ["goals"]}, CATEGORIES["goals"], 0),
        ({"extent": "topics", "topics": ["hiv"]}, CATEGORIES.all, LABELS["hiv"]),
    ],
)
def test_never_can_be_about_a_part(amina, cast, answers, categories, labels):
    amina.get("never", cast.bram.pk)
    amina.send(signed_name="Amina Diallo", agree="on", **answers)
    deny = Consent.objects.latest("signed_at")
    assert (deny.categories, deny.labels) == (categories, labels)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({}, "Choose what they should never see."),
        ({"extent": "kinds"}, "Tick at least one."),
        ({"extent": "all", "signed_name": "Nobody"}, "Type your name as on your"),
    ],
)
def test_never_needs_its_answers_and_a_name(amina, cast, answers, message):
    amina.get("never", cast.bram.pk)
    page = amina.send(**{"signed_name": "Amina Diallo", "agree": "on"} | answers)
    assert message in text_of(page)
    assert not Consent.objects.filter(decision="deny").exists()


def test_never_signed_twice_is_one(amina, cast):
    page = amina.get("never", cast.bram.pk)
    for _ in range(2):
        amina.page = page
        amina.send(extent="all", signed_name="Amina Diallo", agree="on")
    assert Consent.objects.filter(decision="deny").count() == 1


def test_what_is_kept_back_is_listed_and_can_be_given_back(amina, cast):
    item = condition(cast)
    actions.keep_back(item=item, by=cast.amina.user, at=cast.at)
    actions.keep_back(
        item=condition(cast, name="asthma"),
        by=cast.amina.user,
        at=cast.at,
        party=cast.bram,
    )
    html = text_of(amina.get("sharing"))
    assert "panic disorder" in html and "Only you see it" in html
    assert "Not for Dr. Bram Visser" in html
    assert sees(cast, "bram") == []
    deny = ItemDeny.objects.get(lineage=item.lineage)
    amina.get("give_back", deny.public_id)
    amina.send()
    assert sees(cast, "bram") == [item]


def test_an_old_page_that_sends_on_lifts_no_only_me(amina, cast):
    """It asked about what waited, not about what the patient kept back since."""
    item = condition(cast)
    actions.let_wait(item=item, by=cast.user("bram"), at=cast.at)
    deny = ItemDeny.objects.get(lineage=item.lineage)
    assert "Send this on?" in text_of(amina.get("give_back", deny.public_id))
    actions.keep_back(item=item, by=cast.amina.user, at=cast.at)
    again = text_of(amina.send())
    assert "You kept this back in another window" in again
    assert "Give this back to your record?" in again
    assert sees(cast, "bram") == []
    amina.send()
    assert sees(cast, "bram") == [item]


def test_keeping_an_item_back_is_no_business_of_another_patient(client, cast):
    item = condition(cast)
    actions.keep_back(item=item, by=cast.amina.user, at=cast.at)
    gus = Pages(client, cast.user("gus"), cast.gus)
    assert gus.get("give_back", ItemDeny.objects.get().public_id).status_code == 404


def test_states_are_said_in_words(amina, cast):
    day = timedelta(days=1)
    for until, words in ((9 * day, "Ends in"), (400 * day, "Sharing until")):
        permit(cast.amina, cast.chidi, at=cast.at, ends_at=cast.at + until)
        assert words in text_of(amina.get("person", cast.chidi.pk))
