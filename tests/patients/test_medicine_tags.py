"""Templates print doses and names safely, and escape whatever people typed."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Engine

from patients.dosage import Dosage, DoseStep
from tests.safe_html import assert_safe_html, visible_text

ENGINE = Engine(libraries={"medicine": "patients.templatetags.medicine"})
DAILY = Dosage(
    "daily",
    strength=Decimal(25),
    unit="mg",
    form="tablet",
    morning=Decimal(1),
    bedtime=Decimal(2),
)
TAPER = Dosage(
    "steps",
    strength=Decimal(25),
    unit="mg",
    form="tablet",
    steps=(
        DoseStep(date(2026, 11, 3), bedtime=Decimal(2)),
        DoseStep(date(2026, 11, 17), bedtime=Decimal(1)),
    ),
)


def render(source, **context):
    template = ENGINE.from_string("{% load medicine %}" + source)
    return template.render(Context(context)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "{{ dosage|dose_line }}",
            "25 mg (1 tablet) in the morning and 50 mg (2 tablets) at bedtime."
            " 75 mg a day.",
        ),
        (
            "{{ dosage|dose_each_time }}",
            "25 mg (1 tablet) in the morning and 50 mg (2 tablets) at bedtime",
        ),
        ("{{ dosage|dose_a_day }}", "75 mg a day"),
        ("{{ dosage|dose_when }}", "in the morning and at bedtime"),
        (
            "{% for box in dosage.time_boxes %}[{{ box }}]{% endfor %}",
            "[1 tablet][][][2 tablets]",
        ),
        ("{{ taper|dose_now:today }}", "Now: 25 mg (1 tablet) at bedtime (last step)."),
        (
            "{{ taper|dose_line:today }}",
            "Step plan: from Nov 3, 2026: 50 mg (2 tablets) at bedtime; from Nov 17:"
            " 25 mg (1 tablet) at bedtime."
            " Now: 25 mg (1 tablet) at bedtime (last step).",
        ),
        ("{{ 'Prozac'|plain_name }}", "Prozac"),
        ("{{ '10mg qhs'|medicine_text }}", "10 mg at bedtime"),
        ("{{ none|medicine_text }}", ""),
    ],
)
def test_a_template_prints_the_dose(source, text):
    context = {"dosage": DAILY, "taper": TAPER, "today": date(2026, 12, 1)}
    html = render(source, none=None, **context)
    assert html == text
    assert_safe_html(html)


def test_a_screen_reader_is_not_made_to_spell_tall_man_letters():
    assert render("{{ 'bupropion XL'|tall_man }}") == (
        '<span aria-hidden="true">buPROPion</span><span class="vh">bupropion</span> XL'
    )
    assert visible_text(render("{{ 'bupropion XL'|tall_man }}")) == "buPROPion XL"


@pytest.mark.parametrize("tag", ["tall_man", "medicine_text", "plain_name"])
def test_what_people_typed_is_escaped(tag):
    html = render("{{ name|" + tag + " }}", name="bupropion <script>alert(1)</script>")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_dose_with_markup_in_it_is_escaped():
    dosage = Dosage("other", other="<b>twice</b>")
    assert (
        render("{{ dosage|dose_line }}", dosage=dosage) == "&lt;b&gt;twice&lt;/b&gt;."
    )
