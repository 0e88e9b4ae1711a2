"""What the check page says beside the two lists, and what it carries to be signed."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TypeVar

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from carecoord import zones
from consents import actions, signing, texts, windows
from consents.access import OpenPatient, Request
from consents.codes import CATEGORIES, LABELS, PURPOSES, Decision
from consents.drafts import Draft
from consents.forms.grant import PURPOSE_WORDS
from consents.models import Consent
from consents.preview import View
from consents.scopes import COORDINATION


def check_rows(opened: OpenPatient, party, terms: actions.Terms) -> list[dict]:
    """Why, from and until when, whose words, and what stopping does."""
    why = [str(PURPOSE_WORDS[name][0]) for name in PURPOSES.names(terms.purposes)]
    stops = _("Any time, in 3 taps. %(name)s keeps what was already read or printed.")
    rows = {
        _("Why"): ", ".join(why),
        _("Starts"): _("As soon as you sign"),
        _("Ends"): _ends(opened, terms),
        _("Who may share"): _who_may_share(opened, terms),
        _("How far back"): capfirst(
            signing.window_words(terms, opened.patient.time_zone)
        ),
        _("Passing it on"): passing_on(party),
        _("You can stop"): stops % {"name": party.name},
        _("If you say no"): _(
            "You do not have to sign. Nobody may make care depend on it."
        ),
    }
    if actions.comes_along(
        patient=opened.patient, party=party, by=opened.reading.user, at=opened.at
    ):
        joins = _("%(name)s comes onto it too, as family. You can end that any time.")
        rows[_("Your care team")] = joins % {"name": party.name}
    return [{"label": label, "value": words} for label, words in rows.items() if words]


def by_terms(terms: actions.Terms) -> dict[str, list[str]]:
    """What a permission covers, by its own words alone: for who acts for the patient.

    No count and no item: those tell of what the patient keeps to themselves.
    """
    covered = actions.with_allergies(terms.categories)
    named = [
        _("Also, by name: %(topic)s") % {"topic": word}
        for word in LABELS.words(terms.labels)
    ]
    others = CATEGORIES.words(CATEGORIES.all & ~covered)
    return {
        "covered": CATEGORIES.words(covered) + named,
        "left_out": others + LABELS.words(LABELS.all & ~terms.labels),
    }


def not_shown(terms: actions.Terms, view: View | None) -> list[str]:
    """Kinds that would be signed for and still not shown: a role, or a "never"."""
    if view is None or terms.purposes == PURPOSES[COORDINATION]:
        return []
    return CATEGORIES.words(terms.categories & ~view.scope.categories)


def _ends(opened: OpenPatient, terms: actions.Terms) -> str:
    day = zones.day_words(zones.last_day(terms.ends_at, opened.patient.time_zone))
    until = _("%(day)s, the whole day.") % {"day": day}
    if terms.ends_event:
        until = _("When this happens: %(event)s. At the latest %(day)s.") % {
            "event": terms.ends_event,
            "day": day,
        }
    until += because_of_age(opened, terms)
    return f"{until} {_reminders(opened, terms)}".strip()


def because_of_age(opened: OpenPatient, terms: actions.Terms) -> str:
    """Why it ends sooner than a parent chose, or nothing."""
    signer, patient = opened.representative, opened.patient
    if windows.last_of_signer(signer, patient, terms.recipient) != terms.ends_at:
        return ""
    return " " + _("Not longer, because %(name)s turns 18.") % {
        "name": patient.first_name
    }


def _reminders(opened: OpenPatient, terms: actions.Terms) -> str:
    left = terms.ends_at - opened.at
    days = [str(each) for each in windows.REMINDED_DAYS if left > timedelta(days=each)]
    if not days:
        return ""
    words = {"days": get_text_list(days, _("and")), "name": opened.patient.name}
    if opened.representative and opened.patient.user_id:
        return _("%(name)s is reminded %(days)s days before.") % words
    # Without a sign-in nobody reads it but whoever keeps the record.
    return _("We remind you %(days)s days before.") % words


def _who_may_share(opened: OpenPatient, terms: actions.Terms) -> str:
    """Whose own words go along; what the patient wrote goes along either way."""
    who = opened.patient.name if opened.representative else _("You")
    if not terms.disclosers:
        return _("%(who)s, and anyone on the care team.") % {"who": who}
    names = ", ".join(party.name for party in terms.disclosers)
    return _("%(who)s, and only these: %(names)s.") % {"who": who, "names": names}


def passing_on(party) -> str:
    if party.kind == "related_person":
        return _("%(name)s does not have to follow the federal privacy rules.") % {
            "name": party.name
        }
    return _("Only as the federal privacy rules (HIPAA) allow.")


AnyDraft = TypeVar("AnyDraft", bound=Draft)


def as_shown(opened: OpenPatient, draft: AnyDraft, text: texts.ConsentText) -> AnyDraft:
    """The draft with what its check page says, to be compared when it is signed.

    What happened behind the gate counts for the patient alone. A draft is sealed, not
    secret: whoever acts would count in it what a child does alone, and read of it.
    Their page says the terms and no more; what counts for them is their own paper.
    """
    acting = opened.representative
    epoch = acting.pk.int if acting else opened.epoch
    return draft.having(epoch=epoch, shown=digest(text))


def digest(text: texts.ConsentText) -> str:
    return digest_of(text.plain)


def digest_of(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()


def says_the_same(request: Request, done: Consent, draft: Draft) -> bool:
    """Whether the form was sent twice, and not with other answers the second time."""
    refuses = request.POST.get("answer") == "refuse"
    if refuses or done.decision == Decision.REFUSAL:
        to_the_same = str(done.recipient_id) == draft.recipient
        return refuses and done.decision == Decision.REFUSAL and to_the_same
    return draft.shown == digest_of(done.text)
