"""Forms of several pages: what was typed is kept on the server, for its writer."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from carecoord.models import User
from consents.disclosable import Disclosable
from patients.models import Draft, Patient

# Nobody comes back to a form after a week; what was typed in it is then removed.
FORGOTTEN_AFTER = timedelta(days=7)
SENT = "sent"


@transaction.atomic
def begin(
    *,
    patient: Patient,
    kind: str,
    by: User,
    at: datetime,
    about: Disclosable | None = None,
) -> Draft:
    """A new draft. Forgotten ones of the same person go."""
    Draft.objects.filter(user=by, created_at__lt=at - FORGOTTEN_AFTER).delete()
    return Draft.objects.create(
        patient=patient,
        user=by,
        kind=kind,
        about=about.pk if about else None,
        about_version=about.version if about else None,
        created_at=at,
    )


@transaction.atomic
def keep(*, draft: Draft, page: str, typed: dict[str, list[str]]) -> None:
    """Keeps what was typed on one page."""
    draft.write(page, typed)
    draft.save(update_fields=["content"])


@transaction.atomic
def finish(*, draft: Draft, result: uuid.UUID, at: datetime, sent: str) -> None:
    """It is saved: nothing that was typed stays here but a mark of what was `sent`."""
    draft.content, draft.result, draft.saved_at = "", result, at
    draft.write(SENT, {SENT: [sent]})
    draft.save(update_fields=["content", "result", "saved_at"])


def was_sent(draft: Draft, sent: str) -> bool:
    """Whether this is what was saved, sent once more."""
    page = draft.page(SENT)
    return page is not None and page.get(SENT) == sent


@transaction.atomic
def see_version(*, draft: Draft, version: int) -> None:
    """The person was shown what stands now: saving again is their decision."""
    draft.about_version = version
    draft.save(update_fields=["about_version"])
