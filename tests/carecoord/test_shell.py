"""The frame that every page stands in, and the forms drawn inside it."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.http import Http404
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from carecoord import context_processors, gallery
from carecoord.forms import PlainDateField, SignupForm, UnitInput
from carecoord.templatetags.look import tone

CALM_PAGES = ["400.html", "403_csrf.html", "404.html", "409.html", "500.html"]
CALM_PAGES.append("503.html")


class MedicineForm(forms.Form):
    name = forms.CharField(
        help_text="The name on the label.",
        error_messages={"required": "Enter the name on the label."},
        widget=forms.TextInput(attrs={"placeholder": "quetiapine"}),
    )
    strength = forms.CharField(widget=UnitInput("mg"))
    how_soon = forms.ChoiceField(
        choices=[("a", "Today"), ("b", "Tomorrow")], widget=forms.RadioSelect
    )


def plain(request_path: str = "/"):
    request = RequestFactory().get(request_path)
    request.user = SimpleNamespace(is_authenticated=False)
    request.session = {}
    return request


@pytest.mark.capability("S42")
@pytest.mark.parametrize("name", CALM_PAGES)
def test_every_problem_page_carries_988_even_without_any_context(name):
    page = render_to_string(name)
    assert 'href="tel:988"' in page
    assert "911" in page
    assert page.count("<h1>") == 1


def test_the_404_page_says_nothing_about_what_exists():
    page = render_to_string("404.html").lower()
    for word in ("permission", "patient", "allowed", "private", "shared with"):
        assert word not in page


@pytest.mark.security("T99")
@pytest.mark.capability("S42")
@pytest.mark.django_db
def test_crisis_help_is_open_to_strangers_and_needs_no_script(client):
    response = client.get("/crisis/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<script" not in page
    for link in ("tel:988", "sms:988", "tel:911", "https://988lifeline.org/chat/"):
        assert f'href="{link}"' in page
    assert "You can ask 988 for a mobile team." in page
    assert "an officer trained in mental health crises" in page
    for sign in ("seizure", "voices", "confusion", "hurting yourself more", "no sleep"):
        assert sign in page


@pytest.mark.django_db
def test_the_frame_stands_in_the_order_of_the_design(client):
    page = client.get("/accounts/login/").content.decode()
    marks = ['class="skip"', 'class="brand"', "crisis-pill", "<main", "<h1>"]
    marks += ['id="status"', "site-foot"]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "<title>Sign in - Shared care</title>" in page
    assert '<html lang="en' in page
    assert 'href="/crisis/"' in page


@pytest.mark.django_db
def test_a_wrong_sign_in_says_error_in_the_title_and_keeps_the_address(client):
    answers = {"login": "jordan@demo.example", "password": "wrong"}
    page = client.post("/accounts/login/", answers).content.decode()
    assert "<title>Error: Sign in - Shared care</title>" in page
    assert "data-focus-first" in page
    assert 'value="jordan@demo.example"' in page
    assert page.index("There is a problem") < page.index("<h1>")


@pytest.mark.django_db
def test_who_runs_the_service_and_which_law_applies_stands_at_sign_up(client):
    page = client.get("/accounts/signup/").content.decode()
    assert "Who runs this service and which law applies" in page
    assert context_processors.place().operator.name in page
    assert "42 CFR Part 2" in page


def test_a_field_says_its_problem_beside_itself_and_keeps_what_was_typed():
    form = MedicineForm({"name": "", "strength": "much"})
    html = form["name"].as_field_group()
    assert 'id="id_name_error"' in html
    assert "Enter the name on the label." in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'value="much"' in form["strength"].as_field_group()


def test_no_field_carries_required_or_a_placeholder():
    html = str(MedicineForm())
    assert "<input" in html
    assert " required" not in html
    assert "placeholder" not in html


def test_a_unit_is_seen_beside_the_number_and_heard_in_its_label():
    html = MedicineForm()["strength"].as_field_group()
    assert 'aria-hidden="true">mg<' in html
    assert '<span class="vh">, mg</span>' in html


def test_radios_are_chips_in_a_fieldset_and_none_is_chosen():
    html = MedicineForm()["how_soon"].as_field_group()
    assert html.count('<label class="chip">') == 2
    assert "<fieldset" in html
    assert "checked" not in html


def test_a_link_in_the_error_summary_leads_to_the_first_radio():
    form = MedicineForm({})
    html = render_to_string("_components/error_summary.html", {"form": form})
    assert 'href="#id_how_soon_0"' in html
    assert 'id="id_how_soon_0"' in str(form["how_soon"])


@pytest.mark.parametrize(
    "typed",
    [
        "Nov 3, 2026",
        "November 3 2026",
        "11/3/2026",
        "2026-11-03",
        "3 Nov 2026",
        "today",
    ],
)
@time_machine.travel("2026-11-03 12:00Z", tick=False)
def test_a_date_is_understood_as_people_write_it(typed):
    assert PlainDateField().clean(typed) == dt.date(2026, 11, 3)


@time_machine.travel("2026-11-03 12:00Z", tick=False)
def test_yesterday_is_a_date():
    assert PlainDateField().clean("Yesterday") == dt.date(2026, 11, 2)


def test_a_date_that_is_none_is_answered_with_an_example():
    with pytest.raises(forms.ValidationError, match="like Nov 3, 2026"):
        PlainDateField().clean("Feb 30, 2026")


@pytest.mark.parametrize("typed", ["1/1/0001", "12/31/9999", "1899-12-31"])
def test_a_year_that_nobody_lives_in_is_no_date(typed):
    with pytest.raises(forms.ValidationError, match="Enter a real date"):
        PlainDateField().clean(typed)


def test_a_name_needs_letters():
    assert not SignupForm({"name": "123"}).is_valid()
    form = SignupForm({"name": "  Jordan   Rivera "})
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Jordan Rivera"


def test_a_tab_without_a_page_is_left_out():
    rows = [("Home", "/crisis/"), ("Nowhere", "/no-such-page/")]
    assert [tab["text"] for tab in context_processors.tabs(rows, "", "/")] == ["Home"]


def test_only_the_nearest_tab_is_current(monkeypatch):
    monkeypatch.setattr(context_processors, "exists", lambda path: True)
    rows = context_processors.NAVIGATION["patient"]
    inside = context_processors.tabs(rows, "7", "/patients/7/medicines/add/")
    assert [str(t["text"]) for t in inside if t["current"]] == ["Medicines"]
    home = context_processors.tabs(rows, "7", "/patients/7/")
    assert [str(t["text"]) for t in home if t["current"]] == ["Home"]
    summary = context_processors.tabs(rows, "7", "/patients/7/summary/")
    assert not [t for t in summary if t["current"]]


def test_strangers_have_no_tabs():
    assert context_processors.navigation(plain()) == []


def test_the_page_clock_runs_ahead_of_the_servers(settings):
    shell = context_processors.shell(plain())
    assert shell["idle_seconds"] == settings.SESSION_IDLE_SECONDS - 60


def test_the_gallery_is_for_debug_mode_only(settings):
    settings.DEBUG = False
    with pytest.raises(Http404):
        gallery.gallery(plain("/gallery/"))


def test_the_gallery_draws_every_component(settings):
    settings.DEBUG = True
    page = gallery.gallery(plain("/gallery/?theme=dark")).content.decode()
    assert 'data-theme="dark"' in page
    components = settings.BASE_DIR / "templates/_components"
    text = "".join(path.read_text() for path in components.glob("*.html"))
    text += (settings.BASE_DIR / "templates/gallery.html").read_text()
    text += (settings.BASE_DIR / "templates/base.html").read_text()
    used = set(re.findall(r"_components/(\w+)\.html", text))
    layouts = {"confirm_page", "interruption_page"}
    by_python = {"field", "fields", "qr"}
    elsewhere = {"crisis_line", "operator"}
    names = {path.stem for path in components.glob("*.html")}
    assert names - used <= layouts | by_python | elsewhere
    assert page.count("<h1>") == 1


def test_a_square_code_is_drawn_in_the_page():
    html = render_to_string("gallery.html", gallery.sample_context(), plain())
    assert re.search(r'<path d="M\d+ \d+h\d+v1h-\d+z', html)
    assert "data:image" not in html


@pytest.mark.parametrize(
    ("word", "colour"), [("Taking", "ok"), ("Overdue", "urgent"), ("Anything", "plain")]
)
def test_a_status_word_has_its_colour(word, colour):
    assert tone(word) == colour


def test_a_page_without_a_head_has_a_picture_too(client, db):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/static/favicon.svg"


@pytest.mark.django_db
@pytest.mark.security("T37", "T23")
def test_a_tab_knows_whether_its_person_is_here_and_no_other(client, cast):
    """Asking keeps nobody signed in, and says nothing of who else is."""
    amina, dana = (Client(headers={"X-Poll": "1"}) for _ in range(2))
    amina.force_login(cast.amina.user)
    dana.force_login(cast.user("dana"))
    page = amina.get("/settings/").content.decode()
    mine = re.search(r'data-here-url="([^"]+)"', page)[1]
    assert str(cast.amina.user_id) not in mine
    assert amina.get(mine).status_code == 204
    assert "seen_at" not in amina.session
    others = [dana.get(mine), client.get(mine), amina.get("/session/here/")]
    assert [(each.status_code, each.content) for each in others] == [(286, b"")] * 3
    amina.logout()
    assert amina.get(mine).status_code == 286
