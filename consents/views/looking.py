"""View as: the real pages, exactly as somebody else gets them (DESIGN 7.4).

Before signing the sealed draft comes along by POST; after it, a plain GET. The page
is that person's own view, run on a request of theirs; what comes back is framed and
marked. It is logged as the reading of whoever opened it: the patient, or somebody who
signs for the patient, for whom nothing is there that they may not know (ADR 12).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.contrib.messages.storage.base import BaseStorage
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from carecoord import marking as marks
from carecoord.models import User
from carecoord.transactions import own_transaction
from consents import actions, entrances
from consents.access import OpenPatient, Request, eyes, open_for, recipients
from consents.access.eyes import Eyes, Who
from consents.access.still import hand_over
from consents.codes import Channel
from consents.drafts import Draft
from consents.framing import framed
from consents.models import Disclosure
from consents.proposals import Proposal, proposal_of
from providers.models import Party

# The bar over each preview; a page that the person has no entrance to is left out.
BAR = (
    ("", "patients:chart", gettext_lazy("Chart")),
    ("medicines/", "patients:medicines", gettext_lazy("Medicines")),
    ("updates/", "messaging:updates", gettext_lazy("Updates")),
    ("summary/", "patients:summary", gettext_lazy("Summary")),
    ("summary.pdf", "patients:summary_pdf", gettext_lazy("One-page PDF")),
)
FORM = "look-as"
# Where the other page stands in ours. Text cannot bring it: "<" is always escaped.
PLACE = b"<!-- the other page -->"
METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Look:
    """One preview: whose eyes, before or after signing."""

    opened: OpenPatient
    who: Who
    proposal: Proposal | None
    sealed: str

    @property
    def base(self) -> str:
        """Where the previews of these eyes are."""
        args = [self.opened.patient.pk, self.who.party.pk]
        if self.who.role:
            return reverse("consents:look_role", args=[*args, self.who.role.code])
        return reverse("consents:look", args=args)

    def address(self, href: str) -> str:
        """The preview of a page of this patient, or "" for any other address."""
        path, _mark, query = href.partition("?")
        start = f"/patients/{self.opened.patient.pk}/"
        match = previewable(path) if path.startswith(start) else None
        if match is None or not opens(self.opened, match.view_name):
            return ""
        address = self.base + path.removeprefix(start)
        return f"{address}?{query}" if query else address


def previewable(path: str) -> ResolverMatch | None:
    """The view of an address that can be opened as somebody else."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    line = entrances.entrance(match.view_name or "")
    return match if line and line.preview else None


def inside(patient_id: uuid.UUID, page: str) -> ResolverMatch:
    """The page to preview. Raises Http404 for every other address."""
    match = previewable(_path(patient_id, page))
    if match is None or match.kwargs.get("patient_id") != patient_id:
        raise Http404
    return match


def opens(opened: OpenPatient, view_name: str) -> bool:
    """Whether such a page is there for whoever looks, on their own account too."""
    return entrances.purpose_of(view_name, opened.relation) is not None


def _path(patient_id: uuid.UUID, page: str) -> str:
    return reverse("patients:chart", args=[patient_id]) + page


# Pages ----------------------------------------------------------------------------


@require_http_methods(METHODS)
def look(
    request: Request,
    patient_id: uuid.UUID,
    party_id: uuid.UUID,
    role: str = "",
    page: str = "",
) -> HttpResponse:
    """A page of this patient as that person gets it."""
    # At once for writing: a savepoint inside may sign, and no lock is upgraded.
    opened = open_for(request.reading, patient_id, writes=True)
    match = inside(patient_id, page)
    found = _look(request, opened, match, eyes.whose(opened, party_id, role))
    if found is None:
        return redirect("consents:grant", patient_id=patient_id)
    if found.who.chooses:
        return _choose(request, found)
    line = entrances.entrance(match.view_name)
    if line is None or line.channel == Channel.PDF:
        raise Http404
    return _framed(request, found, match, page)


def _look(
    request: Request, opened: OpenPatient, match: ResolverMatch, who: Who
) -> Look | None:
    """With what the sealed draft proposes; None for one that cannot be signed.

    For the patient, or for who signs for them, of pages that they open too; else 404.
    """
    acting = opened.representative
    opened.require(acting is None or acting.may_sign)
    opened.require(opens(opened, match.view_name))
    if request.method != "POST":
        return Look(opened, who, None, "")
    sealed = request.POST.get("draft", "")
    draft = Draft.opened(sealed, user_id=request.user.pk, patient_id=opened.patient.pk)
    if draft is None or not draft.says_what:
        return None
    recipient = recipients.recipient(opened, draft.recipient).party
    try:
        return Look(opened, who, proposal_of(opened, draft, recipient), sealed)
    except actions.RuleError:
        return None


def _framed(
    request: Request, found: Look, match: ResolverMatch, page: str
) -> HttpResponse:
    with eyes.seeing(found.opened, found.who, found.proposal) as user:
        inner = _inner(request, match, page)
        _as_person(inner, user, match, found.opened)
        response = _answer(inner, match)
    context = _context(found, page, match)
    if response is None:
        return render(request, "consents/look_nothing.html", context)
    text = response.content.decode()
    if response["Content-Type"].startswith("text/plain"):
        return render(request, "consents/look_text.html", context | {"text": text})
    buttons = FORM if found.sealed else ""
    frame = framed(text, address=found.address, as_buttons=buttons)
    answer = render(request, "consents/look.html", context | {"frame": frame})
    # Put in as it was rendered for that person: its own template escaped it.
    answer.content = answer.content.replace(PLACE, frame.body.encode())
    return answer


def _as_person(
    inner: Request, user: User, match: ResolverMatch, opened: OpenPatient
) -> None:
    inner.user = user
    inner.reading = Eyes(user=user, entrance=match.view_name, opened=opened)


def _answer(inner: Request, match: ResolverMatch) -> HttpResponse | None:
    """That person's own answer; None for the 404."""
    try:
        return match.func(inner, *match.args, **match.kwargs)
    except Http404:
        return None


class _Unsaid(BaseStorage):
    """What the page would say to that person afterwards is said to nobody."""

    def _get(self, *args: object, **kwargs: object) -> tuple[list, bool]:
        return [], True

    def _store(self, messages: list, *args: object, **kwargs: object) -> list:
        return []


def _inner(request: Request, match: ResolverMatch, page: str) -> Request:
    """A request of that person's for the page itself: no cookie, no session."""
    inner = Request()
    inner.method = "GET"
    inner.path = inner.path_info = _path(match.kwargs["patient_id"], page)
    inner.META = {
        name: value for name, value in request.META.items() if name != "HTTP_COOKIE"
    }
    inner.GET = (
        request.GET
        if request.method != "POST"
        else QueryDict(request.META.get("QUERY_STRING", ""))
    )
    inner.resolver_match = match
    inner.session = {}  # type: ignore[assignment]  # none: nothing to save it to
    inner._messages = _Unsaid(inner)  # type: ignore[attr-defined]  # Django's own
    return inner


def _context(found: Look, page: str, match: ResolverMatch) -> dict:
    name = found.who.name
    return {
        "opened": found.opened,
        "look": found,
        "who": found.who,
        "draft": found.sealed,
        "form_id": FORM,
        "bar": [
            {
                "text": words,
                "url": found.base + start,
                "current": match.view_name == view_name,
            }
            for start, view_name, words in BAR
            if entrances.purpose_of(view_name, found.who.relation)
            and opens(found.opened, view_name)
        ],
        "back_url": _back(found),
        "mark": marking(name, proposed=bool(found.proposal)),
    }


def _back(found: Look) -> str:
    """The page of the person; who acts has one page of them all."""
    patient_id = found.opened.patient.pk
    if found.opened.representative:
        return reverse("consents:sharing", args=[patient_id])
    return reverse("consents:person", args=[patient_id, found.who.party.pk])


def marking(name: str, *, proposed: bool) -> str:
    said = _("Preview: what %(name)s gets now.")
    if proposed:
        said = _("Preview: what %(name)s would get if you sign. Nothing is shared yet.")
    return said % {"name": name}


def _choose(request: Request, found: Look) -> HttpResponse:
    """An organization has no eyes: one of its people, or somebody new of a role."""
    patient_id, party = found.opened.patient.pk, found.who.party
    context = {
        "opened": found.opened,
        "who": found.who,
        "draft": found.sealed,
        "form_id": FORM,
        "people": _people(found.opened, party),
        "roles": _roles(patient_id, party),
        "back_url": _back(found),
    }
    return render(request, "consents/look_choose.html", context)


def _people(opened: OpenPatient, party: Party) -> list[tuple[str, str, str]]:
    return [
        (
            each.party.name,
            each.role_in_words.lower(),
            reverse("consents:look", args=[opened.patient.pk, each.party_id]),
        )
        for each in eyes.staff(opened, party)
    ]


def _roles(patient_id: uuid.UUID, party: Party) -> list[tuple[str, str, str]]:
    return [
        (
            eyes.new_person(role),
            "",
            reverse("consents:look_role", args=[patient_id, party.pk, code]),
        )
        for code, role in eyes.roles_there().items()
    ]


# Paper ----------------------------------------------------------------------------


@require_http_methods(METHODS)
@own_transaction
def look_paper(
    request: Request,
    patient_id: uuid.UUID,
    party_id: uuid.UUID,
    paper: str,
    role: str = "",
) -> HttpResponse:
    """A paper of that person's: decided in a savepoint, printed after the commit."""
    page = f"{paper}.pdf"
    match = inside(patient_id, page)
    inner = _inner(request, match, page)
    looks: list[Look] = []
    with ExitStack() as marked:
        inner.deciding = _deciding(request, inner, match, party_id, role, looks, marked)
        response = _answer(inner, match)
    if not looks:
        raise Http404
    context = _context(looks[0], page, match)
    if response is None:
        return render(request, "consents/look_nothing.html", context)
    if response["Content-Type"] == "application/pdf":
        hand_over(request.reading, _written(inner))
        name = page.rpartition("/")[2]
        response["Content-Disposition"] = f'inline; filename="preview-{name}"'
        return response
    return render(request, "consents/look_not_printed.html", context, status=503)


def _paper_mark(opened: OpenPatient) -> str:
    if opened.representative:
        return _("Preview of what you may know. They may see more. Not for others.")
    return _("Preview for the patient. Not to be handed on.")


def _deciding(
    request: Request,
    inner: Request,
    match: ResolverMatch,
    party_id: uuid.UUID,
    role: str,
    looks: list[Look],
    marked: ExitStack,
) -> Callable:
    """The short transaction that the view opens: the eyes in a savepoint of it."""

    @contextmanager
    def deciding() -> Iterator[None]:
        with transaction.atomic():
            opened = open_for(request.reading, match.kwargs["patient_id"], writes=True)
            found = _look(request, opened, match, eyes.whose(opened, party_id, role))
            if found is None or found.who.chooses:
                raise Http404
            looks.append(found)
            marked.enter_context(marks.marked(_paper_mark(opened)))
            with eyes.seeing(opened, found.who, found.proposal) as user:
                _as_person(inner, user, match, found.opened)
                yield
            _write(request, inner)

    return deciding


def _written(inner: Request) -> list[Disclosure]:
    """The rows in the log of what a preview showed to whoever looked."""
    return inner.reading.written if isinstance(inner.reading, Eyes) else []


def _write(request: Request, inner: Request) -> None:
    """The look, in the log: and which rows, should the paper not be printed."""
    written = request.reading.write_disclosures()
    if isinstance(inner.reading, Eyes):
        inner.reading.written = written
