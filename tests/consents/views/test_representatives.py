"""The pages of who acts for a patient: recorded, read, stopped; a death and its end."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consents import actions
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Reader, decide
from consents.models import Death, Incapacity, Representative
from providers.models import CareTeamParticipant
from tests.consents.acting import child, record, relative, signs
from tests.consents.test_decisions import condition
from tests.consents.views.pages import Pages, sign_in, text_of


@pytest.fixture
def rosa(cast):
    return relative(cast.amina, "Rosa Diallo")


@pytest.fixture
def ines(cast, settings):
    settings.DEMO = True
    client = Client()
    sign_in(client, cast.ines)
    return client


@pytest.fixture
def bram(cast, settings):
    settings.DEMO = True
    client = Client()
    sign_in(client, cast.user("bram"))
    return client


def office(name: str, *args: object) -> str:
    return reverse(f"consents:{name}", args=args)


def paper(**answers) -> dict:
    return {
        "email": "rosa@cast.example",
        "relationship": "SIB",
        "kind": "agent",
        "document": "Health care proxy of Jan 5, 2026",
        "categories": ["medications", "allergies"],
        "may_sign": "on",
        "seen": "on",
    } | answers


def states(bram, cast, reason="Does not know the day or the place."):
    address = reverse("consents:incapacity", args=[cast.amina.pk])
    return bram.post(address, {"reason": reason, "sure": "on"})


@pytest.mark.capability("X1")
def test_a_clinician_states_the_officer_records_and_the_agent_acts(
    cast, rosa, ines, bram
):
    item = condition(cast, categories=CATEGORIES["medications"])
    reader = Reader(rosa.user_id, "PWATRNY", cast.at)
    to = office("acting_record", cast.amina.pk)
    unsaid = text_of(ines.post(to, paper(relationship="")))
    assert "Choose what they are to the patient." in unsaid
    assert '<option value="" selected>Choose' in ines.get(to).content.decode()
    refused = text_of(ines.post(to, paper()))
    assert "No clinician on the care team states" in refused
    states(bram, cast)
    assert not decide(item, reader).permitted, "a statement opens nothing by itself"
    own = Pages(Client(), cast.user("amina"), cast.amina).get("representatives")
    assert "that you cannot decide now." in text_of(own), "it stands"
    assert reverse("consents:report_conduct", args=[cast.amina.pk]) in text_of(own)
    waits = "cannot decide now, says Dr. Bram Visser"
    assert waits in text_of(ines.get(reverse("consents:privacy")))
    assert ines.post(to, paper()).status_code == 302
    held = Representative.objects.get()
    assert (held.party, held.stated_by, held.checked_by) == (rosa, cast.bram, cast.ines)
    later = Reader(rosa.user_id, "PWATRNY", held.starts_at)
    assert decide(item, later).permitted
    assert waits not in text_of(ines.get(reverse("consents:privacy"))), "it is done"
    page = text_of(ines.get(office("acting_patient", cast.amina.pk)))
    assert "Health care proxy of Jan 5, 2026" in page
    assert "Covers</dt><dd>Medicines, Allergies" in page
    assert "Diagnoses" in page.partition("Leaves out")[2]
    bram.post(
        reverse("consents:incapacity", args=[cast.amina.pk]),
        {"ends": str(Incapacity.objects.get().pk)},
    )
    held.refresh_from_db()
    assert held.ended_by == cast.user("bram")
    assert not decide(item, later).permitted


def test_a_paper_rests_on_the_first_statement_that_counts(cast, rosa, ines, bram):
    """Found: a newer one, by who treats the patient no more, stood in its way."""
    states(bram, cast)
    chidi = cast.user("chidi")
    actions.state_incapacity(
        patient=cast.amina,
        party=cast.chidi,
        reason="Does not know me.",
        by=chidi,
        at=cast.at + timedelta(hours=1),
    )
    member = CareTeamParticipant.objects.get(patient=cast.amina, party=cast.chidi)
    actions.leave(participant=member, by=chidi, at=cast.at, reason="left")
    to = office("acting_record", cast.amina.pk)
    assert ines.post(to, paper()).status_code == 302
    assert Representative.objects.get().stated_by == cast.bram


def test_stating_it_twice_never_takes_it_back(cast, rosa, ines, bram):
    """A double click, or a second tab, once ended the statement and every agent."""
    states(bram, cast)
    ines.post(office("acting_record", cast.amina.pk), paper())
    held, row = Representative.objects.get(), Incapacity.objects.get()
    states(bram, cast)
    address = reverse("consents:incapacity", args=[cast.amina.pk])
    for said in ({}, {"ends": ""}, {"ends": str(held.pk)}, {"reason": "x"}):
        bram.post(address, said)
    held.refresh_from_db()
    assert held.ended_at is None
    assert list(Incapacity.objects.values("pk", "ended_at")) == [
        {"pk": row.pk, "ended_at": None}
    ]
    ends = {"ends": str(row.pk)}
    assert bram.post(address, ends).status_code == 302
    row.refresh_from_db()
    assert row.ended_at
    bram.post(address, ends)
    assert Incapacity.objects.count() == 1, "nor is taking it back taken for stating it"


def test_who_saw_a_paper_is_not_written_over(cast, rosa, ines, bram):
    states(bram, cast)
    ines.post(office("acting_record", cast.amina.pk), paper())
    held = Representative.objects.get()
    again = ines.post(
        office("acting_check", held.pk), {"document": "Another paper", "seen": "on"}
    )
    assert "This paper was checked already." in text_of(again)
    seen = held.document
    held.refresh_from_db()
    assert held.document == seen


def test_the_officer_reaches_every_paper_however_many_there_are(
    cast, rosa, ines, bram, monkeypatch
):
    monkeypatch.setattr("consents.access.representatives.MOST", 0)
    states(bram, cast)
    ines.post(office("acting_record", cast.amina.pk), paper())
    held = Representative.objects.get()
    assert ines.post(office("acting_end", held.pk)).status_code == 302
    held.refresh_from_db()
    assert held.ended_at


def test_a_statement_is_the_clinicians_own(cast, bram, settings):
    states(bram, cast)
    row = Incapacity.objects.get()
    jon = Client()
    sign_in(jon, cast.user("jon"))
    page = text_of(jon.get(reverse("consents:incapacity", args=[cast.amina.pk])))
    assert "does not know the day" not in page.lower()
    with pytest.raises(actions.RuleError):
        actions.end_incapacity(incapacity=row, by=cast.user("jon"), at=cast.at)
    with pytest.raises(actions.RuleError):
        actions.state_incapacity(
            patient=cast.amina,
            party=cast.dana,
            reason="x",
            by=cast.user("dana"),
            at=cast.at,
        )


def test_nothing_is_kept_without_examining_and_without_words(cast, bram):
    address = reverse("consents:incapacity", args=[cast.amina.pk])
    for answers in ({"reason": "x"}, {"sure": "on"}, {"reason": " ", "sure": "on"}):
        bram.post(address, answers)
    assert not Incapacity.objects.exists()


SAME = ("amina@cast.example", "A.mina+mum@cast.example", "nobody@cast.example")


@pytest.mark.parametrize("email", SAME)
def test_the_officer_is_told_nothing_of_whose_address_it_is(cast, ines, email):
    """T92, L22: without an account and with the patient's own: the same words."""
    from carecoord.models import User

    if "+" in email:
        User.objects.create_user(email, "x" * 20, name="Rosa Diallo")
    to = office("acting_record", cast.amina.pk)
    page = text_of(ines.post(to, paper(email=email, kind="guardian")))
    if email != "amina@cast.example":
        assert "This person cannot be recorded here." in page
    assert not Representative.objects.exists()
    close = cast.amina.related_persons.values_list("party__name", flat=True)
    assert list(close) == ["Hana Diallo"]


def test_one_patient_is_found_by_name_and_birth_date_alone(cast, ines):
    to = office("acting")
    found = ines.post(to, {"name": "amina  diallo", "born": "Feb 14, 1991"})
    assert found["Location"] == office("acting_patient", cast.amina.pk)
    page = text_of(ines.post(to, {"name": "Amina Diallo", "born": "Feb 15, 1991"}))
    assert "There is no record with this name and this birth date." in page
    assert "Gus Moreau" not in page


@pytest.mark.capability("X1")
def test_the_patient_stops_an_agent_in_three_taps(cast, rosa, client, settings):
    settings.DEMO = True
    held = record(cast, cast.amina, rosa, "agent")
    pages = Pages(client, cast.user("amina"), cast.amina)
    first = pages.address("representatives")
    assert first in text_of(pages.get("sharing"))
    second = pages.address("representative_stop", held.pk)
    assert second in text_of(client.get(first))
    pages.page = client.get(second)
    pages.send()
    held.refresh_from_db()
    assert held.ended_by == cast.user("amina")
    after = text_of(pages.get("representatives"))
    assert "ended by Amina Diallo" in after and second not in after


@pytest.mark.parametrize("kind", ["guardian", "agent"])
def test_whoever_acts_reads_of_themselves_alone_and_may_stop(cast, rosa, kind):
    other = relative(cast.amina, "Tariq Diallo")
    record(cast, cast.amina, other, "guardian", document="CNRYpaper")
    held = record(cast, cast.amina, rosa, kind)
    pages = Pages(Client(), rosa.user, cast.amina)
    page = text_of(pages.get("representatives"))
    assert "Tariq" not in page and "CNRYpaper" not in page
    pages.get("representative_stop", held.pk)
    pages.send()
    held.refresh_from_db()
    assert held.ended_by == rosa.user
    assert pages.get("representatives").status_code == 404


def test_what_a_court_gave_the_patient_does_not_end_here(cast, rosa, client):
    held = record(cast, cast.amina, rosa, "guardian")
    pages = Pages(client, cast.user("amina"), cast.amina)
    assert "You cannot end this one here." in text_of(pages.get("representatives"))
    assert pages.get("representative_stop", held.pk).status_code == 404
    with pytest.raises(actions.RuleError):
        actions.stop_acting(representative=held, by=cast.user("amina"), at=cast.at)


def test_the_page_says_to_whom_a_paper_is_shown(cast, client, settings):
    page = text_of(Pages(client, cast.user("amina"), cast.amina).get("representatives"))
    assert "Nobody acts for you" in page and "must see such a paper first" in page
    assert settings.JURISDICTION.operator.contact in page


def test_the_officer_ends_what_stands(cast, rosa, ines):
    held = record(cast, cast.amina, rosa, "guardian")
    ines.post(office("acting_end", held.pk))
    held.refresh_from_db()
    assert held.ended_by == cast.ines
    assert ines.get(office("acting_end", held.pk)).status_code == 404


def test_of_a_parent_it_says_what_the_law_leaves_to_the_child(cast, client):
    noor = child(cast, born=cast.at.date().replace(day=1, year=cast.at.year - 14))
    parent = relative(noor, "Rosa Haddad")
    record(cast, noor, parent, "parent", labels=LABELS.all)
    page = text_of(Pages(client, noor.user, noor).get("representatives"))
    out = page.partition("Leaves out")[2]
    for code in LABELS:
        assert code.word in out, code.name
    people = "anything that names people who joined the care team without a parent"
    assert people in out
    guardian = relative(noor, "Lina Haddad")
    record(cast, noor, guardian, "guardian", labels=LABELS.all)
    page = text_of(Pages(client, noor.user, noor).get("representatives"))
    assert page.count(people) == 1


# Death -----------------------------------------------------------------------------


@pytest.mark.capability("X1")
def test_a_death_says_before_what_it_closes_and_a_mistake_is_corrected(
    cast, rosa, ines
):
    record(cast, cast.amina, rosa, "guardian")
    item = condition(cast)
    jon = Reader(cast.user("jon").pk, "TREAT", cast.at)
    to = office("acting_death", cast.amina.pk)
    before = text_of(ines.get(to))
    for words in ("3 permissions to see", "1 person who acts", "patient’s sign-in"):
        assert words in before, words
    assert "The patient reads this" not in before, "the patient is dead"
    refused = ines.post(to, {"day": "today", "document": "Certificate"})
    assert refused.status_code == 200 and not Death.objects.exists()
    ines.post(to, {"day": "Nov 1, 2025", "document": "Certificate", "seen": "on"})
    assert not decide(item, jon).permitted
    cast.amina.refresh_from_db()
    assert cast.amina.died_at and not cast.amina.user.is_active
    after = text_of(ines.get(office("acting_patient", cast.amina.pk)))
    assert "Has a sign-in" not in after and "The sign-in is closed." in after
    assert "The paper has no last day" not in after and "with the death" in after
    estate = relative(cast.amina, "Tariq Diallo")
    record(cast, cast.amina, estate, "estate")
    fix = office("acting_death_correct", cast.amina.pk)
    assert fix in text_of(ines.get(office("acting_patient", cast.amina.pk)))
    ines.post(fix, {"why": "Another Amina Diallo.", "death": Death.objects.get().pk})
    cast.amina.refresh_from_db()
    cast.amina.user.refresh_from_db()
    assert cast.amina.died_at is None and cast.amina.user.is_active
    assert decide(item, jon).permitted
    assert decide(item, Reader(rosa.user_id, "PWATRNY", cast.at)).permitted
    assert not decide(item, Reader(estate.user_id, "PWATRNY", cast.at)).permitted
    assert Death.objects.get().corrected_by == cast.ines
    stays = text_of(ines.get(office("acting_patient", cast.amina.pk)))
    assert "recorded a death by mistake" in stays and "Another Amina Diallo." in stays


@pytest.mark.capability("X1")
def test_whoever_acts_for_the_estate_reads_that_sharing_is_over(cast, client):
    actions.record_death(
        patient=cast.amina, died_at=cast.at, by=cast.ines, at=cast.at, document="x"
    )
    estate = relative(cast.amina, "Tariq Diallo")
    record(cast, cast.amina, estate, "estate")
    tariq = Pages(client, estate.user, cast.amina)
    for page in (
        tariq.get("sharing"),
        tariq.get("receipts"),
        tariq.get("receipt", cast.amina_to_bram.pk),
    ):
        assert page.status_code == 200
        assert "Sharing until" not in text_of(page)


@pytest.mark.capability("X1")
def test_after_a_death_the_team_reads_that_the_record_is_closed(cast, client, bram):
    """It said that the patient can say yes or no, and offered to ask."""
    chart = reverse("patients:chart", args=[cast.amina.pk])
    ask = reverse("consents:ask", args=[cast.amina.pk])
    states(bram, cast)
    actions.record_death(
        patient=cast.amina, died_at=cast.at, by=cast.ines, at=cast.at, document="x"
    )
    page = text_of(bram.get(chart))
    assert "recorded the death of this patient" in page and "record is closed" in page
    assert "can say yes or no" not in page and "up to the patient" not in page
    for name in ("consents:ask", "consents:emergency", "messaging:update_new"):
        assert reverse(name, args=[cast.amina.pk]) not in page, name
    assert bram.get(ask).status_code == 404
    with pytest.raises(actions.RuleError, match="A death is recorded"):
        actions.ask(
            patient=cast.amina,
            recipient=cast.bram,
            asked_by=cast.bram,
            categories=CATEGORIES["medications"],
            purposes=1,
            at=cast.at,
        )
    sign_in(client, cast.user("hana"))
    family = text_of(client.get(chart))
    assert "record is closed" in family and "death" not in family


def test_a_sign_in_that_was_closed_before_stays_closed(cast, ines):
    cast.amina.user.is_active = False
    cast.amina.user.save()
    to = office("acting_death", cast.amina.pk)
    ines.post(to, {"day": "Nov 1, 2025", "document": "Certificate", "seen": "on"})
    fix = office("acting_death_correct", cast.amina.pk)
    ines.post(fix, {"why": "A mistake.", "death": Death.objects.get().pk})
    cast.amina.user.refresh_from_db()
    assert not cast.amina.user.is_active


def test_nobody_records_anything_about_themselves(cast):
    noor = child(cast, born=cast.at.date().replace(day=1, year=cast.at.year - 30))
    noor.user.is_privacy_officer = True
    noor.user.save()
    with pytest.raises(actions.RuleError):
        actions.record_death(
            patient=noor, died_at=cast.at, document="x", by=noor.user, at=cast.at
        )
    rosa = relative(noor, "Rosa Haddad")
    with pytest.raises(actions.RuleError):
        record(cast, noor, rosa, "guardian", by=noor.user)


# What outlives a paper ---------------------------------------------------------------


@pytest.mark.capability("X1")
def test_what_somebody_signed_who_acts_no_longer_waits_for_the_patients_word(
    cast, rosa, client
):
    held = record(cast, cast.amina, rosa, "agent")
    scope = {"categories": CATEGORIES["goals"], "purposes": PURPOSES["TREAT"]}
    permit = signs(held, cast.chidi, at=cast.at, **scope)
    place = reverse("consents:representatives", args=[cast.amina.pk])
    asked = "1 permission that they signed for you goes on. Is it right for you?"
    amina = Pages(client, cast.user("amina"), cast.amina)
    assert asked not in text_of(amina.client.get(place)), "while she acts"
    actions.end_representative(representative=held, by=cast.ines, at=cast.at)
    page = amina.client.get(place)
    assert asked in text_of(page) and "Goals" in text_of(page)
    for address in (
        f"{reverse('consents:grant', args=[cast.amina.pk])}?again={permit.pk}",
        reverse("consents:revoke", args=[cast.amina.pk, permit.pk]),
    ):
        assert address in page.content.decode()
        assert amina.client.get(address, follow=True).status_code == 200
    actions.revoke(consent=permit, by=cast.amina.user, at=cast.at)
    assert "goes on. Is it right" not in text_of(amina.client.get(place))


def test_the_patient_reads_that_a_death_was_recorded_by_mistake(client, cast, rosa):
    record(cast, cast.amina, rosa, "agent")
    actions.record_death(
        patient=cast.amina, died_at=cast.at, by=cast.ines, at=cast.at, document="x"
    )
    why = "The paper is of another Amina Diallo, of Ohio."
    actions.correct_death(death=Death.objects.get(), why=why, by=cast.ines, at=cast.at)
    cast.amina.user.refresh_from_db()
    amina = Pages(client, cast.amina.user, cast.amina)
    words = text_of(amina.get("representatives"))
    assert "recorded by mistake" in words and "that you had died" in words
    assert "Ohio" not in words
    other = Pages(Client(), rosa.user, cast.amina)
    assert "by mistake" not in text_of(other.get("representatives"))
