"""Draws the two pictures of the README again, from the demo world.

    .venv/bin/python -m pytest -n 0 tests/browser/pictures.py

Run by hand: it writes docs/images/phone-home.png and docs/images/summary.png.
"""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2

from tests.browser.people import PHONE, House

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
LARGEST_BYTES = 150_000


def test_draw_the_pictures(house: House) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    patient = house.sign_in("patient", width=PHONE)
    patient.page.screenshot(path=IMAGES / "phone-home.png")
    answer = patient.page.request.get(f"/patients/{house.jordan}/summary.pdf")
    sheet = pypdfium2.PdfDocument(io.BytesIO(answer.body()))[0]
    drawn = sheet.render(scale=1.4).to_pil().convert("L").quantize(16)
    drawn.save(IMAGES / "summary.png", optimize=True)
    for path in IMAGES.glob("*.png"):
        assert path.stat().st_size < LARGEST_BYTES
