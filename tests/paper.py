"""Reads a PDF as a person and as an auditor would: text, sizes, fonts, tags."""

import io
import math
import re
from collections import Counter
from collections.abc import Iterator

import pikepdf
import pypdfium2
from pypdfium2 import raw


def pages_text(pdf: bytes) -> list[str]:
    """Return the text of each page, in the order in which it is drawn."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """Return the text without white space and hyphens: lines may end anywhere."""
    return re.sub(r"[\s\-\u00ad\u2010\ufffe\x02]+", "", text)


def missing_text(pdf: bytes, texts: Iterator[str]) -> list[str]:
    """Return those of the texts that can't be read in the PDF."""
    read = squeezed("".join(pages_text(pdf)))
    return [text for text in texts if squeezed(text) not in read]


def letter_sizes(pdf: bytes) -> Counter[float]:
    """Count the letters of each size, in points as printed."""
    document = pypdfium2.PdfDocument(pdf)
    sizes: Counter[float] = Counter()
    for page in document:
        text = page.get_textpage()
        for place in range(text.count_chars()):
            if chr(raw.FPDFText_GetUnicode(text, place)).strip():
                sizes[round(_size(text, place), 2)] += 1
    document.close()
    return sizes


def _size(text: pypdfium2.PdfTextPage, place: int) -> float:
    matrix = raw.FS_MATRIX()
    assert raw.FPDFText_GetMatrix(text, place, matrix)
    return raw.FPDFText_GetFontSize(text, place) * math.hypot(matrix.b, matrix.d)


def opened(pdf: bytes) -> pikepdf.Pdf:
    """Return the structure of the PDF."""
    return pikepdf.open(io.BytesIO(pdf))


def fonts(pdf: bytes) -> dict[str, bool]:
    """Return the fonts by name, each with whether it is embedded."""
    found = {}
    document = opened(pdf)  # its objects live as long as it does
    for value in document.objects:
        if isinstance(value, pikepdf.Dictionary) and "/FontName" in value:
            files = ("/FontFile", "/FontFile2", "/FontFile3")
            found[str(value["/FontName"])] = any(name in value for name in files)
    return found


def everything(pdf: bytes) -> bytes:
    """Return every string and every decoded stream of the file, to search in."""
    parts = [pdf]
    document = opened(pdf)
    for value in document.objects:
        if isinstance(value, pikepdf.Stream):
            parts.append(value.read_bytes())
        elif isinstance(value, pikepdf.Dictionary | pikepdf.Array):
            parts.append(value.unparse(resolved=False))
    return b"\n".join(parts)


def tags(pdf: bytes) -> list[str]:
    """Return the structure types in the order in which a screen reader meets them."""
    document = opened(pdf)
    return [name for name, _page, _mark in _walk(document.Root.StructTreeRoot)]


def reading_order(pdf: bytes) -> list[int]:
    """Return the marks of the first page's text in the order of the tags."""
    document = opened(pdf)
    first = document.pages[0].obj.objgen
    walked = _walk(document.Root.StructTreeRoot)
    return [mark for _n, page, mark in walked if mark is not None and page == first]


def _walk(
    node: pikepdf.Object, page: tuple[int, int] | None = None
) -> Iterator[tuple[str, tuple[int, int] | None, int | None]]:
    if isinstance(node, int):
        yield "mark", page, node
        return
    if "/Pg" in node:
        page = node.Pg.objgen
    if "/S" in node:
        yield str(node.S).lstrip("/"), page, None
        if node.S == "/Figure":
            return  # pictures are drawn after all text
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        yield from _walk(kid, page)
