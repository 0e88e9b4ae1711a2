"""Model fields shared by every app."""

import unicodedata
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured(
            "FIELD_ENCRYPTION_KEYS must be Fernet keys, newest first, with commas "
            "between them."
        ) from error


def encrypt(text: str) -> str:
    """Authenticated encryption (Fernet) under the newest key."""
    keys = tuple(settings.FIELD_ENCRYPTION_KEYS)
    return _fernet(keys).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Raises InvalidToken when a single bit was changed or the key is gone."""
    keys = tuple(settings.FIELD_ENCRYPTION_KEYS)
    return _fernet(keys).decrypt(token.encode()).decode()


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database, its history copies included.

    The empty string stays empty. Never filter on it: the same text encrypts
    differently each time.
    """

    def get_prep_value(self, value: str | None) -> str | None:
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, *_args: object) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str):
        if lookup_name not in {"isnull"}:
            raise TypeError("An encrypted field cannot be filtered.")
        return super().get_lookup(lookup_name)


def plain_text(value: str) -> None:
    """Refuses what one of the two databases cannot hold, and what disguises text.

    NUL and lone surrogates break PostgreSQL; C0 controls and bidirectional
    overrides can make a line read as something else.
    """
    for character in value:
        if character in "\t\n\r":
            continue
        code = ord(character)
        if (
            code < 32
            or 0xD800 <= code <= 0xDFFF
            or code in FORBIDDEN_CODES
            or 0x7F <= code <= 0x9F
        ):
            raise ValidationError(
                "This text has a hidden character in it. Type it again.",
                code="hidden_character",
            )


# Bidirectional embeddings, overrides and isolates.
FORBIDDEN_CODES = frozenset([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clear_name(value: str) -> None:
    """Refuses a person's name that looks like another one and is not (T51, T52).

    Beside what plain_text() refuses: signs that nobody sees, letters made of other
    letters, and words that mix alphabets which look alike. Source: Unicode UTS 39.
    """
    plain_text(value)
    for word in value.split():
        alphabets = {_alphabet(letter) for letter in word if letter.isalpha()}
        if any(_is_unseen(sign, alphabets) for sign in word):
            raise ValidationError(
                "This name has a hidden character in it. Type it again.",
                code="hidden_character",
            )
        mixes = "LATIN" in alphabets and alphabets & LOOK_LATIN
        if mixes or any(_is_dressed(letter) for letter in word):
            raise ValidationError(
                "This name mixes letters of two alphabets in one word. Type it again.",
                code="mixed_alphabets",
            )


def _is_unseen(sign: str, alphabets: set[str]) -> bool:
    # Joiners shape letters of Persian and Hindi; between Latin ones nobody sees them.
    shapes = sign in JOINERS and "LATIN" not in alphabets
    return (unicodedata.category(sign) == "Cf" and not shapes) or sign in BLANKS


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _is_dressed(letter: str) -> bool:
    """A Latin letter in other clothes: wide, in a circle, mathematical."""
    plain = unicodedata.normalize("NFKC", letter)
    return (
        not letter.isascii()
        and letter not in ORDINALS
        and plain.isascii()
        and plain.isalpha()
    )


JOINERS = "\u200c\u200d"
# Letters by their class, with nothing to see in them.
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
LOOK_LATIN = {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"}
# "Mª" is how some people write their first name.
ORDINALS = "ªº"

__all__ = [
    "EncryptedTextField",
    "InvalidToken",
    "clear_name",
    "decrypt",
    "encrypt",
    "plain_text",
]
