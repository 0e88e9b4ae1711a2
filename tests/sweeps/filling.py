"""The forms of a page, filled in as somebody might: so that a sweep can send them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import html

Fields = dict[str, list[str]]


@dataclass(frozen=True)
class Form:
    """Where it is sent, and with what."""

    action: str
    fields: Fields


def forms(page: bytes, path: str) -> list[Form]:
    """Every form in the main part of a page that is sent by POST."""
    tree = html.fromstring(page.decode())
    return [
        Form(urljoin(path, form.get("action") or path), filled(form))
        for form in tree.xpath("//main//form[translate(@method,'POST','post')='post']")
    ]


def filled(form: html.FormElement) -> Fields:
    fields: Fields = {}
    for element in form.xpath(".//input|.//select|.//textarea|.//button"):
        name, value = element.get("name"), value_of(element)
        if not name or name == "csrfmiddlewaretoken" or value is None:
            continue
        if is_one_of_several(element) and fields.get(name):
            continue
        fields.setdefault(name, []).append(value)
    return fields


def is_one_of_several(element: html.HtmlElement) -> bool:
    """One radio button of a question, and the first button of a form, is pressed."""
    return element.get("type") == "radio" or element.tag == "button"


def value_of(element: html.HtmlElement) -> str | None:
    if element.tag == "select":
        options = [each.get("value") for each in element.xpath(".//option")]
        chosen = element.xpath(".//option[@selected]/@value")
        return next((each for each in [*chosen, *options] if each), None)
    if element.tag == "textarea":
        return (element.text or "").strip() or "Some words."
    kind = element.get("type", "submit" if element.tag == "button" else "text")
    if kind in ("hidden", "radio", "checkbox", "submit"):
        return element.get("value", "on" if kind == "checkbox" else "")
    if kind == "file":
        return None
    return element.get("value") or typed(element)


def typed(element: html.HtmlElement) -> str:
    """What somebody types into an empty line."""
    name, kind = element.get("name", ""), element.get("type")
    if kind == "email":
        return "somebody@cast.example"
    if name.endswith("year"):
        return "2026"
    if element.get("inputmode") in ("numeric", "decimal") or kind == "number":
        return "1"
    if kind == "date" or name.endswith("date") or name == "day":
        return "2026-11-01"
    return "Someword"
