"""Steps that several journeys share."""

from __future__ import annotations

from tests.browser.people import Person


def send_update(author: Person, *, to: str, what: str, mentions: str = "none") -> None:
    """Fills in the composer as a hurried therapist does, checks, and sends."""
    if author.page.get_by_role("button", name="I understand, go on").count():
        author.press("I understand, go on")
    author.choose("to", value_of(author, "to", to))
    author.choose("urgency", "two_days")
    author.write("sleep_hours", "4.5")
    author.choose("suicidal_thoughts", "none")
    author.write("what_changed", what)
    author.choose("ask", "review_dose")
    author.choose("mentions", mentions)
    if mentions == "substance_use":
        author.choose("origin", "no")
    author.press("Check and send")


def value_of(person: Person, name: str, words: str) -> str:
    """The value of the radio or tick box beside these words."""
    label = person.page.locator("label").filter(has_text=words)
    value = label.locator(f'input[name="{name}"]').first.get_attribute("value")
    assert value, f"no {name} says {words!r}"
    return value


def sign(patient: Person, name: str) -> None:
    patient.write("signed_name", name)
    patient.choose("agree")
    patient.press("Sign and share")


def answer_why(patient: Person, *, why: str = "TREAT") -> None:
    """Page 3 of sharing: what for, how far back, until when."""
    for name, value in (("purposes", why), ("window", "all"), ("ends", "6")):
        chosen = patient.page.locator(f'input[name="{name}"]:checked')
        if not chosen.count():
            patient.choose(name, value)
    patient.press("Continue")


def add_in_own_words(patient: Person, *, name: str, how: str) -> str:
    """Adds a medicine without a strength. Returns the address of its check page."""
    patient.write("name", name)
    patient.choose("schedule", "other")
    patient.press("Continue")
    patient.choose("unit", "none")
    patient.choose("form", "dose")
    patient.write("other", how)
    patient.press("Continue")
    patient.press("Continue")
    check = patient.page.url
    patient.press("Save medicine")
    return check
