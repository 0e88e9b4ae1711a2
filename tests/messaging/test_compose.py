"""The composer: nothing chosen, nothing lost, nothing sent by mistake."""

import json
import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES, LABELS
from consents.models import Disclosure
from messaging.actions import drafts
from messaging.models import Update, UpdateDraft
from patients.models import Observation
from tests.cast import permit
from tests.messaging.writing import (
    carried,
    content,
    newest,
    row,
    send,
    signed_in,
    typed,
    words,
)


def address(cast):
    return reverse("messaging:update_new", args=[cast.amina.pk])


@pytest.fixture
def chidi(cast):
    return signed_in(cast, "chidi")


def post(chidi, cast, action, *to, **said):
    return chidi.post(address(cast), typed(cast, *to, **said) | {"action": action})


# The page ---------------------------------------------------------------------------


def test_nothing_is_chosen_beforehand(cast, chidi):
    html = chidi.get(address(cast)).content.decode()
    assert " checked" not in html
    assert " required" not in html


@pytest.mark.security("T87")
def test_it_says_who_reads_and_what_does_not_belong_here(cast, chidi):
    said = words(chidi.get(address(cast)))
    assert "Amina Diallo, born Feb 14, 1991" in said
    assert "Amina can read this." in said
    assert "Psychotherapy notes are not stored here" in said
    assert "Only use updates for non-urgent needs." in said
    assert "call or text 988" in said


@pytest.mark.security("T33")
def test_the_title_names_nobody(cast, chidi):
    html = chidi.get(address(cast)).content.decode()
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1]
    assert "Amina" not in title and "Diallo" not in title


def test_each_clinician_stands_with_what_consent_says(cast, chidi):
    permit(cast.amina, cast.chidi, at=cast.at)
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at)
    said = words(chidi.get(address(cast)))
    assert re.search(
        r"Dr\. Bram Visser, psychiatrist Sharing allowed until \w+ \d+, \d{4}", said
    )
    assert "Dr. Jon Ortiz, primary care Not shared." in said
    assert "Hana" not in said


def test_until_when_is_told_only_to_whom_the_team_is_shared_with(cast, chidi):
    said = words(chidi.get(address(cast)))
    assert "Dr. Bram Visser, psychiatrist Sharing allowed" in said
    assert "Sharing allowed until" not in said


def test_the_first_time_a_page_says_what_updates_are_not_for(cast, client):
    client.force_login(cast.user("chidi"))
    first = client.get(address(cast))
    assert "Only use updates for non-urgent needs" in words(first)
    assert "How soon?" not in words(first)
    again = client.post(address(cast), {"action": "understood"}, follow=True)
    assert "How soon?" in words(again)
    drafts.note_safety_notice(by=cast.user("chidi"), at=cast.at - timedelta(days=91))
    assert "How soon?" not in words(client.get(address(cast)))


@pytest.mark.parametrize("who", ["amina", "dana", "edo", "fatou", "hana", "gus"])
def test_nobody_else_composes(cast, who):
    client = signed_in(cast, who)
    assert client.get(address(cast)).status_code == 404
    assert post(client, cast, "send").status_code == 404
    assert not Update.objects.exists()
    assert not UpdateDraft.objects.exists()


def test_a_coordinator_does_not_write_updates(cast, chidi):
    participant = cast.amina.care_team.get(party=cast.chidi)
    participant.role = "care_coordinator"
    participant.save()
    assert chidi.get(address(cast)).status_code == 404


# Numbers ------------------------------------------------------------------------


def slept(cast, hours, *, author=None, at=None, labels=0):
    observation = Observation(
        patient=cast.amina,
        author=author,
        categories=CATEGORIES["measures"],
        labels=labels,
        measure="sleep_hours",
        value=Decimal(hours),
        occurred_at=at or cast.at - timedelta(days=2),
        recorded_at=cast.at,
        recorded_by=cast.amina.user,
        lineage=uuid.uuid4(),
    )
    observation.save()
    return observation


def test_the_last_value_is_one_that_the_author_may_see(cast, chidi):
    slept(cast, "6.5")
    assert "Sleep, hours a night none" in words(chidi.get(address(cast)))
    permit(cast.amina, cast.chidi, at=cast.at)
    assert "Sleep, hours a night 6.5" in words(chidi.get(address(cast)))


def test_showing_the_last_value_is_logged(cast, chidi):
    shared = slept(cast, "6.5")
    permit(cast.amina, cast.chidi, at=cast.at)
    chidi.get(address(cast))
    items = [item for each in Disclosure.objects.all() for item in each.items]
    assert ["patients.observation", str(shared.pk), 1] in items


def test_the_newest_value_wins_wherever_it_was_written(cast, chidi):
    permit(cast.amina, cast.chidi, at=cast.at)
    slept(cast, "6.5", at=cast.at - timedelta(days=5))
    send(cast, "chidi", "bram", at=cast.at - timedelta(days=1))
    assert "Sleep, hours a night 4" in words(chidi.get(address(cast)))


@pytest.mark.parametrize("kept", ["label", "only me", "not for chidi"])
def test_a_value_that_is_kept_back_is_no_value_to_compare_with(cast, chidi, kept):
    permit(cast.amina, cast.chidi, at=cast.at, labels=LABELS["private"])
    value = slept(cast, "6.5", labels=LABELS["private"] if kept == "label" else 0)
    if kept != "label":
        party = cast.chidi if kept == "not for chidi" else None
        consents.keep_back(item=value, by=cast.amina.user, at=cast.at, party=party)
    assert "Sleep, hours a night none" in words(chidi.get(address(cast)))
    post(chidi, cast, "send")
    assert newest().numbers.get().previous is None


def test_blank_is_not_asked(cast, chidi):
    post(chidi, cast, "send", sleep_hours="", panic_per_week="0")
    update = newest()
    assert [number.measure for number in update.numbers.all()] == ["panic_per_week"]
    assert update.appetite == "not_asked"


# Mistakes keep everything ------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"to": []}, "Choose who it is for."),
        ({"urgency": ""}, "Choose how soon."),
        ({"suicidal_thoughts": ""}, "Say if you asked about suicidal thoughts."),
        ({"ask": ""}, "Choose what you ask."),
        ({"mentions": []}, "Say what this mentions, or choose None of these."),
        ({"mentions": ["none", "hiv"]}, "Choose None of these alone"),
        ({"mentions": ["substance_use"]}, "Say if it comes from a treatment program."),
        ({"sleep_hours": "40"}, "enter a number from 0 to 24"),
        ({"sleep_hours": "four"}, "enter a number from 0 to 24"),
        ({"missed_doses_14": "2"}, "Say why doses were missed."),
        ({"what_changed": "x" * 281}, "Use 280 characters or fewer. You used 281."),
        ({"what_changed": "a\u202eb"}, "This text has a hidden character"),
        ({"ask": "advise"}, "Say what you need advice on."),
        ({"urgency": "information"}, "You ask for something. Choose how soon."),
        ({"answer_by": "Jan 1, 2020"}, "By when: enter today or a later day."),
        ({"since_date": "Jan 1, 2099"}, "Since when: enter a day that has been."),
        (
            {"suicidal_thoughts": "thoughts", "urgency": "information"},
            "Thoughts of suicide are never for information.",
        ),
        (
            {"suicidal_thoughts": "thoughts", "ask": "nothing"},
            "With thoughts of suicide, ask for something",
        ),
        (
            {"suicidal_thoughts": "plan", "urgency": "two_days"},
            "Plan, intent or attempt: choose Today, and call.",
        ),
    ],
)
def test_a_mistake_says_how_to_go_on_and_keeps_what_was_typed(
    cast, chidi, said, problem
):
    kept = {"if_then": "If she calls, then call me."}
    response = post(chidi, cast, "check", **(kept | said))
    html = response.content.decode()
    assert problem in words(response)
    assert "<title>Error:" in html
    assert "If she calls, then call me." in html
    assert not Update.objects.exists()


def test_a_number_that_breaks_two_bounds_is_one_problem(cast, chidi):
    said = words(post(chidi, cast, "check", days_able_to_work_10="99999"))
    # Once in the list of problems, once beside the field.
    assert said.count("enter a number from 0 to 10.") == 2


def test_280_characters_are_counted_as_typed(cast, chidi):
    text = "é" * 279 + "\r\n"
    assert "Check before you send" in words(
        post(chidi, cast, "check", what_changed=text)
    )


def test_text_is_escaped_wherever_it_stands(cast, chidi):
    evil = "<script>alert(1)</script> 3 times a week"
    checked = post(chidi, cast, "check", what_changed=evil)
    assert "<script>alert" not in checked.content.decode()
    chidi.post(address(cast), {"typed": carried(checked), "action": "send"})
    page = chidi.get(
        reverse("messaging:update", args=[cast.amina.pk, newest().pk])
    ).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_amounts_are_shown_in_their_safe_form(cast, chidi):
    said = words(post(chidi, cast, "check", what_changed="quetiapine 5.0mg since 3/11"))
    assert "5.0mg" not in said
    assert "5\xa0mg" in said or "5 mg" in said


# The check page ----------------------------------------------------------------------


def test_the_check_page_shows_what_the_receiver_will_see(cast, chidi):
    checked = post(chidi, cast, "check")
    preview = re.search(
        r'<div class="update">.*?(?=</section>)', checked.content.decode(), re.DOTALL
    )[0]
    chidi.post(address(cast), {"typed": carried(checked), "action": "send"})
    bram = signed_in(cast, "bram")
    work = bram.get(reverse("messaging:worklist")).content.decode()
    assert "".join(preview.split()) in "".join(work.split())


def test_it_says_to_whom_it_will_go_and_to_whom_not(cast, chidi):
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at)
    said = words(post(chidi, cast, "check", "bram", "jon"))
    assert "Dr. Bram Visser , psychiatrist Status: Will be sent" in said
    assert "Dr. Jon Ortiz , primary care Status: Held, not sent" in said
    assert "NOT SENT. Dr. Jon Ortiz has not been told." in said
    assert "Call now: (555) 010-0112." in said


def test_it_says_who_else_can_read_it_to_whom_the_team_is_shared_with(cast, chidi):
    assert "Others on the team" not in words(post(chidi, cast, "check"))
    permit(cast.amina, cast.chidi, at=cast.at)
    said = words(post(chidi, cast, "check"))
    assert "Others on the team who can read it: Dr. Jon Ortiz" in said


@pytest.mark.parametrize("text", ["Sleep 4 hours since Nov 3.", "lithium 300 mg daily"])
def test_the_line_about_medicines_is_always_there(cast, chidi, text):
    said = words(post(chidi, cast, "check", what_changed=text))
    assert "some readers may not have it on their list" in said


def test_a_vague_word_gets_one_question_and_never_blocks(cast, chidi):
    vague = "She is not doing well."
    first = post(chidi, cast, "check", what_changed=vague)
    assert "How often?" in words(first)
    assert "Send anyway" in words(first)
    again = chidi.post(address(cast), {"typed": carried(first), "action": "check"})
    assert "How often?" not in words(again)
    sent = chidi.post(address(cast), {"typed": carried(first), "action": "send"})
    assert sent.status_code == 302


def test_no_numbers_is_allowed_and_said(cast, chidi):
    said = words(post(chidi, cast, "check", sleep_hours=""))
    assert "No numbers yet." in said


def test_change_leads_back_with_everything_typed(cast, chidi):
    checked = post(chidi, cast, "check")
    back = chidi.post(
        address(cast), {"typed": carried(checked), "action": "change"}
    ).content.decode()
    assert "Sleep has dropped to 4 hours" in back
    assert re.search(r'value="two_days"[^>]* checked', back)
    assert "Error:" not in re.search(r"<title>.*?</title>", back, re.DOTALL)[0]


# A plan: call first -------------------------------------------------------------------


def plan(**said):
    return {
        "suicidal_thoughts": "plan",
        "urgency": "today",
        "ask": "call",
    } | said


@pytest.mark.parametrize("action", ["check", "send"])
def test_a_plan_leads_to_the_numbers_to_call_first(cast, chidi, action):
    said = words(post(chidi, cast, action, **plan()))
    assert "Call now, then write" in said
    assert "988" in said and "911" in said
    assert "Dr. Bram Visser : (555) 010-0110" in said
    assert not Update.objects.exists()


def test_after_the_call_it_is_written_down(cast, chidi):
    interrupted = post(chidi, cast, "check", **plan())
    assert '<input type="radio"' not in interrupted.content.decode()
    checked = chidi.post(
        address(cast), {"typed": carried(interrupted), "action": "go_on"}
    )
    assert "Check before you send" in words(checked)
    chidi.post(address(cast), {"typed": carried(checked), "action": "send"})
    assert newest().suicidal_thoughts == "plan"


# Labels, dates, corrections ----------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "stored"), [("yes", True), ("unsure", True), ("no", False)]
)
def test_the_answer_on_topics_becomes_labels(cast, chidi, origin, stored):
    post(chidi, cast, "send", mentions=["substance_use", "hiv"], origin=origin)
    update = newest()
    assert LABELS.names(update.labels) == ["substance_use", "hiv"]
    assert update.part2_origin is stored
    assert row(update, cast, "bram").status == "held"


def test_by_when_follows_from_how_soon(cast, chidi):
    post(chidi, cast, "send")
    first = newest().answer_by_date
    assert first.weekday() < 5
    post(chidi, cast, "send", urgency="next_visit")
    assert newest().answer_by_date is None
    post(chidi, cast, "send", answer_by="Dec 1, 2099")
    assert newest().answer_by_date.year == 2099


def test_a_correction_starts_from_what_was_sent(cast, chidi):
    update = send(cast, "chidi", "bram", said=content(if_then="If A, then B."))
    page = chidi.get(address(cast), {"corrects": str(update.pk)})
    html = page.content.decode()
    assert "Correct an update" in words(page)
    assert "If A, then B." in html
    assert not re.search(r'name="mentions"[^>]* checked', html)
    post(chidi, cast, "send", corrects=str(update.pk), what_changed="6 hours.")
    assert newest().corrects == update


@pytest.mark.parametrize("which", ["another's", "unknown", "nonsense"])
def test_only_own_versions_are_corrected(cast, chidi, which):
    permit(cast.amina, cast.chidi, at=cast.at)
    wanted = {
        "another's": str(send(cast, "bram", "jon").pk),
        "unknown": str(uuid.uuid4()),
        "nonsense": "nonsense",
    }[which]
    assert chidi.get(address(cast), {"corrects": wanted}).status_code == 404
    assert post(chidi, cast, "send", corrects=wanted).status_code in (200, 404)
    assert Update.objects.filter(author=cast.chidi).count() == 0


def test_what_is_carried_is_only_what_the_form_has(cast, chidi):
    checked = post(chidi, cast, "check", surprise="x")
    assert "surprise" not in json.loads(carried(checked))


def test_alone_on_the_team_there_is_nobody_to_write_to(cast):
    for participant in cast.amina.care_team.filter(ended_at=None):
        if participant.party not in (cast.chidi,):
            consents.leave(
                participant=participant, by=cast.amina.user, at=cast.at, reason="left"
            )
    said = words(signed_in(cast, "chidi").get(address(cast)))
    assert "No other clinician is on this care team yet." in said


def test_the_summary_of_problems_follows_the_page(cast, chidi):
    said = words(chidi.post(address(cast), {"action": "check"}))
    problems = [
        "Choose who it is for.",
        "Choose how soon.",
        "Say if you asked about suicidal thoughts.",
        "Choose what you ask.",
        "Say what this mentions",
    ]
    places = [said.index(problem) for problem in problems]
    assert places == sorted(places)
