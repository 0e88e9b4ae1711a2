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
    """Why, starts, ends, and what stopping does, for the check page."""
    zone = opened.patient.time_zone
    ends = zones.last_day(terms.ends_at, zone)
    until = _("%(day)s, the whole day.") % {"day": zones.day_words(ends)}
    if terms.ends_event:
        until = _("When this happens: %(event)s. At the latest %(day)s.") % {
            "event": terms.ends_event,
            "day": zones.day_words(ends),
        }
    why = [str(PURPOSE_WORDS[name][0]) for name in PURPOSES.names(terms.purposes)]
    return [
        {"label": _("Why"), "value": ", ".join(why)},
        {"label": _("Starts"), "value": _("As soon as you sign")},
        {"label": _("Ends"), "value": f"{until} {_reminders(opened, terms)}".strip()},
        {"label": _("Who may share"), "value": _who_may_share(terms)},
        *_how_far_back(opened, terms),
        {"label": _("Passing it on"), "value": passing_on(party)},
        {
            "label": _("You can stop"),
            "value": _(
                "Any time, in 3 taps. %(name)s keeps what was already read or printed."
            )
            % {"name": party.name},
        },
        {
            "label": _("If you say no"),
            "value": _(
                "You do not have to sign. Nobody may make your care depend on it."
            ),
        },
    ]


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


def _how_far_back(opened: OpenPatient, terms: actions.Terms) -> list[dict]:
    words = signing.window_words(terms, opened.patient.time_zone)
    return [{"label": _("How far back"), "value": words}] if words else []


def passing_on(party) -> str:
    if party.kind == "related_person":
        return _("%(name)s does not have to follow the federal privacy rules.") % {
            "name": party.name
        }
    return _("Only as the federal privacy rules (HIPAA) allow.")
