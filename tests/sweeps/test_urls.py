"""T02, T05, T84: every address, every member of the cast, every method."""

import pytest
from django.urls import path as django_path
from django.urls import reverse

from carecoord import middleware
from consents import entrances
from tests.sweeps import requests, tables, urls
from tests.sweeps.addresses import Address, all_addresses, nameless
from tests.sweeps.urls import ACCOUNT, LINES, NOT_CLINICAL
from tests.sweeps.world import World

ADDRESSES = {each.name: each for each in all_addresses()}
OWN = [name for name in ADDRESSES if not name.startswith(ACCOUNT)]
# What has no line yet fails one test of its own, and stops none of the others.
LISTED = [name for name in OWN if name in LINES]
POSTS = [name for name in LISTED if LINES[name].posts]
NESTED = [
    name
    for name in LISTED
    if "patient_id" in ADDRESSES[name].parts and len(ADDRESSES[name].parts) > 1
]
OF_A_PATIENT = [name for name in LISTED if "patient_id" in ADDRESSES[name].parts]


def unlisted(addresses: list[Address]) -> list[str]:
    return [
        each.name
        for each in addresses
        if each.name not in LINES and not each.name.startswith(ACCOUNT)
    ]


@pytest.mark.security("T02")
def test_every_address_has_a_line():
    assert unlisted(all_addresses()) == []


@pytest.mark.security("T02")
def test_an_address_without_a_line_is_found():
    dummy = Address("patients:dummy", "patients/<uuid:patient_id>/dummy/", ())
    assert unlisted([*all_addresses(), dummy]) == ["patients:dummy"]


def test_no_line_speaks_of_an_address_that_is_gone():
    gone = set(LINES) - set(ADDRESSES) - urls.DEVELOPMENT
    assert gone == set()


def test_only_the_second_spelling_of_health_has_no_name():
    assert nameless() == ["healthz/", "readyz/"]


def undeclared(names: list[str]) -> list[str]:
    """Addresses that are neither an entrance nor named as not clinical."""
    declared = entrances.declared() | NOT_CLINICAL | urls.DEVELOPMENT
    return [name for name in names if name not in declared]


@pytest.mark.security("T02", "L07")
def test_every_address_is_an_entrance_or_not_clinical():
    assert undeclared(OWN) == []
    assert set(OF_A_PATIENT) <= entrances.declared()
    assert not entrances.declared() & NOT_CLINICAL


def test_an_address_that_is_no_entrance_is_found():
    assert undeclared([*OWN, "patients:dummy"]) == ["patients:dummy"]


def test_every_entrance_is_an_address():
    assert entrances.declared() - set(ADDRESSES) == set()


def test_development_pages_are_absent_outside_the_demo(client, settings, db):
    settings.DEMO = settings.DEBUG = False
    for name in urls.DEVELOPMENT & set(ADDRESSES):
        assert client.get(reverse(name)).status_code in {302, 404}


# Who gets what ----------------------------------------------------------------

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": middleware.PERMISSIONS_POLICY,
}
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
)


def unsafe_headers(seen: requests.Seen) -> list[str]:
    found = [
        f"{name}: {seen.headers.get(name)}"
        for name, value in HEADERS.items()
        if seen.headers.get(name) != value
    ]
    policy = seen.headers.get("Content-Security-Policy", "")
    found += [part for part in POLICY if part not in policy]
    if "Cookie" not in seen.headers.get("Vary", ""):
        found.append("Vary")
    if any(name.startswith("Access-Control-") for name in seen.headers):
        found.append("another origin may read it")
    kind = seen.headers.get("Content-Type", "")
    if kind.startswith("text/") and "charset=utf-8" not in kind.lower():
        found.append(kind)
    return found


@pytest.mark.slow
@pytest.mark.security("T02", "T05", "T13", "T21", "T84", "L04", "L07", "L10")
@pytest.mark.parametrize("name", LISTED)
def test_who_gets_what(world: World, name: str):
    """The table holds; headers are safe; nothing changes; strangers learn nothing."""
    line = LINES[name]
    with tables.unchanged():
        seen = {who: look(world, name, who) for who in ("anonymous", *line.asking)}
    statuses = {who: each.status for who, each in seen.items()}
    assert statuses == {who: line.status(who) for who in seen}
    assert {who: found for who in seen if (found := unsafe_headers(seen[who]))} == {}
    for who in COMPARED:
        if who in seen and seen[who].status == 404:
            assert differences(seen[who], absent(world, name, who)) == []


def look(world: World, name: str, who: str) -> requests.Seen:
    path = requests.path(world, ADDRESSES[name], LINES[name])
    return requests.ask(world.client(who), path)


def absent(world: World, name: str, who: str, method: str = "get") -> requests.Seen:
    """The same question about a patient who does not exist (T05)."""
    address, line = ADDRESSES[name], LINES[name]
    if "patient_id" not in address.parts:
        return look(world, name, who)
    path = requests.random_path(world, address, line)
    return requests.ask(world.client(who), path, method)


# A clinician elsewhere, and another patient; the other strangers take the same path.
COMPARED = ("dana", "gus")


def differences(one: requests.Seen, other: requests.Seen) -> list[str]:
    return [
        f"{part}: {getattr(one, part)!r:.300} / {getattr(other, part)!r:.300}"
        for part in ("status", "headers", "body", "statements")
        if getattr(one, part) != getattr(other, part)
    ]


@pytest.mark.security("T84")
@pytest.mark.parametrize("name", LISTED)
def test_other_methods_are_refused(world: World, name: str):
    line = LINES[name]
    path = requests.path(world, ADDRESSES[name], line)
    methods = ["put", "patch", "delete", "trace"]
    methods += [] if line.posts else ["post"]
    reader = next(iter(line.statuses), "dana")
    client = world.client(reader)
    statuses = {method: getattr(client, method)(path).status_code for method in methods}
    assert statuses == dict.fromkeys(methods, 405)


@pytest.mark.slow
@pytest.mark.parametrize("name", POSTS)
def test_an_empty_form_is_answered(world: World, name: str):
    """Never a 500: the client raises what a view raises."""
    line = LINES[name]
    path = requests.path(world, ADDRESSES[name], line)
    for who in (*line.readers[:2], "gus", "dana", "edo"):
        status = world.client(who).post(path).status_code
        if who in line.strangers:
            assert status == 404, who
        assert status < 500 and status != 403, who
    anonymous = world.client("anonymous").post(path)
    assert anonymous.status_code in {302, 404} or line.anonymous in {200, 405}


@pytest.mark.security("T84")
@pytest.mark.parametrize("name", POSTS)
def test_a_form_of_another_site_is_refused(world: World, name: str):
    path = requests.path(world, ADDRESSES[name], LINES[name])
    client = world.client("amina", enforce_csrf_checks=True)
    assert client.post(path).status_code == 403


@pytest.mark.slow
@pytest.mark.security("T05", "L02", "L07")
@pytest.mark.parametrize("name", OF_A_PATIENT)
def test_a_stranger_sends_to_what_exists_as_to_what_does_not(world: World, name: str):
    """T05 for the methods that write."""
    path = requests.path(world, ADDRESSES[name], LINES[name])
    there = requests.ask(world.client("gus"), path, "post")
    assert differences(there, absent(world, name, "gus", "post")) == []


@pytest.mark.slow
@pytest.mark.security("T03", "L02", "L05")
@pytest.mark.parametrize("name", NESTED)
def test_an_id_of_another_patient_is_absent(world: World, name: str):
    """T03: the things of Gus under Amina's address do not exist, for Amina too."""
    address, line = ADDRESSES[name], LINES[name]
    swapped = {
        part: world.gus_ids[line.ids.get(part, part)]
        for part in address.parts
        if part not in SHARED
    }
    if not swapped:
        return
    path = requests.path(world, address, line, **swapped)
    for who in ("amina", "bram", "jon"):
        client = world.client(who)
        assert client.get(path).status_code in {404, 405}, who
        assert client.post(path).status_code in {404, 405}, who


# Names in an address that are nobody's in particular: kinds, and Bram's own party.
SHARED = {
    *("patient_id", "slug", "label", "kind", "party_id", "target_id", "token"),
    *("page", "paper", "role", "test_mark", "told"),
}


@pytest.mark.security("T05")
def test_a_page_that_tells_strangers_something_is_found(world: World, settings):
    """The comparison bites: a view that says 403 for what exists."""
    settings.ROOT_URLCONF = "tests.sweeps.telling"
    client = world.client("gus")
    there = requests.ask(client, f"/told/{world.ids['patient_id']}/")
    nobody = requests.ask(client, "/told/00000000-0000-4000-8000-000000000000/")
    assert {line.partition(":")[0] for line in differences(there, nobody)} >= {
        "status",
        "statements",
    }


def test_a_new_pattern_is_walked():
    from django.urls.resolvers import RegexPattern, URLResolver

    from tests.sweeps.addresses import _walk

    pattern = django_path("x/<uuid:patient_id>/<slug:kind>/", lambda request: None)
    pattern.name = "dummy"
    resolver = URLResolver(RegexPattern(r"^/"), [pattern])
    assert list(_walk(resolver)) == [
        Address("dummy", "x/<uuid:patient_id>/<slug:kind>/", ("patient_id", "kind"))
    ]
