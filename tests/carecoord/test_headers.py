"""Every address of the site: headers, methods, tokens, redirects (ASVS 3, T84)."""

import uuid

import pytest
from django.conf import settings as product
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from carecoord import views
from carecoord.models import OutgoingMail
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

# What a part of an address may hold, so that each of them can be asked for.
SAMPLE = {
    "uuid": str(uuid.UUID(int=7)),
    "int": "7",
    "slug": "symptoms",
    "str": "something",
    "path": "something",
}


def patterns(resolver=None, space="") -> dict[str, URLPattern]:
    """Every named address of the product, with its name."""
    found: dict[str, URLPattern] = {}
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            found |= patterns(one, inner)
        elif one.name:
            found[space + one.name] = one
    return found


def address_of(name: str, pattern: URLPattern, patient_id) -> str:
    """The address with this patient, and samples elsewhere."""
    converters = pattern.pattern.converters
    values = {
        part: patient_id if part == "patient_id" else _sample(kind)
        for part, kind in converters.items()
    }
    if not converters and pattern.pattern.regex.groups:
        values = {
            part: "1-abcdefghij" if part == "key" else "1"
            for part in pattern.pattern.regex.groupindex
        }
    return reverse(name, kwargs=values)


def _sample(converter) -> str:
    kind = type(converter).__name__.removesuffix("Converter").lower()
    return SAMPLE.get({"string": "str"}.get(kind, kind), "7")


@pytest.fixture
def addresses(cast, settings) -> dict[str, str]:
    settings.DEMO = True
    cache.clear()
    return {
        name: address_of(name, pattern, cast.amina.pk)
        for name, pattern in patterns().items()
    }


def directives(response) -> dict[str, str]:
    said = response["Content-Security-Policy"]
    parts = (part.strip().partition(" ") for part in said.split(";") if part.strip())
    return {name: sources for name, _space, sources in parts}


WITHOUT_CHARSET = {"application/pdf", "application/json", "application/fhir+json"}


def check_headers(response, where: str) -> None:
    policy = directives(response)
    assert policy["default-src"] == "'none'", where
    assert policy["script-src"] == "'self'", where
    assert policy["style-src"] == "'self'", where
    assert policy["form-action"] == "'self'", where
    assert policy["frame-ancestors"] == "'none'", where
    assert policy["base-uri"] == policy["object-src"] == "'none'", where
    assert "unsafe" not in response["Content-Security-Policy"], where
    assert "http:" not in response["Content-Security-Policy"], where
    assert response["X-Content-Type-Options"] == "nosniff", where
    assert response["X-Frame-Options"] == "DENY", where
    assert response["Referrer-Policy"] == "no-referrer", where
    assert response["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert response["Cross-Origin-Resource-Policy"] == "same-origin", where
    assert "no-store" in response["Cache-Control"], where
    for feature in ("camera", "microphone", "geolocation", "payment"):
        assert f"{feature}=()" in response["Permissions-Policy"], where
    assert "Server" not in response.headers, where
    assert "X-Powered-By" not in response.headers, where
    assert "charset=utf-8" in response.get("Content-Type", "charset=utf-8").lower() or (
        response["Content-Type"] in WITHOUT_CHARSET
    ), where


def test_the_walk_reaches_the_whole_site(addresses):
    for name in ("home", "crisis", "account_login", "mfa_index", "patients:team"):
        assert name in addresses
    assert len(addresses) > 100


@pytest.mark.security("T21", "T84", "L16")
@pytest.mark.parametrize(
    "who",
    [
        None,
        *(pytest.param(w, marks=pytest.mark.slow) for w in ("amina", "bram", "dana")),
    ],
)
def test_every_answer_carries_every_header_and_no_script_of_its_own(
    addresses, cast, who
):
    statuses = set()
    for name, address in addresses.items():
        client = Client(raise_request_exception=False)
        if who:
            client.force_login(cast.user(who))
        response = client.get(address)
        statuses.add(response.status_code)
        check_headers(response, f"{name} {response.status_code}")
        if response.get("Content-Type", "").startswith("text/html"):
            check_page(response.content.decode(), name)
    assert {200, 302, 404} <= statuses


def check_page(page: str, where: str) -> None:
    """The strict policy would block these; the page must not count on them."""
    for piece in (" style=", "<style", "<script>", "javascript:"):
        assert piece not in page, where
    for handler in (" onclick=", " onload=", " onsubmit=", " onchange="):
        assert handler not in page, where


@pytest.mark.security("T21", "T84", "L16")
def test_errors_carry_every_header_too(client, cast, monkeypatch):
    client.raise_request_exception = False
    check_headers(client.get("/no/such/page/"), "404")
    check_headers(client.post("/accounts/login/", HTTP_HOST="evil.example"), "400")

    def broken(request):
        raise RuntimeError("of no interest")

    monkeypatch.setattr(views, "render", broken)
    response = client.get("/crisis/")
    assert response.status_code == 500
    check_headers(response, "500")
    assert b"of no interest" not in response.content
    assert b"Traceback" not in response.content


@pytest.mark.slow
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_changed_without_the_token(addresses, cast, method):
    """Each unsafe request: no token, no effect, on every address."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(cast.amina.user)
    for name, address in addresses.items():
        response = getattr(client, method)(address)
        assert response.status_code in (403, 404, 405), f"{name} {response.status_code}"


def test_a_token_of_another_site_does_not_count(cast, settings):
    settings.DEMO = True
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.amina.user)
    client.get("/settings/")
    token = client.cookies[product.CSRF_COOKIE_NAME].value
    response = client.post(
        "/settings/",
        {"csrfmiddlewaretoken": token, "time_zone": "America/Denver"},
        headers={"Origin": "https://evil.example"},
    )
    assert response.status_code == 403


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "FOO"])
def test_unknown_methods_are_refused(addresses, cast, method):
    client = Client(raise_request_exception=False)
    client.force_login(cast.amina.user)
    for name, address in addresses.items():
        response = client.generic(method, address)
        assert response.status_code == 405, f"{name} {response.status_code}"
        assert response.content == b""
        check_headers(response, name)


EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/%09/evil.example",
    "http://testserver@evil.example/",
    "\thttps://evil.example",
    "https://testserver.evil.example/",
]


def is_of_this_site(location: str) -> bool:
    """As a browser reads it: tabs are nothing, and a backslash is a slash."""
    read = "".join(one for one in location if one > " ").replace("\\", "/")
    return read.startswith("/") and not read.startswith("//")


@pytest.mark.security("T84")
@pytest.mark.parametrize("target", EVIL)
def test_signing_in_never_leads_to_another_site(cast, target):
    cache.clear()
    user = cast.amina.user
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    for address in (
        f"/accounts/login/?next={target}",
        "/accounts/login/",
    ):
        client = Client()
        answers = {"login": user.email, "password": PASSWORD, "next": target}
        response = client.post(address, answers)
        assert response.status_code == 302
        assert is_of_this_site(response["Location"])


@pytest.mark.security("T84")
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-For": "6.6.6.6", "X-Real-IP": "6.6.6.6"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "host=evil.example"},
        {"X-Original-URL": "/settings/"},
        {"X-HTTP-Method-Override": "DELETE"},
    ],
)
def test_headers_of_a_proxy_change_nothing(client, headers):
    plain = client.get("/accounts/login/")
    other = client.get("/accounts/login/", headers=headers)
    assert other.status_code == plain.status_code == 200
    assert b"evil.example" not in other.content


def test_another_host_is_refused(client):
    assert client.get("/accounts/login/", HTTP_HOST="evil.example").status_code == 400


def test_a_reset_mail_points_to_this_site_whatever_the_request_says(
    client, cast, settings
):
    cache.clear()
    settings.EMAIL_BACKEND = "carecoord.mail.OutboxBackend"
    client.post(
        "/accounts/password/reset/",
        {"email": cast.amina.user.email},
        headers={"X-Forwarded-Host": "evil.example"},
    )
    assert "evil.example" not in "".join(
        mail.body for mail in OutgoingMail.objects.all()
    )


def test_cookies_are_kept_from_scripts_and_other_sites(client, cast):
    client.force_login(cast.amina.user)
    client.get("/accounts/password/change/")
    for name in (product.SESSION_COOKIE_NAME, product.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert cookie["httponly"] or name == product.SESSION_COOKIE_NAME
        assert cookie["samesite"] == "Lax"
        assert not cookie["domain"]
