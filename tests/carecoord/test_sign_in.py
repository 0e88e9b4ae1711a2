"""Signing in: a second factor, no oracle, sessions that end (ASVS 6, 7)."""

import re

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as product
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from carecoord.models import OutgoingMail, User
from consents import entrances, signing
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
STEP_TWO = "/accounts/2fa/authenticate/"
NOON = "2026-11-22T12:00:00Z"


@pytest.fixture(autouse=True)
def nobody_tried_before(settings):
    """And mail goes where it goes in the product: into the outbox."""
    cache.clear()
    settings.EMAIL_BACKEND = "carecoord.mail.OutboxBackend"


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def verified(user: User) -> User:
    """As after the link in the first mail."""
    user.emailaddress_set.update_or_create(
        email=user.email, defaults={"verified": True, "primary": True}
    )
    return user


def with_app(user: User) -> str:
    """Sets up codes from an app, through allauth; returns the secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(verified(user), secret)
    RecoveryCodes.activate(user)
    return secret


def code_now(secret: str, ahead: int = 0) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time())) + ahead
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# The second factor -----------------------------------------------------------------


def clinical_addresses(cast) -> list[str]:
    base = f"/patients/{cast.amina.pk}/"
    inner = ["medicines", "updates", "updates/new", "summary", "team", "sharing"]
    return [base, *(f"{base}{part}/" for part in inner), "/patients/", "/worklist/"]


@pytest.mark.security("T80")
@pytest.mark.parametrize("who", ["bram", "chidi", "edo", "ines"])
def test_clinicians_and_staff_reach_nothing_without_a_second_factor(client, cast, who):
    client.force_login(cast.user(who))
    for address in [*clinical_addresses(cast), "/settings/", "/", "/welcome/"]:
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302, address
            assert response["Location"] == "/accounts/2fa/totp/activate/"


def test_the_wall_stands_before_every_clinical_address():
    """A new address is behind it by itself: what is open is listed, nothing else."""
    from carecoord.middleware import SecondFactorRequired

    opened = SecondFactorRequired.OPEN
    assert entrances.declared()
    assert not [name for name in entrances.declared() if name.startswith(opened)]


@pytest.mark.parametrize("who", ["amina", "hana"])
def test_patients_and_family_may_do_without(client, cast, who):
    client.force_login(cast.user(who))
    assert client.get("/settings/").status_code == 200


@pytest.mark.slow
def test_a_clinician_with_a_second_factor_comes_in_by_code_only(client, cast):
    secret = with_app(cast.bram.user)
    response = sign_in(client, "bram@cast.example")
    assert response["Location"] == STEP_TWO
    assert not is_in(client)
    assert client.get(f"/patients/{cast.amina.pk}/").status_code == 302
    client.post(STEP_TWO, {"code": "000000"})
    assert not is_in(client)
    client.post(STEP_TWO, {"code": code_now(secret)})
    assert is_in(client)
    assert client.get(f"/patients/{cast.amina.pk}/").status_code == 200


@pytest.mark.security("T80")
def test_a_code_works_once(client, cast):
    secret = with_app(cast.bram.user)
    with time_machine.travel(NOON, tick=False):
        for expected in (True, False):
            browser = Client()
            sign_in(browser, "bram@cast.example")
            browser.post(STEP_TWO, {"code": code_now(secret)})
            assert is_in(browser) is expected


def test_a_recovery_code_works_once_and_the_next_one_still(client, cast):
    with_app(cast.bram.user)
    authenticator = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    codes = authenticator.wrap().get_unused_codes()
    for code, expected in ((codes[0], True), (codes[0], False), (codes[1], True)):
        browser = Client()
        sign_in(browser, "bram@cast.example")
        browser.post(STEP_TWO, {"code": code})
        assert is_in(browser) is expected


@pytest.mark.security("T76")
def test_secrets_of_the_second_factor_are_not_readable_in_the_database(cast):
    secret = with_app(cast.bram.user)
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = repr(cursor.fetchall())
    assert secret not in stored
    assert get_adapter().decrypt(seed) not in stored
    assert "gAAAA" in stored


def test_a_clinician_cannot_turn_the_second_factor_off(client, cast):
    with_app(cast.bram.user)
    client.force_login(cast.bram.user)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def reset_link() -> str:
    body = OutgoingMail.objects.latest("created_at").body
    return re.search(r"https?://[^/]+(/\S+)", body)[1]


@pytest.mark.security("T80")
def test_a_new_password_does_not_step_around_the_second_factor(client, cast):
    with_app(cast.bram.user)
    client.post("/accounts/password/reset/", {"email": "bram@cast.example"})
    form = client.get(reset_link(), follow=True)
    new = {"password1": "quite another phrase", "password2": "quite another phrase"}
    client.post(form.request["PATH_INFO"], new)
    assert not is_in(client)
    response = sign_in(client, "bram@cast.example", "quite another phrase")
    assert response["Location"] == STEP_TWO
    assert not is_in(client)


# Guessing --------------------------------------------------------------------------


def text_of(response, email: str) -> str:
    page = response.content.decode().replace(email, "ADDRESS")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "TOKEN", page)


@pytest.mark.security("T28", "T79")
def test_a_wrong_password_and_an_unknown_address_read_the_same(cast):
    answers = []
    for email in ("bram@cast.example", "nobody@cast.example"):
        cache.clear()
        response = sign_in(Client(), email, "not the password")
        answers.append((response.status_code, text_of(response, email)))
    assert answers[0] == answers[1]


@pytest.mark.security("T28", "T79")
def test_an_unknown_address_takes_a_password_hash_too(cast, monkeypatch):
    """Else the time of the answer would tell (V6.3.8)."""
    from django.contrib.auth.hashers import get_hasher

    hasher, seen = type(get_hasher()), []
    encode = hasher.encode

    def counting(self, password, salt, **more):
        seen.append(password)
        return encode(self, password, salt, **more)

    monkeypatch.setattr(hasher, "encode", counting)
    counts = []
    for email in ("bram@cast.example", "nobody@cast.example"):
        cache.clear()
        seen.clear()
        sign_in(Client(), email, "not the password")
        counts.append(len(seen))
    assert counts[0] == counts[1] >= 1


@pytest.mark.security("T28", "T29", "T79")
def test_a_reset_reads_the_same_for_known_and_unknown_addresses(cast):
    answers = []
    for email in ("bram@cast.example", "nobody@cast.example"):
        cache.clear()
        response = Client().post("/accounts/password/reset/", {"email": email})
        answers.append((response.status_code, response["Location"]))
    assert answers[0] == answers[1]
    assert OutgoingMail.objects.count() == 2  # and each address gets a mail


@pytest.mark.security("T34", "L20")
def test_no_account_mail_names_a_person_a_role_or_an_illness(cast):
    Client().post("/accounts/password/reset/", {"email": "bram@cast.example"})
    Client().post("/accounts/password/reset/", {"email": "nobody@cast.example"})
    for mail in OutgoingMail.objects.all():
        text = f"{mail.subject}\n{mail.body}".lower()
        for word in ("bram", "visser,", "psychiatr", "patient", "mental", "therap"):
            assert word not in text


@pytest.mark.security("T79")
def test_guessing_is_throttled_and_the_right_password_waits_too(client, cast):
    verified(cast.amina.user)
    for _ in range(5):
        sign_in(client, cast.amina.user.email, "not the password")
    sign_in(client, cast.amina.user.email)
    assert not is_in(client)


def test_no_more_than_five_guesses_in_five_minutes_reach_one_account(cast, monkeypatch):
    """T79: counted where the password is compared, over many addresses of the net."""
    tried, check = set(), User.check_password
    browsers = iter(range(10_000))

    def counting(self, password):
        tried.add(browser)
        return check(self, password)

    monkeypatch.setattr(User, "check_password", counting)
    with time_machine.travel(NOON, tick=False) as clock:
        for minute in range(15):
            for n in range(6):
                browser = next(browsers)
                one = Client(REMOTE_ADDR=f"10.0.{minute}.{n}")
                sign_in(one, cast.amina.user.email, "not the password")
            clock.shift(60)
    assert 0 < len(tried) <= 3 * 5 + 5


def test_the_owner_still_comes_in_after_the_wait(cast):
    verified(cast.amina.user)
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(10):
            sign_in(Client(), cast.amina.user.email, "not the password")
        clock.shift(10 * 60)
        browser = Client()
        sign_in(browser, cast.amina.user.email)
        assert is_in(browser)


# Sessions --------------------------------------------------------------------------


@pytest.mark.security("T81")
def test_signing_in_makes_a_new_session_and_the_old_id_is_dead(client, cast):
    verified(cast.amina.user)
    client.get("/invitation/link/anything/")
    before = client.cookies[product.SESSION_COOKIE_NAME].value
    sign_in(client, cast.amina.user.email)
    after = client.cookies[product.SESSION_COOKIE_NAME].value
    assert is_in(client)
    assert before != after
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.security("T37", "T81")
def test_signing_out_kills_the_session_itself(client, cast):
    client.force_login(cast.amina.user)
    stolen = client.cookies[product.SESSION_COOKIE_NAME].value
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    thief = Client()
    thief.cookies[product.SESSION_COOKIE_NAME] = stolen
    assert thief.get("/settings/").status_code == 302
    assert not Session.objects.filter(session_key=stolen).exists()


@pytest.mark.security("T81")
def test_a_new_password_ends_every_other_session(client, cast):
    user = verified(cast.amina.user)
    other = Client()
    for browser in (client, other):
        cache.clear()
        sign_in(browser, user.email)
    answers = {"oldpassword": PASSWORD, "password1": "quite another phrase"}
    client.post(
        "/accounts/password/change/", answers | {"password2": answers["password1"]}
    )
    assert client.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302


@pytest.mark.security("T16", "L18")
def test_a_closed_account_is_out_with_its_next_request(client, cast):
    client.force_login(cast.amina.user)
    User.objects.filter(pk=cast.amina.user_id).update(is_active=False)
    assert client.get("/settings/").status_code == 302


def visit(client: Client, **headers) -> bool:
    """Whether the session still stands."""
    return client.get("/settings/", headers=headers).status_code == 200


@pytest.mark.parametrize(("minutes", "stands"), [(29, True), (32, False)])
def test_half_an_hour_of_nothing_signs_out(client, cast, minutes, stands):
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(cast.amina.user)
        visit(client)
        clock.shift(minutes * 60)
        assert visit(client) is stands


@pytest.mark.slow
@pytest.mark.security("T81")
def test_twelve_hours_are_the_most_however_busy(client, cast):
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(cast.amina.user)
        visit(client)
        for _ in range(12 * 3 - 1):
            clock.shift(20 * 60)
            assert visit(client) is True
        clock.shift(21 * 60)
        assert visit(client) is False


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(client, cast):
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(cast.amina.user)
        visit(client)
        for _ in range(3):
            clock.shift(10 * 60)
            visit(client, **{"X-Poll": "1"})
        clock.shift(60 * 2)
        assert visit(client) is False


def test_stay_signed_in_does(client, cast):
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(cast.amina.user)
        visit(client)
        clock.shift(28 * 60)
        assert client.post("/session/extend/").status_code == 302
        clock.shift(28 * 60)
        assert visit(client) is True


def test_nobody_is_remembered_on_a_shared_computer(client, cast):
    verified(cast.amina.user)
    page = client.get(LOGIN).content.decode()
    assert "remember" not in page.lower()
    answers = {"login": cast.amina.user.email, "password": PASSWORD, "remember": "on"}
    client.post(LOGIN, answers)
    cookie = client.cookies[product.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]


@pytest.mark.parametrize(
    "address", ["/accounts/email/", "/accounts/2fa/totp/activate/"]
)
def test_e_mail_and_second_factor_change_only_after_a_fresh_password(
    client, cast, address
):
    user = verified(cast.amina.user)
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, user.email)
        clock.shift(6 * 60)
        response = client.post(address, {"action_add": "", "email": "new@example.org"})
        assert response.status_code == 302
        assert "reauthenticate" in response["Location"]
    assert not user.emailaddress_set.filter(email="new@example.org").exists()


def test_a_link_in_the_log_is_not_the_link(client, capsys):
    client.get("/invitation/link/very-secret-token/")
    client.get("/accounts/password/reset/key/abc-very-secret-token/")
    assert "very-secret-token" not in capsys.readouterr().out


def test_a_sign_in_is_noted_with_how_and_a_failed_one_is_not(client, cast):
    user = verified(cast.user("amina"))
    sign_in(client, user.email, "not the passphrase at all")
    assert not user.sign_ins.exists()
    sign_in(client, user.email)
    assert is_in(client)
    assert [row.how for row in user.sign_ins.all()] == ["password"]


def test_what_is_signed_names_how_the_signer_signed_in(client, cast, rf):
    user = verified(cast.user("amina"))
    sign_in(client, user.email)
    request = rf.get("/")
    request.session, request.user = client.session, user
    assert signing.how_signed_in(request) == "password"
