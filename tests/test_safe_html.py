"""The check of pages bites where people read, and nowhere else."""

import pytest

from tests.safe_html import assert_safe_html, assert_safe_text, visible_text


@pytest.mark.parametrize(
    "html",
    [
        "<p>lamotrigine 10mg</p>",
        "<p>lamotrigine <b>1.0</b> mg</p>",
        "<table><tr><td>1,000 units</td><td>1</td></tr></table>",
        '<img alt="take QD">',
        '<button aria-label="Change 10mg">Change</button>',
        '<span class="vh">10mg</span>',
        '<span aria-hidden="true">10mg</span>',
        "<p>50&nbsp;&micro;g</p>",
        "<title>10mg</title>",
    ],
)
def test_unsafe_text_that_people_see_or_hear_fails(html):
    with pytest.raises(AssertionError, match="unsafe medicine text"):
        assert_safe_html(html)
    with pytest.raises(AssertionError):
        assert_safe_html(html.encode())


@pytest.mark.parametrize(
    "html",
    [
        "<p>lamotrigine 10&nbsp;mg <br> 2 tablets</p>",
        "<script>x = '10mg'</script><style>a { width: 10mg }</style>",
        "<textarea>10mg</textarea>",
        '<input value="10mg">',
        '<a href="/x?dose=10mg">Change</a>',
        "<table><tr><td>1,000 units</td><td>1 capsule</td></tr></table>",
        '<span aria-hidden="true">buPROPion</span><span class="vh">bupropion</span>',
        "<p>unclosed <li>10 mg</div>",
    ],
)
def test_safe_text_and_what_is_not_shown_passes(html):
    assert_safe_html(html)


def test_a_row_can_be_allowed():
    assert_safe_html("<p>D/C</p>", allow={"A09"})
    assert_safe_text("D/C", allow={"A09"})
    with pytest.raises(AssertionError):
        assert_safe_text("D/C")


def test_text_after_a_hidden_part_is_seen_again():
    assert visible_text('<p><span class="vh">a<br>b</span>c</p>').strip() == "c"
