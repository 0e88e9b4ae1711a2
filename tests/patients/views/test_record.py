"""The rest of the record: one set of pages for every kind of item."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents.codes import CATEGORIES
from consents.models import ItemDeny
from patients import models
from patients.actions import record
from patients.record_nouns import NOUNS
from tests.patients.records import fill, item
from tests.patients.views.test_chart import STRANGERS, TEAM, address, page, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

# For each kind: what is typed, and words that then stand on the summary.
TYPED = {
    "symptoms": ({"what": "panic on the bus", "since": "May"}, "panic on the bus"),
    "numbers": ({"measure": "sleep_hours", "value": "4.5"}, "Sleep, hours a night"),
    "decisions": ({"what": "Can we lower it?"}, "Can we lower it?"),
    "goals": ({"what": "ride the bus", "target": "daily"}, "ride the bus"),
    "conditions": ({"name": "asthma", "status": "active"}, "asthma"),
    "past-medicines": ({"name": "sertraline", "year": "2020"}, "sertraline"),
    "treatments": ({"what": "a group", "when": "2021"}, "a group"),
    "hospital": ({"where": "Mercy", "when": "Feb 2019"}, "Mercy, February 2019"),
    "contacts": ({"name": "Ana", "phone": "(555) 010-0142"}, "Ana (555) 010-0142"),
    "daily-life": ({"work_schedule": "nights"}, "Work: nights"),
}
MISSING = {
    "symptoms": "Write what is happening.",
    "numbers": "Choose which number it is.",
    "decisions": "Write what you want decided.",
    "goals": "Write what the goal is.",
    "conditions": "Write the diagnosis or condition.",
    "past-medicines": "Enter the name of the medicine.",
    "treatments": "Write what you tried.",
    "hospital": "Enter when it was. The year is enough.",
    "contacts": "Enter the phone number.",
}


def where(cast, slug: str, rest: str = "") -> str:
    return address(cast.amina, f"record/{slug}/{rest}")


def add(client, cast, slug: str, **more):
    client.force_login(cast.user("amina"))
    typed = {"key": str(uuid.uuid4()), **TYPED[slug][0], **more}
    return client.post(where(cast, slug, "add/"), typed)


def only(slug: str):
    noun = next(noun for noun in NOUNS if noun.slug == slug)
    return noun.model.objects.get()


def summary_of(client, cast, who: str) -> str:
    return page(client, cast, who, address(cast.amina, "summary.txt"))


# Letters ------------------------------------------------------------------------------


def test_the_own_record_has_plain_letters_and_the_paper_tall_ones(client, cast):
    """SCREENS A2: capitals in a name are for clinicians and for paper."""
    add(client, cast, "past-medicines", name="bupropion")
    for rest in ("record/", "record/past-medicines/", "summary/"):
        own = page(client, cast, "amina", address(cast.amina, rest))
        assert "bupropion" in own and "buPROPion" not in own
    assert "buPROPion" in page(client, cast, "bram", address(cast.amina, "summary/"))
    assert "buPROPion" in summary_of(client, cast, "amina")
    assert "buPROPion" in page(client, cast, "bram", address(cast.amina))


# Every kind ---------------------------------------------------------------------------


def test_every_kind_is_tried_here():
    assert set(TYPED) == {noun.slug for noun in NOUNS}


@pytest.mark.parametrize("slug", TYPED)
def test_what_the_patient_adds_stands_on_the_summary(client, cast, slug):
    answer = add(client, cast, slug)
    assert answer.status_code == 302
    assert TYPED[slug][1] in summary_of(client, cast, "amina")
    assert TYPED[slug][1] in summary_of(client, cast, "bram")
    saved = only(slug)
    assert saved.recorded_by == cast.amina.user
    assert saved.lineage == saved.pk
    assert [each.history_user for each in saved.history.all()] == [cast.amina.user]


def test_only_me_is_kept_from_the_first_second(client, cast):
    for slug in TYPED:
        add(client, cast, slug, keep=["me"])
    own, shared = summary_of(client, cast, "amina"), summary_of(client, cast, "bram")
    for slug, (_typed, words) in TYPED.items():
        assert words in own, slug
        assert words not in shared, slug


@pytest.mark.security("T70")
def test_sent_twice_is_saved_once(client, cast):
    for slug in TYPED:
        key = str(uuid.uuid4())
        for _click in range(2):
            assert add(client, cast, slug, key=key).status_code == 302
        # Posted by a browser, a key is never an id.
        assert str(only(slug).pk) != key


def test_what_is_missing_is_said_in_a_sentence(client, cast):
    client.force_login(cast.user("amina"))
    for slug, words in MISSING.items():
        answer = client.post(where(cast, slug, "add/"), {})
        html = answer.content.decode()
        assert answer.status_code == 200
        assert words in html
        assert "<title>Error:" in html
        assert "invalid" not in html.replace("aria-invalid", "").lower()


def test_nothing_is_ticked_before_the_patient_ticks_it(client, cast):
    for slug in TYPED:
        html = page(client, cast, "amina", where(cast, slug, "add/"))
        assert " checked" not in html, slug


@pytest.mark.parametrize("slug", TYPED)
def test_a_change_is_a_new_version(client, cast, slug):
    add(client, cast, slug)
    saved = only(slug)
    change = where(cast, slug, f"{saved.pk}/change/")
    form = page(client, cast, "amina", change)
    assert f'name="version" value="{saved.version}"' in form
    typed = {**TYPED[slug][0], "version": saved.version}
    text = next(
        name
        for name in ("what", "name", "where", "work_schedule", "note")
        if name in form_fields(slug)
    )
    assert client.post(change, {**typed, text: "other words"}).status_code == 302
    saved.refresh_from_db()
    assert getattr(saved, text) == "other words"
    assert saved.version == 2
    assert saved.history.count() == 2
    assert "other words" in summary_of(client, cast, "bram").lower()


def form_fields(slug: str):
    return next(noun for noun in NOUNS if noun.slug == slug).form.base_fields


@pytest.mark.parametrize("slug", [slug for slug in TYPED if slug != "daily-life"])
def test_a_mistake_is_asked_about_once_and_goes_off_every_page(client, cast, slug):
    add(client, cast, slug)
    saved = only(slug)
    mistake = where(cast, slug, f"{saved.pk}/mistake/")
    assert "Was this entered by mistake?" in page(client, cast, "amina", mistake)
    assert client.post(mistake, {"version": "1"}).status_code == 302
    for who in ("amina", "bram"):
        assert TYPED[slug][1] not in summary_of(client, cast, who)
    saved.refresh_from_db()
    assert saved.entered_in_error_by == cast.amina.user
    assert client.get(where(cast, slug, f"{saved.pk}/change/")).status_code == 404


# Who comes in -------------------------------------------------------------------------


@pytest.mark.parametrize("who", [*TEAM, *STRANGERS])
def test_nobody_but_the_patient_edits_the_record(client, cast, who):
    made = item(models.Goal, cast.amina, "goals", cast.at, what="sleep")
    client.force_login(cast.user(who))
    pages = ["", "goals/", "goals/add/", f"goals/{made.pk}/change/"]
    for rest in (*pages, f"goals/{made.pk}/mistake/"):
        assert client.get(address(cast.amina, f"record/{rest}")).status_code == 404
    posts = {
        "goals/add/": {"what": "x"},
        f"goals/{made.pk}/change/": {"what": "x", "version": "1"},
        f"goals/{made.pk}/mistake/": {"version": "1"},
    }
    for rest, typed in posts.items():
        answer = client.post(address(cast.amina, f"record/{rest}"), typed)
        assert answer.status_code == 404
    for rest in ("details/", "more/"):
        assert client.get(address(cast.amina, rest)).status_code == 404
    assert client.post(address(cast.amina, "details/"), {}).status_code == 404
    made.refresh_from_db()
    assert (made.what, made.version) == ("sleep", 1)
    assert models.Goal.objects.count() == 1


def test_an_unknown_kind_and_a_strange_item_are_absent(client, cast):
    other = item(models.Goal, cast.gus, "goals", cast.at, what="his")
    client.force_login(cast.user("amina"))
    assert client.get(where(cast, "notes")).status_code == 404
    assert client.get(where(cast, "goals", f"{other.pk}/change/")).status_code == 404
    assert client.get(where(cast, "symptoms", f"{other.pk}/change/")).status_code == 404


@pytest.mark.security("T29", "L03")
def test_a_key_of_someone_elses_item_never_answers_with_it(client, cast):
    other = item(models.Goal, cast.gus, "goals", cast.at, what="his")
    answer = add(client, cast, "goals", key=str(other.pk))
    assert answer.status_code == 302 and str(other.pk) not in answer.url
    # Saved as her own, as by a key that is nobody's id: it is no answer about his.
    assert models.Goal.objects.filter(patient=cast.amina).count() == 1
    other.refresh_from_db()
    assert (other.patient, other.what) == (cast.gus, "his")


# Two tabs -----------------------------------------------------------------------------


@pytest.mark.security("T69")
def test_the_second_tab_gets_both_texts_and_may_save_its_own(client, cast):
    add(client, cast, "symptoms")
    saved = only("symptoms")
    change = where(cast, "symptoms", f"{saved.pk}/change/")
    first = {"what": "first tab", "version": "1"}
    second = {"what": "second tab", "better": "tea", "version": "1"}
    assert client.post(change, first).status_code == 302
    answer = client.post(change, second)
    html = answer.content.decode()
    assert answer.status_code == 409
    for words in ("first tab", "second tab", "tea", "Save what I wrote"):
        assert words in html
    saved.refresh_from_db()
    assert saved.what == "first tab"
    form = html.partition("<main")[2].partition("</main>")[0]
    typed = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    typed.pop("csrfmiddlewaretoken", None)
    assert client.post(change, typed).status_code == 302
    saved.refresh_from_db()
    assert (saved.what, saved.better, saved.version) == ("second tab", "tea", 3)


def test_a_mistake_said_about_an_older_version_is_not_taken(client, cast):
    add(client, cast, "goals")
    saved = only("goals")
    change = {"what": "newer", "version": "1"}
    client.post(where(cast, "goals", f"{saved.pk}/change/"), change)
    answer = client.post(where(cast, "goals", f"{saved.pk}/mistake/"), {"version": "1"})
    assert answer.status_code == 409
    saved.refresh_from_db()
    assert saved.entered_in_error_at is None


def own_details(client, cast, **changes):
    """The page of one's own details, as it was opened, with some of it changed."""
    form = page(client, cast, "amina", address(cast.amina, "details/"))
    return {
        "name": "Amina Diallo",
        "birth_date": "Feb 14, 1991",
        "phone": "1",
        "language": "English",
        "time_zone": "America/Denver",
        "seen": re.search(r'name="seen" value="(\w+)"', form).group(1),
    } | changes


def test_details_changed_in_another_tab_are_not_lost(client, cast):
    details = address(cast.amina, "details/")
    typed = own_details(client, cast)
    assert client.post(details, typed).status_code == 302
    second = {**typed, "phone": "2", "birth_date": "Feb 15, 1991"}
    answer = client.post(details, second)
    assert answer.status_code == 409
    said = answer.content.decode()
    for words in ("Feb 14, 1991", "Feb 15, 1991", "Mountain"):
        assert words in said, "both texts, as people read them"
    cast.amina.refresh_from_db()
    assert cast.amina.phone == "1"
    assert cast.amina.time_zone == cast.amina.user.time_zone == "America/Denver"
    newer = re.search(r'name="seen" value="(\w+)"', said).group(1)
    assert client.post(details, {**second, "seen": newer}).status_code == 302
    cast.amina.refresh_from_db()
    assert (cast.amina.phone, cast.amina.birth_date) == ("2", date(1991, 2, 15))


def test_each_version_of_the_details_is_kept_with_who_changed_it(client, cast):
    typed = own_details(client, cast, name="Amina B. Diallo", phone="555-0100")
    client.post(address(cast.amina, "details/"), typed)
    newest, first = cast.amina.history.order_by("-history_id")
    assert (newest.name, newest.phone) == ("Amina B. Diallo", "555-0100")
    assert first.name == "Amina Diallo"
    assert {newest.history_user, first.history_user} == {cast.amina.user}
    assert "555-0100" not in in_the_table(newest), "contact details are encrypted"


def in_the_table(version) -> str:
    table = version._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT phone FROM {table} ORDER BY history_id DESC")
        return str(cursor.fetchone()[0])


def test_a_wrong_birth_date_is_said_and_nothing_is_changed(client, cast):
    details = address(cast.amina, "details/")
    for born in ("", "Feb 30, 1991", "Jan 1, 2090"):
        answer = client.post(details, own_details(client, cast, birth_date=born))
        assert answer.status_code == 200
        assert "error" in answer.content.decode().lower()
    cast.amina.refresh_from_db()
    assert cast.amina.birth_date == date(1991, 2, 14)


# Who sees it --------------------------------------------------------------------------


def test_kept_from_one_person_only(client, cast):
    add(client, cast, "goals", keep=[str(cast.bram.pk)])
    assert "ride the bus" not in summary_of(client, cast, "bram")
    assert "ride the bus" in summary_of(client, cast, "jon")


def seen(client, place: str) -> str:
    """What the page says of what stands, as it sends it back."""
    return client.get(place).context["privacy"].seen


def test_a_label_hides_and_its_end_shows_again(client, cast):
    add(client, cast, "goals", mark=["hiv"])
    saved = only("goals")
    assert "ride the bus" not in summary_of(client, cast, "bram")
    form = page(client, cast, "amina", where(cast, "goals", f"{saved.pk}/change/"))
    assert "Now: only you." in form
    change = where(cast, "goals", f"{saved.pk}/change/")
    typed = {**TYPED["goals"][0], "version": "1", "seen": seen(client, change)}
    client.post(change, typed)
    assert "ride the bus" in summary_of(client, cast, "bram")


def test_only_me_can_be_lifted(client, cast):
    add(client, cast, "goals", keep=["me"])
    saved = only("goals")
    client.force_login(cast.user("amina"))
    change = where(cast, "goals", f"{saved.pk}/change/")
    typed = {**TYPED["goals"][0], "version": "1", "seen": seen(client, change)}
    client.post(change, typed)
    assert not ItemDeny.objects.filter(lifted_at=None).exists()
    assert "ride the bus" in summary_of(client, cast, "bram")


def test_a_clinicians_words_stay_and_the_patient_chooses_who_sees_them(client, cast):
    made = item(
        models.Condition,
        cast.amina,
        "conditions",
        cast.at,
        name="asthma",
        author=cast.jon,
    )
    change = where(cast, "conditions", f"{made.pk}/change/")
    form = page(client, cast, "amina", change)
    assert "Written by Dr. Jon Ortiz." in form
    assert 'name="name"' not in form
    client.post(change, {"name": "nothing", "version": "1", "keep": ["me"]})
    made.refresh_from_db()
    assert made.name == "asthma"
    assert "asthma" not in summary_of(client, cast, "bram")
    mistake = where(cast, "conditions", f"{made.pk}/mistake/")
    client.force_login(cast.user("amina"))
    assert client.post(mistake, {"version": "1"}).status_code == 404


# The lists ----------------------------------------------------------------------------


def test_the_record_costs_the_same_for_one_item_and_for_twenty(client, cast):
    fill(cast.amina, cast.at)
    where_to = address(cast.amina, "record/")
    read(client, cast, "amina", where_to)
    with CaptureQueriesContext(connection) as few:
        client.get(where_to)
    for _place in range(20):
        item(models.Goal, cast.amina, "goals", cast.at, what="g")
        item(models.Condition, cast.amina, "conditions", cast.at, name="c")
    with CaptureQueriesContext(connection) as many:
        client.get(where_to)
    assert len(many) == len(few)


def test_a_long_list_comes_in_pages_without_a_gap_or_a_double(client, cast):
    for place in range(30):
        at = cast.at - timedelta(days=place // 2)
        item(models.Goal, cast.amina, "goals", at, what=f"goal-{place:02}-")
    first = page(client, cast, "amina", where(cast, "goals"))
    later = re.search(r'href="(\?before=[\w-]+)"', first).group(1)
    second = client.get(where(cast, "goals") + later).content.decode()
    seen = [sorted(set(re.findall(r"goal-(\d\d)-", html))) for html in (first, second)]
    assert [len(each) for each in seen] == [25, 5]
    assert sorted(seen[0] + seen[1]) == [f"{place:02}" for place in range(30)]
    assert "?before" not in second


def test_daily_life_has_one_row_and_adding_again_changes_it(client, cast):
    add(client, cast, "daily-life")
    answer = read(client, cast, "amina", where(cast, "daily-life", "add/"))
    assert answer.url == where(cast, "daily-life", f"{only('daily-life').pk}/change/")


def test_more_leads_to_the_record_and_the_details(client, cast):
    html = page(client, cast, "amina", address(cast.amina, "more/"))
    assert address(cast.amina, "record/") in html
    assert address(cast.amina, "details/") in html
    assert 'href="/settings/"' in html
    assert address(cast.amina, "import/") in html


@pytest.mark.capability("S71")
def test_more_keeps_a_report_of_a_clinician_apart_from_everyday_links(client, cast):
    html = page(client, cast, "amina", address(cast.amina, "more/"))
    everyday, apart = html.split("If something was wrong")
    report = address(cast.amina, "sharing/report/")
    assert report in apart and report not in everyday
    assert address(cast.amina, "sharing/reports/") in apart
    assert 'href="/settings/"' in everyday


def test_the_action_refuses_a_version_that_is_not_the_newest(cast):
    made = item(models.Goal, cast.amina, "goals", cast.at, what="sleep")
    with pytest.raises(record.EditConflict) as conflict:
        record.change(
            item=made,
            version=7,
            by=cast.amina.user,
            at=cast.at,
            columns={"what": "x"},
        )
    assert conflict.value.theirs.what == "sleep"
    assert CATEGORIES["goals"] == made.categories
