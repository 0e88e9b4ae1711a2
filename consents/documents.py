"""What is printed about a permission: the receipt (Kantara Consent Receipt 1.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from carecoord import jurisdiction, zones
from carecoord.context_processors import place
from consents import signing, texts, windows
from consents.actions.terms import APART
from consents.codes import CATEGORIES, LABELS
from consents.models import Consent
from consents.windows import State
from providers.codes import PartyKind
from providers.models import Party

if TYPE_CHECKING:
    from consents.access.allowing import Allowed


@dataclass(frozen=True)
class Receipt:
    """A finished receipt: no more queries are needed to print it."""

    heading: str
    number: str
    kind: str
    patient_name: str
    state: State
    party: Party
    rows: list[tuple[str, str]]
    text: str
    after: texts.ConsentText | None
    operator: jurisdiction.Operator
    # Why the text is left out: it names whom this reader is not told of,
    keeps_text: bool = False
    # or it names every kind and topic, also outside of what this reader may know.
    is_bounded: bool = False
    # What was shared, a line for each kind; none of an answer.
    kinds: tuple[str, ...] = ()

    @property
    def table(self) -> list[tuple[str, tuple[str, ...]]]:
        """The rows as they are shown: the kinds as a list."""
        lists = {texts.WHAT: self.kinds} if self.kinds else {}
        return [(label, lists.get(label, (value,))) for label, value in self.rows]

    @property
    def parts(self) -> list[tuple[str, list[str]]]:
        """The text as signed: each heading with its lines."""
        blocks = [block.split("\n") for block in self.text.split("\n\n")]
        return [(lines[0], lines[1:]) for lines in blocks if lines[0]]


def receipt(
    consent: Consent,
    *,
    patient,
    role: str,
    at,
    names_team: bool,
    organizations: Sequence[str] = (),
    shared_again: bool = False,
) -> Receipt:
    """The receipt of a permit, a deny or a refusal, as it stands at `at`.

    After a stop: by which organizations, or by a newer permission, the recipient
    still sees something. Without `names_team`, nobody who alone may tell is named, and
    the text, in which they stand, is left out.
    """
    zone = patient.time_zone
    state = windows.state_of(consent, at=at, zone=zone)
    rows, kinds = _rows(consent, patient, role, names_team=names_team)
    return Receipt(
        heading=_heading(consent, state),
        number=consent.number,
        kind=consent.decision,
        patient_name=patient.name,
        state=state,
        party=consent.recipient,
        rows=rows,
        text=consent.text if names_team else "",
        after=_after(consent, patient, organizations, shared_again),
        operator=place().operator,
        keeps_text=not names_team,
        is_bounded=consent.is_bounded,
        kinds=kinds,
    )


_A_CODE = gettext_noop("A code for %(name)s")
_OF_A_CODE = {
    "stopped": gettext_noop("The code for %(name)s is stopped"),
    "ended": gettext_noop("The code for %(name)s has ended"),
}


def _heading(consent: Consent, state: State) -> str:
    name = {"name": consent.recipient.name}
    if _is_code(consent):
        return _(_OF_A_CODE.get(state.word, _A_CODE)) % name
    if consent.decision == "refusal":
        return _("Not shared with %(name)s") % name
    if consent.decision == "deny":
        if state.word == "stopped":
            return _("Lifted: never share with %(name)s") % name
        return _("Never shared with %(name)s") % name
    return {
        "sharing": _("Shared with %(name)s") % name,
        "ends_soon": _("Shared with %(name)s") % name,
        "stopped": _("Sharing with %(name)s ended") % name,
        "ended": _("Sharing with %(name)s ended") % name,
        "replaced": _("Earlier permission for %(name)s") % name,
    }[state.word]


def _rows(
    consent: Consent, patient, role: str, *, names_team: bool
) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """The rows; and what was shared, by kind."""
    zone = patient.time_zone
    signed = zones.instant_words(consent.signed_at, zone)
    if consent.decision != "permit":
        return _answer_rows(consent, signed), ()
    wording = signing.wording_of(
        patient=patient,
        recipient=consent.recipient,
        role=role,
        terms=consent,
        openings=_openings(consent),
        representative=consent.representative,
    )
    rows = texts.receipt_lines(
        wording,
        receipt_id=consent.number,
        signed=f"{signed} ({consent.signed_at:%Y-%m-%d %H:%M} UTC)",
        method=_method(consent),
        signed_by=consent.signed_name,
        jurisdiction=place().law.name,
        policy_address=settings.SITE_URL + reverse("help_roles"),
        version=_version(consent),
    )
    tell = wording.discloser_names or []
    if tell and not names_team:
        tell = [_("Certain members of the care team")]
    if consent.is_bounded:
        rows = tuple((what, _bounded(what, value, consent)) for what, value in rows)
    kinds = texts.receipt_kinds(wording, version=_version(consent))
    return [*_with_window(rows, wording), *_ending(consent, tell, zone)], kinds


def _with_window(
    rows: Iterable[tuple[str, str]], wording: texts.Terms
) -> Iterator[tuple[str, str]]:
    """How far back it reaches stands beside what is shared."""
    for label, value in rows:
        yield label, value
        if label == texts.WHAT and wording.item_window:
            yield _("How far back"), wording.item_window


def _bounded(what: str, value: str, consent: Consent) -> str:
    """Topics, where not each may be named: the same whether there are others or not."""
    if what != texts.TOPICS:
        return value
    return _("%(topics)s. Others are not told here, whether there are any or not.") % {
        "topics": value if consent.labels else _("None that your document covers")
    }


def _is_code(consent: Consent) -> bool:
    """Made for somebody, and used by whoever says to be that person."""
    return consent.recipient.kind == PartyKind.GUEST


def _openings(consent: Consent) -> int | None:
    """How often the code opens it, where the permission is for a code."""
    code = getattr(consent, "guest_code", None)
    return code.most_visits if code else None


def _stopped_by(consent: Consent, patient) -> str:
    """The patient, or "Rosa Diallo for Amina Diallo"."""
    by = consent.revoked_by
    if by is None or by.pk == patient.user_id:
        return patient.name
    return _("%(name)s for %(patient)s") % {"name": by.name, "patient": patient.name}


def _method(consent: Consent) -> str:
    how, apart, more = consent.signed_how.partition(APART)
    if how == signing.SIGNED_IN:
        return _("Typed name, while signed in") + apart + more
    return _("Typed name, signed in with %(how)s") % {"how": how} + apart + more


def _version(consent: Consent) -> str:
    known = consent.text_version in texts.VERSIONS
    return consent.text_version if known else texts.CURRENT


def _ending(consent: Consent, tell: Sequence[str], zone: str) -> list[tuple[str, str]]:
    rows = []
    if consent.authority != "self":
        rows.append((_("By what right"), consent.authority))
    if tell:
        rows.append((_("Who may share"), ", ".join(tell)))
    if consent.ends_event:
        rows.append((_("Ends when"), consent.ends_event))
    if consent.revoked_at:
        ended = zones.instant_words(consent.revoked_at, zone)
        rows.append((consent.get_revoked_how_display(), ended))
    return rows


def _answer_rows(consent: Consent, signed: str) -> list[tuple[str, str]]:
    topics = ", ".join(LABELS.words(consent.labels))
    kinds = ", ".join(CATEGORIES.words(consent.categories))
    if consent.decision == "deny":
        kinds = topics or kinds  # a "never" about topics is about each kind
    elif topics:
        kinds = f"{kinds}; {topics}"
    rows = [
        (_("Receipt number"), consent.number),
        (_("Answered on"), signed),
        (_("About"), consent.recipient.name),
        (_("What"), kinds),
    ]
    if consent.decision == "deny":
        rows.append((_("Signed by"), consent.signed_name))
        rows.append((_("How it was signed"), _method(consent)))
    return rows


def _after(
    consent: Consent, patient, organizations: Sequence[str], shared_again: bool
) -> texts.ConsentText | None:
    """What to know after a "no" or a stop."""
    name = consent.recipient.name
    if consent.decision == "refusal":
        return texts.refusal(recipient_name=name)
    ended = consent.revoked_at if consent.revoked_how == "stopped" else None
    if consent.decision == "permit" and ended:
        return texts.revocation(
            patient_name=patient.name,
            recipient_name=name,
            when=zones.instant_words(ended, patient.time_zone),
            by_name=_stopped_by(consent, patient),
            organizations=organizations,
            shared_again=shared_again,
            comes_with_code=_is_code(consent),
        )
    return None


# "Coordination is allowed" (S40) ---------------------------------------------------


@dataclass(frozen=True)
class Statement:
    """A finished page for one chart."""

    patient_name: str
    born: str
    number: str
    text: texts.ConsentText
    printed: str


def statement(allowed: Allowed, *, patient, at, names_team: bool) -> Statement:
    """What the permission lets others tell this clinician, as it stands at `at`."""
    zone, consent = patient.time_zone, allowed.consent
    return Statement(
        patient_name=patient.name,
        born=zones.day_words(patient.birth_date),
        number=consent.number,
        text=texts.coordination(
            patient_name=patient.name,
            clinician_name=consent.recipient.name,
            team=_who_may_tell(consent, names_team=names_team),
            category_names=CATEGORIES.names(allowed.categories),
            label_names=LABELS.names(allowed.labels),
            starts=zones.today(consent.starts_at, zone),
            ends=zones.last_day(windows.counts_until(consent), zone),
            permission_id=consent.number,
            item_window=signing.window_words(consent, zone),
            ends_sooner=bool(consent.ends_event),
            signed_by=signing.who_signs(consent.representative),
        ),
        printed=zones.instant_words(at, zone),
    )


def _who_may_tell(consent: Consent, *, names_team: bool) -> list[str]:
    """Who is on the team is sensitive: named only to whom it is shared with."""
    if consent.any_discloser:
        return [_("anyone on the care team")]
    if not names_team:
        return [_("those whom the patient named")]
    return list(consent.disclosers.values_list("party__name", flat=True))
