"""What the check page says beside the two lists: why, until when, passing it on."""

from __future__ import annotations

from datetime import timedelta

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from carecoord import zones
from consents import actions, signing, windows
from consents.access import OpenPatient
from consents.codes import PURPOSES
from consents.forms.grant import PURPOSE_WORDS


def check_rows(opened: OpenPatient, party, terms: actions.Terms) -> list[dict]:
    """Why, from and until when, whose words, and what stopping does."""
    why = [str(PURPOSE_WORDS[name][0]) for name in PURPOSES.names(terms.purposes)]
    stops = _("Any time, in 3 taps. %(name)s keeps what was already read or printed.")
    rows = {
        _("Why"): ", ".join(why),
        _("Starts"): _("As soon as you sign"),
        _("Ends"): _ends(opened, terms),
        _("Who may share"): _who_may_share(terms),
        _("How far back"): signing.window_words(terms, opened.patient.time_zone),
        _("Passing it on"): passing_on(party),
        _("You can stop"): stops % {"name": party.name},
        _("If you say no"): _(
            "You do not have to sign. Nobody may make your care depend on it."
        ),
    }
    return [{"label": label, "value": words} for label, words in rows.items() if words]


def _ends(opened: OpenPatient, terms: actions.Terms) -> str:
    day = zones.day_words(zones.last_day(terms.ends_at, opened.patient.time_zone))
    until = _("%(day)s, the whole day.") % {"day": day}
    if terms.ends_event:
        until = _("When this happens: %(event)s. At the latest %(day)s.") % {
            "event": terms.ends_event,
            "day": day,
        }
    return f"{until} {_reminders(opened, terms)}".strip()


def _reminders(opened: OpenPatient, terms: actions.Terms) -> str:
    left = terms.ends_at - opened.at
    days = [str(each) for each in windows.REMINDED_DAYS if left > timedelta(days=each)]
    if not days:
        return ""
    return _("We remind you %(days)s days before.") % {
        "days": get_text_list(days, _("and"))
    }


def _who_may_share(terms: actions.Terms) -> str:
    """Whose own words go along; what the patient wrote goes along either way."""
    if not terms.disclosers:
        return _("You, and anyone on the care team.")
    names = [party.name for party in terms.disclosers]
    return _("You, and only these: %(names)s.") % {"names": ", ".join(names)}


def passing_on(party) -> str:
    if party.kind == "related_person":
        return _("%(name)s does not have to follow the federal privacy rules.") % {
            "name": party.name
        }
    return _("Only as the federal privacy rules (HIPAA) allow.")
