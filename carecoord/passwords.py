"""Passwords that are long and still the first ones somebody would try."""

import re

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Words of this service and of every list of common passwords (ASVS 6.2.11).
KNOWN_WORDS = ("carecoord", "sharedcare", "shared", "care", "password", "passwort")
LONGEST_REPEATED = 8
FEWEST_OWN_LETTERS = 6


class KnownWordsValidator:
    """Refuses our own words, and a short piece written again and again."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        plain = re.sub(r"[\W_]", "", password.casefold())
        if _is_repeated(plain) or len(_without_known(plain)) < FEWEST_OWN_LETTERS:
            raise ValidationError(
                _("This is easy to guess. Use a few words that only you put together."),
                code="password_known_words",
            )

    def get_help_text(self) -> str:
        return str(_("Do not use the name of this service."))


def _is_repeated(plain: str) -> bool:
    return bool(re.fullmatch(rf"(.{{1,{LONGEST_REPEATED}}}?)\1+", plain))


def _without_known(plain: str) -> str:
    for word in KNOWN_WORDS:
        plain = plain.replace(word, "")
    return plain
