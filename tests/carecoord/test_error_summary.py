"""What is wrong with a form stands once at the top of its page (SCREENS A1.10)."""

from pathlib import Path

import pytest
from django import forms
from django.conf import settings as project
from django.urls import reverse

from carecoord.templatetags.look import first_input_id
from tests.consents.views.pages import text_of
from tests.messaging.writing import signed_in

TEMPLATES = Path(project.BASE_DIR) / "templates"
# The gallery shows the component itself.
ELSEWHERE = {"base.html", "gallery.html"}

# As a browser sends it: never without any field.
SENT = {"csrfmiddlewaretoken": "x"}


def test_no_page_draws_again_what_the_frame_draws_of_its_form():
    found = [
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if path.name not in ELSEWHERE
        and 'error_summary.html" with form=form' in path.read_text()
    ]
    assert found == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("bram", "consents:case_call"),
        ("chidi", "consents:emergency"),
        ("chidi", "consents:incapacity"),
        ("amina", "consents:talking"),
        ("amina", "consents:emergency_choice"),
    ],
)
def test_an_empty_form_says_once_what_is_wrong(cast, who, name, settings):
    settings.DEMO = True
    client = signed_in(cast, who)
    html = text_of(client.post(reverse(name, args=[cast.amina.pk]), SENT))
    assert html.count("There is a problem") == 1
    assert html.count('id="error-summary-title"') == 1


class _Chips(forms.Form):
    plain = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    grouped = forms.ChoiceField(
        choices=[("Common", [("a", "A")]), ("May be dangerous", [("b", "B")])],
        widget=forms.RadioSelect,
    )


@pytest.mark.parametrize("name", ["plain", "grouped"])
def test_a_problem_leads_to_the_first_answer_under_headings_too(name):
    form = _Chips({})
    assert f'id="{first_input_id(form[name])}"' in str(form[name])
