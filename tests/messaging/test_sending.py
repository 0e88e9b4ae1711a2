"""An update is sent to whom the rule covers, and held for everyone else."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from consents import actions as consents
from consents.actions import RuleError
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.models import ConsentRequest
from messaging.actions import updates
from messaging.actions.updates import AlreadySentError, Number
from messaging.models import Update, UpdateDraft, UpdateNumber, UpdateRecipient
from patients.models import TimelineEvent
from providers import actions as providers
from tests.cast import permit
from tests.messaging.writing import SUBSTANCE, content, information, row, send


def status(cast, author, to, **said):
    return row(send(cast, author, to, said=content(**said)), cast, to).status


# Who gets it: the recipient needs a consent, the author only a place on the team ----


@pytest.mark.parametrize(
    ("author", "to", "expected"),
    [
        ("chidi", "bram", "sent"),
        ("chidi", "jon", "sent"),
        ("bram", "jon", "sent"),
        ("jon", "bram", "sent"),
        ("bram", "chidi", "held"),
        ("jon", "chidi", "held"),
        ("chidi", "dana", "held"),
        ("chidi", "fatou", "held"),
    ],
)
def test_it_is_sent_only_to_those_whom_a_consent_covers(cast, author, to, expected):
    assert status(cast, author, to) == expected


def test_it_is_held_for_someone_without_a_sign_in(cast):
    paper = providers.add_practitioner(name="Dr. Paper", profession="other")
    update = updates.send(
        patient=cast.amina,
        author=cast.chidi,
        content=content(),
        recipients=[paper.party],
        form_key=uuid.uuid4(),
        by=cast.user("chidi"),
        at=cast.at,
    )
    assert update.recipients.get().status == "held"


def test_each_recipient_is_decided_by_itself(cast):
    update = send(cast, "jon", "bram", "chidi")
    assert row(update, cast, "bram").status == "sent"
    assert row(update, cast, "chidi").status == "held"


def test_the_purpose_follows_from_who_writes_to_whom(cast):
    assert row(send(cast, "jon", "bram"), cast, "bram").purpose == "TREAT"
    assert row(send(cast, "chidi", "bram"), cast, "bram").purpose == "COC"


def test_a_consent_for_treatment_alone_does_not_let_another_clinic_send(cast):
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    permit(cast.amina, cast.bram, at=cast.at, purposes=PURPOSES.mask("TREAT"))
    assert status(cast, "jon", "bram") == "sent"
    assert status(cast, "chidi", "bram") == "held"


# Mixed content: held whole, never trimmed ------------------------------------------


def test_what_is_filled_in_decides_the_categories(cast):
    numbers, words = content(), content(numbers=())
    updates_only = CATEGORIES["updates"]
    both = CATEGORIES.mask("updates", "measures")
    assert numbers.categories == both
    assert words.categories == updates_only
    assert content(numbers=(), appetite="less").categories == both


def test_one_number_holds_the_whole_update_where_numbers_are_not_shared(cast):
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    permit(cast.amina, cast.bram, at=cast.at, categories=CATEGORIES["updates"])
    assert status(cast, "chidi", "bram") == "held"
    assert status(cast, "chidi", "bram", numbers=()) == "sent"
    assert status(cast, "chidi", "bram", numbers=(), appetite="less") == "held"


def test_a_label_that_is_not_shared_holds_it(cast):
    assert status(cast, "chidi", "bram", labels=SUBSTANCE) == "held"


def test_the_suicidal_thoughts_answer_belongs_to_updates(cast):
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    permit(cast.amina, cast.bram, at=cast.at, categories=CATEGORIES["updates"])
    sent = status(cast, "chidi", "bram", numbers=(), suicidal_thoughts="thoughts")
    assert sent == "sent"


# Thoughts are never for information -------------------------------------------------


@pytest.mark.parametrize("answer", ["thoughts", "plan"])
def test_thoughts_cannot_be_sent_for_information(cast, answer):
    with pytest.raises(RuleError):
        send(cast, "chidi", "bram", said=information(suicidal_thoughts=answer))
    assert not Update.objects.exists()


def test_thoughts_always_ask_for_something(cast):
    said = content(suicidal_thoughts="thoughts", ask="nothing")
    with pytest.raises(RuleError):
        send(cast, "chidi", "bram", said=said)


@pytest.mark.parametrize("answer", ["thoughts", "plan"])
def test_the_database_refuses_thoughts_for_information(cast, answer):
    update = send(cast, "chidi", "bram", said=information())
    with pytest.raises(IntegrityError), transaction.atomic():
        Update.objects.filter(pk=update.pk).update(suicidal_thoughts=answer)


def test_an_ask_cannot_be_for_information(cast):
    with pytest.raises(RuleError):
        send(cast, "chidi", "bram", said=content(urgency="information"))


def test_an_update_goes_to_somebody(cast):
    with pytest.raises(RuleError):
        send(cast, "chidi")


# Once ---------------------------------------------------------------------------


@pytest.mark.security("T70")
def test_a_double_click_sends_once(cast):
    key = uuid.uuid4()
    first = send(cast, "chidi", "bram", form_key=key)
    second = send(cast, "chidi", "bram", form_key=key)
    assert first == second
    assert UpdateRecipient.objects.count() == 1
    assert TimelineEvent.objects.count() == 1
    assert UpdateNumber.objects.count() == 1


def test_the_same_form_with_another_text_is_not_lost_silently(cast):
    key = uuid.uuid4()
    first = send(cast, "chidi", "bram", form_key=key)
    with pytest.raises(AlreadySentError) as caught:
        send(cast, "chidi", "bram", form_key=key, said=content(what_changed="More."))
    assert caught.value.update == first
    changed = content(numbers=(Number("sleep_hours", Decimal(5)),))
    with pytest.raises(AlreadySentError):
        send(cast, "chidi", "bram", form_key=key, said=changed)


def test_a_form_belongs_to_who_sent_it(cast):
    key = uuid.uuid4()
    send(cast, "chidi", "bram", form_key=key)
    with pytest.raises(RuleError):
        send(cast, "jon", "bram", form_key=key)


@pytest.mark.security("T60")
def test_a_failure_half_way_leaves_nothing(cast, monkeypatch):
    def fails(**_kwargs):
        raise RuntimeError("the last statement fails")

    monkeypatch.setattr(updates.timeline, "record_event", fails)
    with pytest.raises(RuntimeError):
        send(cast, "chidi", "bram")
    assert not Update.objects.exists()
    assert not UpdateRecipient.objects.exists()


# The event --------------------------------------------------------------------


def test_sending_writes_one_event_with_the_same_sensitivity(cast):
    update = send(cast, "chidi", "bram", "jon")
    event = TimelineEvent.objects.get()
    assert (event.kind, event.about) == ("update_sent", update.pk)
    assert event.categories == update.categories
    assert (event.lineage, event.author) == (update.lineage, cast.chidi)
    assert event.due_at == cast.at


def test_nobody_is_told_of_what_is_held_for_all(cast):
    send(cast, "bram", "chidi")
    assert not TimelineEvent.objects.exists()


# Released once ------------------------------------------------------------------


def test_a_signature_releases_what_was_held_once(cast):
    update = send(cast, "bram", "chidi")
    assert updates.release_covered(patient_id=cast.amina.pk, at=cast.at) == 0
    permit(cast.amina, cast.chidi, at=cast.at)
    later = cast.at + timedelta(minutes=5)
    assert updates.release_covered(patient_id=cast.amina.pk, at=later) == 1
    assert updates.release_covered(patient_id=cast.amina.pk, at=later) == 0
    released = row(update, cast, "chidi")
    assert released.status == "sent"
    assert released.sent_at == released.released_at == later
    assert TimelineEvent.objects.filter(kind="update_sent").count() == 1
    assert released.history.count() == 2


def test_a_consent_for_something_else_releases_nothing(cast):
    send(cast, "bram", "chidi")
    permit(cast.amina, cast.chidi, at=cast.at, categories=CATEGORIES["goals"])
    assert updates.release_covered(patient_id=cast.amina.pk, at=cast.at) == 0


def test_only_this_patients_updates_are_released(cast):
    send(cast, "bram", "chidi")
    permit(cast.amina, cast.chidi, at=cast.at)
    assert updates.release_covered(patient_id=cast.gus.pk, at=cast.at) == 0


def test_what_was_entered_in_error_stays_held(cast):
    update = send(cast, "bram", "chidi")
    Update.objects.filter(pk=update.pk).update(
        entered_in_error_at=cast.at, entered_in_error_by=cast.user("bram")
    )
    permit(cast.amina, cast.chidi, at=cast.at)
    assert updates.release_covered(patient_id=cast.amina.pk, at=cast.at) == 0


# Asking the patient ---------------------------------------------------------------


def test_the_author_asks_for_the_exact_scope_and_no_more(cast):
    update = send(cast, "bram", "chidi", said=content(labels=SUBSTANCE))
    held = row(update, cast, "chidi")
    updates.ask_consent(row=held, by=cast.user("bram"), at=cast.at)
    request = ConsentRequest.objects.get()
    assert request.recipient == cast.chidi
    assert request.asked_by == cast.bram
    assert CATEGORIES.names(request.categories) == ["updates", "measures"]
    assert LABELS.names(request.labels) == ["substance_use"]
    assert PURPOSES.names(request.purposes) == ["COC"]
    assert request.held_item == update.pk


def test_the_same_question_is_asked_once_in_30_days(cast):
    update = send(cast, "bram", "chidi")
    held = row(update, cast, "chidi")
    updates.ask_consent(row=held, by=cast.user("bram"), at=cast.at)
    with pytest.raises(RuleError) as refused:
        updates.ask_consent(row=held, by=cast.user("bram"), at=cast.at)
    # True before the patient's answer and after it, whatever it is.
    assert str(refused.value) == (
        "You asked in the last 30 days. Ask again when they are over."
    )


# Corrections ----------------------------------------------------------------------


def test_a_correction_is_a_new_version_and_the_old_one_stays(cast):
    first = send(cast, "chidi", "bram")
    second = send(
        cast, "chidi", "bram", said=content(what_changed="5 hours."), corrects=first
    )
    assert second.corrects == first
    first.refresh_from_db()
    assert first.what_changed == "Sleep has dropped to 4 hours since Nov 3."
    assert row(first, cast, "bram").status == "closed"
    assert row(second, cast, "bram").status == "sent"
    assert second.lineage == first.lineage


def test_everyone_who_had_the_first_version_gets_the_second(cast):
    first = send(cast, "chidi", "bram", "jon")
    second = send(cast, "chidi", "bram", corrects=first)
    assert row(second, cast, "jon").status == "sent"


def test_a_version_is_corrected_once_and_by_its_author(cast):
    first = send(cast, "chidi", "bram")
    with pytest.raises(RuleError):
        send(cast, "jon", "bram", corrects=first)
    send(cast, "chidi", "bram", corrects=first)
    first = Update.objects.get(pk=first.pk)
    with pytest.raises(RuleError):
        send(cast, "chidi", "bram", corrects=first)


def test_only_the_correction_is_released(cast):
    first = send(cast, "bram", "chidi")
    second = send(cast, "bram", "chidi", corrects=first)
    permit(cast.amina, cast.chidi, at=cast.at)
    assert updates.release_covered(patient_id=cast.amina.pk, at=cast.at) == 1
    assert row(first, cast, "chidi").status == "held"
    assert row(second, cast, "chidi").status == "sent"


def test_only_me_on_the_first_version_covers_the_second(cast):
    first = send(cast, "chidi", "bram")
    consents.keep_back(item=first, by=cast.amina.user, at=cast.at)
    second = send(cast, "chidi", "bram", corrects=first)
    assert row(second, cast, "bram").status == "held"


# The rehearsal --------------------------------------------------------------------


def test_the_rehearsal_says_what_will_happen_and_stores_nothing(cast):
    said = content(labels=SUBSTANCE)
    rehearsed = updates.rehearse(
        patient=cast.amina,
        author=cast.chidi,
        content=said,
        recipients=[cast.bram, cast.jon, cast.dana],
        others=[],
        by=cast.user("chidi"),
        at=cast.at,
    )
    assert not Update.objects.exists()
    assert not Update.history.exists()
    assert not TimelineEvent.objects.exists()
    sent = send(cast, "chidi", "bram", "jon", "dana", said=said)
    for each in sent.recipients.all():
        assert rehearsed.status[each.party_id] == each.status
    assert [number.measure for number in rehearsed.numbers] == ["sleep_hours"]


def test_a_draft_is_kept_encrypted_and_for_one_pair(cast):
    from django.db import connection

    from messaging.actions import drafts

    for text in ("first", "a secret"):
        drafts.save(
            patient=cast.amina,
            typed={"what_changed": [text]},
            by=cast.user("chidi"),
            at=cast.at,
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed FROM messaging_updatedraft")
        stored = cursor.fetchall()
    assert len(stored) == 1
    assert "a secret" not in stored[0][0]
    drafts.drop(patient=cast.amina, by=cast.user("chidi"))
    assert not UpdateDraft.objects.exists()
