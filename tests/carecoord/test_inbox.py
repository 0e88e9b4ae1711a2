"""The mail of the demo on one page, and nowhere else."""

from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.urls import Resolver404, path, resolve

from carecoord import inbox
from carecoord import urls as site
from carecoord.inbox import letters_in

pytestmark = pytest.mark.django_db


# The site as it is on one machine, whatever engine the tests use.
urlpatterns = [
    path("dev/inbox/", inbox.inbox, name="dev_inbox"),
    *site.urlpatterns,
]


@pytest.fixture(autouse=True)
def one_machine(settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def write(folder, *messages):
    with EmailBackend(file_path=str(folder)) as backend:
        for subject, body in messages:
            EmailMessage(
                subject,
                body,
                "Shared care <no-reply@localhost>",
                ["a@cast.example"],
                headers={"Date": "Sun, 22 Nov 2026 10:00:00 +0000"},
                connection=backend,
            ).send()


def test_the_demo_shows_its_mail_to_whoever_sits_at_it(client, demo, folder):
    write(folder, ("First", "See http://localhost:8000/"), ("Second", "Ünïcode"))
    page = client.get("/dev/inbox/").content.decode()
    assert "First" in page
    assert '<a href="http://localhost:8000/"' in page
    assert "Ünïcode" in page


@pytest.mark.security("T41")
def test_a_mail_can_not_bring_markup_onto_the_page(client, demo, folder):
    write(folder, ("<b>x</b>", "<script>alert(1)</script>"))
    page = client.get("/dev/inbox/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;x" in page


def test_without_a_demo_there_is_no_such_page(client, settings, folder):
    settings.DEMO = False
    write(folder, ("Secret", "A link to sign in"))
    response = client.get("/dev/inbox/")
    assert response.status_code == 404
    assert b"Secret" not in response.content


def test_the_address_is_there_on_one_machine_only(settings):
    try:
        found = resolve("/dev/inbox/", urlconf="carecoord.urls")
    except Resolver404:
        found = None
    assert (found is not None) is settings.EMBEDDED


def test_an_empty_folder_and_a_missing_one_are_no_mail(client, demo, folder):
    assert b"No mail yet" in client.get("/dev/inbox/").content
    assert list(letters_in(folder / "missing")) == []


def test_a_message_without_headers_is_still_shown(folder):
    (folder / "odd.log").write_bytes(b"\n\nonly text")
    letter = next(iter(letters_in(folder)))
    assert letter.subject == ""
    assert "only text" in letter.body
    assert letter.at == datetime(1970, 1, 1, tzinfo=UTC)
