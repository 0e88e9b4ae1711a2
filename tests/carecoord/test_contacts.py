"""T92, L22: at which mailbox and number two people are one."""

import pytest

from carecoord import contacts
from carecoord.contacts import same_mailbox, same_number

ONE_MAILBOX = [
    ("rosa@mail.example", "Rosa@Mail.Example"),
    ("rosa@mail.example", " rosa@mail.example "),
    ("rosa@mail.example", "rosa+noor@mail.example"),
    ("rosa+a@mail.example", "rosa+b@mail.example"),
    ("rosa.h@mail.example", "ro.sah@mail.example"),
    ("rosa@gmail.com", "r.o.s.a+x@googlemail.com"),
    ("rosa@mail.example", '"rosa"@mail.example'),
    ("rosa@mail.example", '"rosa+noor"@mail.example'),
    ("rosa@mail.example", r'"ro\sa"@mail.example'),
    ("rosa@mail.example", "rosa@mail.example."),
    ("rosa@mail.example", "ｒｏｓａ@ｍａｉｌ.example"),
    ("rosa@münchen.example", "rosa@xn--mnchen-3ya.example"),
    ("rosa@MÜNCHEN.example", "rosa@mu\u0308nchen.example"),
]
TWO_MAILBOXES = [
    ("rosa@mail.example", "noor@mail.example"),
    ("rosa@mail.example", "rosa@other.example"),
    ("rosa@mail.example", "rosa@m.ail.example"),
    ("rosa@münchen.example", "rosa@munchen.example"),
    ("rosa@mail.example", "rosa@"),
    ("rosa@gmail.com", "rosa@mail.example"),
    ("", ""),
    ("rosa@mail.example", ""),
]
ONE_NUMBER = [
    ("(555) 010-0199", "+1 555 010 0199"),
    ("555.010.0199", "5550100199"),
    ("010-0199", "0100199"),
    ("(555) 010-0199", "555 010 0199 ext. 2"),
    ("(555) 010-0199", "555 010 0199x2"),
    ("(555) 010-0199", "tel:5550100199;ext=2"),
    ("(555) 010-0199", "5550100199,,2#"),
    ("5550100199", "٥٥٥٠١٠٠١٩٩"),
]
TWO_NUMBERS = [
    ("(555) 010-0199", "(555) 010-0198"),
    ("(555) 010-0199", "(556) 010-0199"),
    ("010019", "010019"),  # of six digits: an extension
    ("", ""),
    ("none", "none"),
    ("text me", "text me"),
]

pytestmark = pytest.mark.security("T92", "L22")


def mistaken() -> list[tuple[str, str]]:
    """The pairs of which it is said wrongly that they are one, or two."""
    return [
        *(pair for pair in ONE_MAILBOX if not contacts.same_mailbox(*pair)),
        *(pair for pair in TWO_MAILBOXES if contacts.same_mailbox(*pair)),
    ]


def test_one_mailbox_is_one_however_it_is_spelled():
    assert mistaken() == []
    assert [pair for pair in ONE_NUMBER if not same_number(*pair)] == []
    assert [pair for pair in TWO_NUMBERS if same_number(*pair)] == []
    assert same_mailbox(*reversed(ONE_MAILBOX[0]))


def as_typed(address: str) -> str:
    """As it was compared before: quotes and another alphabet made another one."""
    local, _at, domain = address.strip().casefold().rpartition("@")
    domain = "gmail.com" if domain in contacts.DOTLESS else domain
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


TWINS = {
    "as it was typed": lambda one, other: (
        bool(one and other) and as_typed(one) == as_typed(other)
    ),
    "letter by letter": lambda one, other: one == other,
    "without the case alone": lambda one, other: one.lower() == other.lower(),
    "the domain does not count": lambda one, other: (
        contacts._mailbox(one).split("@")[0] == contacts._mailbox(other).split("@")[0]
    ),
}


@pytest.mark.parametrize("twin", TWINS)
def test_the_test_of_that_fails_where_they_are_compared(monkeypatch, twin):
    monkeypatch.setattr(contacts, "same_mailbox", TWINS[twin])
    assert mistaken()
