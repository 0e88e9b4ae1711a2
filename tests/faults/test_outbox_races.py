"""Several sweeps at once, revokes while mails go out, deaths at the wrong moment.

On a real PostgreSQL. Each test has a quick version and one behind `make test-faults`;
each guard has a twin without it, which the same test catches.
"""

import signal
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connections
from django.utils import timezone

from carecoord import mail as transport
from carecoord.models import OutgoingMail
from consents import actions as consents
from messaging import waiting
from messaging.actions import notices, post
from messaging.models import Notice
from messaging.sweeping import Sweep
from patients.models import TimelineEvent
from tests.faults import harness
from tests.faults.harness import LONG, QUICK
from tests.messaging.delivering import TEN_MINUTES, change
from tests.smtp import MailServer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SIZES = [QUICK, pytest.param(LONG, marks=pytest.mark.faults)]


@pytest.fixture
def server(settings):
    settings.CARECOORD_MAIL_TRANSPORT = "carecoord.mail.SmtpBackend"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 10
    with MailServer() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@contextmanager
def at_once(work, *, times):
    """`work` in so many threads, each with a connection of its own."""
    errors = []

    def one():
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(60)
    assert errors == []


def due(cast, number):
    """So many events that are due now, by Amina."""
    for index in range(number):
        change(cast.amina, at=cast.at - TEN_MINUTES, title=f"change {index}")


# Twice -----------------------------------------------------------------------------


@pytest.mark.security("T62")
@pytest.mark.parametrize("number", SIZES)
def test_four_sweeps_at_once_tell_everybody_once(cast, server, number):
    """T62, first half: the same task delivered four times, in parallel."""
    due(cast, number)
    with at_once(lambda: Sweep().run(), times=4):
        pass
    harness.sweep_until_done()
    events = TimelineEvent.objects.filter(patient=cast.amina)
    assert not events.filter(fanned_out_at=None).exists()
    for channel in ("in_app", "email"):
        assert Notice.objects.filter(channel=channel).count() == 2 * number
    assert len(server.received) == len(set(server.ids())) == 2


def test_a_fan_out_without_the_lock_tells_twice(cast):
    """The vulnerable twin: reads what is due, then tells, without claiming it."""
    due(cast, 3)
    told, barrier = [], threading.Barrier(2)

    def naive():
        events = list(TimelineEvent.objects.filter(fanned_out_at=None))
        barrier.wait(10)
        for event in events:
            told.append(event.pk)
            TimelineEvent.objects.filter(pk=event.pk).update(fanned_out_at=cast.at)

    with at_once(naive, times=2):
        pass
    assert len(told) > len(set(told))


def test_two_sweeps_never_write_two_mails_to_one_person(cast, server):
    due(cast, 1)
    notices.fan_out(patient_id=cast.amina.pk, at=timezone.now())
    at = timezone.now()
    with at_once(lambda: post.gather(user_id=cast.bram.user_id, at=at), times=4):
        pass
    assert OutgoingMail.objects.filter(user=cast.bram.user).count() == 1


# Killed ----------------------------------------------------------------------------

DIES_AFTER_COMMIT = """
    import signal
    from django.db import connections, transaction
    from carecoord.models import User
    from consents.codes import CATEGORIES
    from patients.actions import timeline
    from patients.models import Patient
    from datetime import timedelta
    from carecoord.clock import database_now

    for number in range({number}):
        if os.fork():
            os.wait()
            continue
        with transaction.atomic():
            transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
            patient = Patient.objects.get(pk="{patient}")
            timeline.record_event(
                patient=patient, kind="medicine_changed", title="x", by=patient.user,
                at=database_now() - timedelta(minutes=11),
                categories=CATEGORIES["medications"],
            )
        os._exit(1)  # it must not live on
"""


@pytest.mark.security("T61")
@pytest.mark.parametrize("number", SIZES)
def test_what_was_committed_is_told_although_the_process_died_before_it_could_say_so(
    cast, server, tmp_path, number
):
    """T61: kill -9 between COMMIT and whatever would be enqueued."""
    env = harness.environment(tmp_path, broker="redis://127.0.0.1:1/0")
    code = DIES_AFTER_COMMIT.format(number=number, patient=cast.amina.pk)
    done = harness.run(code, env=env)
    assert done.returncode == 0, done.stderr
    events = TimelineEvent.objects.filter(patient=cast.amina, title__isnull=False)
    assert events.count() == number
    started = time.monotonic()
    harness.sweep_until_done()
    print(f"{number} rows told {time.monotonic() - started:.2f} s after the restart")
    assert not events.filter(fanned_out_at=None).exists()
    for event in events:
        told = Notice.objects.filter(event=event.pk, channel="in_app")
        assert told.count() == 2
    assert len(server.received) == 2


@pytest.mark.security("T61")
@pytest.mark.redis
def test_a_task_sent_after_the_commit_is_lost_with_the_process(
    cast, redis_server, tmp_path
):
    """The vulnerable twin of T61: on_commit(task.delay), and the same death."""
    env = harness.environment(tmp_path, broker=redis_server.url)
    code = """
        import signal
        from django.db import transaction
        from messaging import tasks
        with transaction.atomic():
            transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
            transaction.on_commit(tasks.sweep.delay)
    """
    done = harness.run(code, env=env)
    assert done.returncode == -signal.SIGKILL
    assert redis_server.client().llen("celery") == 0


def test_a_sweep_killed_after_the_server_took_the_mail_sends_the_same_one_again(
    cast, server, tmp_path
):
    """T62, second half: one row, one Message-ID, at most two deliveries."""
    due(cast, 1)
    smtp = f"smtp://127.0.0.1:{server.port}"
    env = harness.environment(tmp_path, broker="redis://127.0.0.1:1/0", smtp=smtp) | {
        "DEFAULT_FROM_EMAIL": "Shared care <no-reply@localhost>"
    }
    code = """
        import signal
        from carecoord import mail
        real = mail.hand_over
        def hand_over(*args, **kwargs):
            real(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)
        mail.hand_over = hand_over
        from messaging.sweeping import Sweep
        Sweep().run()
    """
    done = harness.run(code, env=env)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(server.received) == 1
    assert OutgoingMail.objects.filter(sent_at=None).count() == 2
    Sweep().run()
    assert len(server.received) == 2, "the claimed one waits for its minute"
    harness.a_minute_passes()
    harness.sweep_until_done()
    ids = server.ids()
    assert len(ids) == 3
    assert len(set(ids)) == OutgoingMail.objects.count() == 2
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


@pytest.mark.security("T62")
@pytest.mark.parametrize("number", SIZES)
def test_a_sweep_killed_anywhere_loses_nothing_and_tells_nobody_twice(
    cast, server, tmp_path, number
):
    """Dies at its n-th statement, for n over the whole run."""
    due(cast, 2)
    env = harness.environment(
        tmp_path,
        broker="redis://127.0.0.1:1/0",
        smtp=f"smtp://127.0.0.1:{server.port}",
    )
    code = """
        import itertools, signal
        from django.db import connection
        from messaging.sweeping import Sweep
        for last in range(3, 3 + {number} * {step}, {step}):
            if os.fork():
                os.wait()
                continue
            count = itertools.count()
            def dies(execute, sql, params, many, context):
                if next(count) == last:
                    os.kill(os.getpid(), signal.SIGKILL)
                return execute(sql, params, many, context)
            with connection.execute_wrapper(dies):
                Sweep().run()
            os._exit(0)
    """
    harness.run(code.format(number=number, step=70 // number), env=env)
    if OutgoingMail.objects.exists():
        harness.a_minute_passes()
    harness.sweep_until_done()
    assert not TimelineEvent.objects.filter(fanned_out_at=None).exists()
    assert Notice.objects.filter(channel="in_app", kind="event").count() == 4
    assert not OutgoingMail.objects.filter(sent_at=None).exists()
    assert OutgoingMail.objects.count() == 2
    assert len(set(server.ids())) == 2


# Revoked while queued (T18) ----------------------------------------------------------


def queue_mails(cast, number):
    """A mail to each of so many clinicians, written and not handed over."""
    people = harness.clinicians(cast, number)
    for party in (cast.bram, cast.jon):
        consents.stop_sharing(
            patient=cast.amina, recipient=party, by=cast.amina.user, at=cast.at
        )
    change(cast.amina, at=cast.at - TEN_MINUTES)
    at = timezone.now()
    notices.fan_out(patient_id=cast.amina.pk, at=at)
    for party, _consent in people:
        post.gather(user_id=party.user_id, at=at)
    assert OutgoingMail.objects.filter(sent_at=None).count() == number
    return people


def revoke_every_other(cast, people):
    """Revokes while mails go out: (user, tries and instant when it returned)."""
    acknowledged = {}
    for party, consent in people[1::2]:
        time.sleep(0.03)  # so that some mails are gone already, and some are not
        consents.revoke(consent=consent, by=cast.amina.user, at=timezone.now())
        tries = OutgoingMail.objects.get(user=party.user).attempts
        acknowledged[party.user.email] = (tries, time.monotonic())
    return acknowledged


def late_starts(server, acknowledged):
    """Seconds by which a hand-over's first word came after the revoke returned."""
    return [
        each.began_at - acknowledged[each.to[0]][1]
        for each in server.received
        if each.to[0] in acknowledged and each.began_at > acknowledged[each.to[0]][1]
    ]


@pytest.mark.security("T18")
@pytest.mark.parametrize("number", SIZES)
def test_no_hand_over_starts_after_a_revoke_has_returned(cast, server, number):
    people = queue_mails(cast, number)
    server.behaviour.seconds_a_byte = 0.0005
    with at_once(lambda: Sweep().run(), times=2):
        acknowledged = revoke_every_other(cast, people)
    harness.sweep_until_done()
    by_address = {user.email: user for user in (p.user for p, _ in people)}
    for address, (tries, _instant) in acknowledged.items():
        mail = OutgoingMail.objects.get(user=by_address[address])
        assert mail.attempts == tries, "claimed after the revoke had returned"
        sent = [each for each in server.received if each.to == [address]]
        assert len(sent) == tries
        assert bool(mail.sent_at) != bool(mail.cancelled_at)
    kept = {party.user.email for party, _consent in people[0::2]}
    assert kept <= {each.to[0] for each in server.received}
    late = late_starts(server, acknowledged)
    print(
        f"{len(acknowledged)} revoked, {len(server.received)} sent; first words on "
        f"the wire after a revoke, claimed before it: {[f'{x:.4f} s' for x in late]}"
    )
    assert max(late, default=0) < 1


@pytest.mark.security("T18", "L27")
def test_deciding_all_first_and_sending_then_sends_after_the_revoke(cast, server):
    """The vulnerable twin: Let's Encrypt's old check (L27)."""
    people = queue_mails(cast, QUICK)
    server.behaviour.seconds_a_byte = 0.002
    decided = threading.Event()

    def naive():
        mails = list(waiting.mails(timezone.now()))
        allowed = [
            mail for mail in mails if post._may_still_go(mail, at=timezone.now())
        ]
        decided.set()
        for mail in allowed:
            way = transport.connection()
            transport.hand_over(mail, connection=way)
            way.close()

    with at_once(naive, times=1):
        decided.wait(10)
        acknowledged = revoke_every_other(cast, people)
    assert late_starts(server, acknowledged)
