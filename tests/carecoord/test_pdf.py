"""The printing itself: nothing fetched, nothing told, and it ends (T38, T42, T50)."""

import ast
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import weasyprint

from carecoord import pdf
from carecoord.qr import QrCode
from tests import paper

ROOT = Path(__file__).resolve().parents[2]
SECRET = b"not-for-the-paper-5d1f"

# Unescaped on purpose: as if an escape had been forgotten in every field at once.
PAYLOADS = {
    "image": '<img alt="" src="{http}/a.png">',
    "picture set": '<img alt="" srcset="{http}/b.png 2x" src="{http}/b.png">',
    "svg image": '<svg xmlns="http://www.w3.org/2000/svg">'
    '<image href="{http}/c.png" width="9" height="9"/></svg>',
    "svg use": '<svg xmlns="http://www.w3.org/2000/svg"><use href="{http}/d.svg#x"/>'
    "</svg>",
    "svg file": '<img alt="" src="data:image/svg+xml,'
    "<svg xmlns='http://www.w3.org/2000/svg'><image href='{http}/e.png'/></svg>\">",
    "style sheet": '<link rel="stylesheet" href="{http}/f.css">',
    "import": "<style>@import '{http}/g.css';</style>",
    "font": "<style>@font-face {{ font-family: x; src: url({http}/h.woff2) }}</style>",
    "background": '<p style="background: url({http}/i.png)">x</p>',
    "variable": "<style>p {{ --u: url({http}/j.png); background: var(--u) }}</style>"
    "<p>x</p>",
    "content": "<style>p::before {{ content: url({http}/k.png) }}</style><p>x</p>",
    "list": "<ul style='list-style-image: url({http}/l.png)'><li>x</li></ul>",
    "border": "<p style='border-image: url({http}/m.png) 1'>x</p>",
    "cursor page": "<style>@page {{ background: url({http}/n.png) }}</style>",
    "object": '<object data="{http}/o.svg" type="image/svg+xml"></object>',
    "embed": '<embed src="{http}/p.svg" type="image/svg+xml">',
    "attachment": '<link rel="attachment" href="{http}/q.bin">',
    "attachment file": '<link rel="attachment" href="{file}">',
    "link attachment": '<a rel="attachment" href="{file}">x</a>',
    "frame": '<iframe src="{http}/r.html"></iframe>',
    "base": '<base href="{http}/"><img alt="" src="s.png">',
    "refresh": '<meta http-equiv="refresh" content="0; url={http}/t">',
    "redirect": '<img alt="" src="{http}/redirect">',
    "hint": '<table background="{http}/u.png"><tr><td>x</td></tr></table>',
    "ftp": '<img alt="" src="ftp://127.0.0.1/v.png">',
    "share": '<img alt="" src="\\\\127.0.0.1\\w.png"><img alt="" src="//127.0.0.1/w">',
    "file image": '<img alt="" src="{file}">',
    "include": '<xmp><img alt="" src="{http}/x.png"></xmp>'
    '<svg xmlns="http://www.w3.org/2000/svg"><style>@import "{http}/y.css";</style>'
    "</svg>",
    "packaged font": '<img alt="" src="packaged:fonts/x.ttf">',
    "link": '<a href="{http}/z">x</a><a href="{file}">y</a>',
    "metadata": '<title>HIV</title><meta name="author" content="Dr. Lee">'
    '<meta name="keywords" content="HIV"><meta name="generator" content="w">',
}


class Canary(BaseHTTPRequestHandler):
    """Counts who comes."""

    hits: list[str] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(302 if self.path == "/redirect" else 404)
        self.send_header("Location", "/redirected")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def canary() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Canary)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def secret(tmp_path: Path) -> str:
    path = tmp_path / "secret.txt"
    path.write_bytes(SECRET)
    return path.as_uri()


def page_with(payload: str, *, http: str, file: str) -> str:
    text = payload.format(http=http, file=file)
    return f'<html lang="en"><head></head><body class="size-90">{text}</body></html>'


@pytest.mark.security("T42", "L24")
@pytest.mark.parametrize("name", PAYLOADS)
def test_a_document_fetches_nothing_whatever_stands_in_it(
    name: str, canary: str, secret: str
) -> None:
    Canary.hits.clear()
    started = time.monotonic()
    html = page_with(PAYLOADS[name], http=canary, file=secret)
    printed = pdf.lay_out_html(html).pdf()
    assert time.monotonic() - started < 5
    assert Canary.hits == []
    whole = paper.everything(printed)
    assert SECRET not in whole
    for word in (b"/EmbeddedFile", b"/Annots", b"/URI", b"HIV", b"Dr. Lee", b"file:"):
        assert word not in whole


@pytest.mark.security("T42", "L24")
def test_the_same_payloads_do_reach_out_with_the_renderers_own_fetcher(
    canary: str, secret: str
) -> None:
    Canary.hits.clear()
    embedded = []
    for payload in PAYLOADS.values():
        html = page_with(payload, http=canary, file=secret)
        printed = weasyprint.HTML(string=html).write_pdf(presentational_hints=True)
        embedded.append(SECRET in paper.everything(printed))
    assert len(set(Canary.hits)) >= 12
    assert any(embedded)


def test_the_style_sheet_may_load_the_packaged_fonts_and_nothing_else() -> None:
    fetcher = pdf.PackagedFontFetcher()
    for url, path in pdf.FONTS.items():
        assert fetcher.fetch(url).read() == path.read_bytes()
    for url in ("packaged:fonts/../../settings.py", "file:///etc/hostname", "data:,x"):
        with pytest.raises(OSError):
            fetcher.fetch(url)


def test_only_one_module_of_the_product_knows_the_renderer() -> None:
    apps = ("carecoord", "providers", "consents", "patients", "messaging")
    paths = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    knowing = {str(path.relative_to(ROOT)) for path in paths if _imports(path)}
    assert knowing == {"carecoord/pdf.py"}


def _imports(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        if any(name.split(".")[0] == "weasyprint" for name in names):
            return True
    return False


@pytest.mark.security("T38")
def test_the_file_says_nothing_but_its_pages() -> None:
    document = paper.opened(pdf.lay_out_html(SMALL).pdf())
    assert dict(document.docinfo) == {"/Title": "Health summary"}
    assert b"WeasyPrint" not in document.Root.Metadata.read_bytes()
    for name in ("/Names", "/Outlines", "/AcroForm", "/OpenAction", "/AF"):
        assert name not in document.Root


SMALL = (
    '<html lang="en"><body class="size-110"><article class="sheet"><h1>Health summary'
    "</h1><p>Łukasz <b>Šárka</b> Peña</p></article></body></html>"
)


def test_letters_of_two_alphabets_come_from_one_embedded_font_a_weight() -> None:
    printed = pdf.lay_out_html(SMALL).pdf()
    assert "Łukasz Šárka Peña" in paper.pages_text(printed)[0]
    found = paper.fonts(printed)
    assert all(found.values())
    assert sorted(name.partition("+")[2] for name in found) == ["Sheet", "Sheet-Bold"]


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes_in_threads_and_processes() -> None:
    with ThreadPoolExecutor(4) as pool:
        printed = list(pool.map(lambda _n: pdf.lay_out_html(SMALL).pdf(), range(8)))
    assert len(set(printed)) == 1
    code = (
        "import sys; from carecoord import pdf; pdf.warm(); "
        "sys.stdout.buffer.write(pdf.lay_out_html(sys.argv[1]).pdf())"
    )
    setup = "import django; django.setup(); "
    done = subprocess.run(
        [sys.executable, "-c", setup + code, SMALL],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=60,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"},
    )
    assert done.stdout == printed[0]


@pytest.mark.security("T50")
def test_a_render_that_takes_too_long_is_stopped_and_the_next_one_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0.3)
    row = "<tr><td>a<td>b<td>c<td>d</tr>"
    bomb = f'<html lang="en"><body><table>{row * 9_000}</table></body></html>'
    started = time.monotonic()
    with pytest.raises(pdf.RenderTimeout):
        pdf.lay_out_html(bomb)
    assert time.monotonic() - started < 5
    monkeypatch.undo()
    assert pdf.lay_out_html(SMALL).count == 1
    # Nothing arrives late: the thread goes on undisturbed.
    assert sum(range(200_000)) > 0


@pytest.mark.security("T49")
def test_a_document_beyond_the_limit_is_refused_before_it_is_laid_out() -> None:
    with pytest.raises(pdf.RenderRefused):
        pdf.lay_out_html("x" * (pdf.MAX_HTML_CHARACTERS + 1))


def test_a_thread_does_not_wait_for_the_printer_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "MAX_WAIT_SECONDS", 0.05)
    with pdf._one_at_a_time, ThreadPoolExecutor(1) as pool:
        with pytest.raises(pdf.RenderTimeout, match="busy"):
            pool.submit(pdf.lay_out_html, SMALL).result()


def test_text_that_leaves_its_cell_or_page_is_noticed() -> None:
    narrow = "table-layout: fixed; width: 20px; white-space: nowrap"
    html = (
        f'<html lang="en"><body><table style="{narrow}"><tr><td>too wide for it</td>'
        "</tr></table><p>fits</p></body></html>"
    )
    assert pdf.lay_out_html(html).spilled() == ("too wide for it",)


def test_the_qr_path_draws_exactly_the_modules_of_the_code() -> None:
    import segno

    code = QrCode.of("https://care.example.org/s/7Q4K2MXT")
    matrix = segno.make_qr(
        "https://care.example.org/s/7Q4K2MXT", error="m", boost_error=False
    ).matrix
    drawn = set()
    for run in code.path.split("M")[1:]:
        start, _, rest = run.partition("h")
        x, y = (int(number) - 4 for number in start.split())
        drawn |= {(x + step, y) for step in range(int(rest.partition("v")[0]))}
    dark = {(x, y) for y, row in enumerate(matrix) for x, one in enumerate(row) if one}
    assert drawn == dark
    assert code.size == len(matrix) + 8
