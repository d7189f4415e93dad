"""Turn a PDF into Markdown: pieces of text with their places, then lines, then blocks.

Knows the file format; `pdf_layout` knows what the places mean. The reader bounds what a stream may
unpack to; pages and seconds are bounded here.
"""

import time
import unicodedata
from io import BytesIO
from math import hypot
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic._font import Font  # private, and the only way to know where a piece ends

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.formats.pdf_layout import Page, Piece, write_pages

MAX_PAGES = 2_000
MAX_SECONDS = 60.0
_TAIL = 2048  # where the end mark must stand; some writers append a few bytes
# what fonts write letters with: radicals that look like characters, and joined letters
_ORDINARY = {
    char: unicodedata.normalize("NFKC", char)
    for char in map(chr, [*range(0x2E80, 0x2FE0), *range(0xFB00, 0xFB07)])
}
_BROKEN: tuple[type[Exception], ...] = (
    *(PyPdfError, ValueError, KeyError, TypeError, OSError, AttributeError, IndexError),
    *(RecursionError, NotImplementedError, AssertionError, OverflowError),
)


def from_pdf(content: bytes) -> str:
    """Headings, paragraphs, lists and simple tables; lines that head or foot each page are dropped.

    `DocumentUnreadable` names a file that is locked, cut off, damaged, or holds pictures only.
    """
    if b"%%EOF" not in content[-_TAIL:]:
        raise DocumentUnreadable("the PDF is damaged: it is cut off before its end mark")
    try:
        pages, has_pictures = _read(content)
    except DocumentUnreadable:
        raise
    except LimitReachedError as too_much:
        raise DocumentUnreadable("the PDF unpacks to more than may be read") from too_much
    except _BROKEN as error:
        raise DocumentUnreadable("the PDF file is damaged") from error
    text = write_pages(pages)
    if not text.strip() and has_pictures:
        raise DocumentUnreadable("the PDF holds no text, only pictures: recognise its text first")
    return text


def _read(content: bytes) -> tuple[list[Page], bool]:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentUnreadable("the PDF is encrypted: it opens with a password only")
    if len(reader.pages) > MAX_PAGES:
        raise DocumentUnreadable(f"the PDF has more than {MAX_PAGES} pages")
    ends = time.monotonic() + MAX_SECONDS
    pages = [Page(_pieces(page, ends), _height(page)) for page in reader.pages]
    is_empty = not any(page.pieces for page in pages)
    return pages, is_empty and any(_has_picture(page) for page in reader.pages)


def _pieces(page: PageObject, ends: float) -> list[Piece]:
    """What is written on the page, in the order of the file, with place and size."""
    found: list[Piece] = []
    fonts: dict[int, Font] = {}

    def see(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:  # noqa: ANN401 -- pypdf
        if time.monotonic() > ends:
            raise DocumentUnreadable(f"the PDF takes more than {MAX_SECONDS:.0f} seconds to read")
        if text.strip():
            if font is not None and id(font) not in fonts:
                fonts[id(font)] = Font.from_font_resource(font)
            found.append(_piece(text, cm, tm, fonts.get(id(font)), size))

    page.extract_text(visitor_text=see)
    return found


def _piece(text: str, cm: list[float], tm: list[float], font: Font | None, size: float) -> Piece:
    """Place and size as they are seen: text matrix times page matrix."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    up = (tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
    along = (tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3])
    words = "".join(_ORDINARY.get(char, char) for char in text.strip("\n"))
    width = font.get_text_width(text.strip()) / 1000 if font else 0.5 * len(text)
    name = str(font.name if font else "").lower()
    return Piece(
        text=words,
        x=x,
        y=y,
        ends=x + abs(size) * hypot(*along) * width,
        size=round(abs(size) * hypot(*up), 1),
        is_bold=any(mark in name for mark in ("bold", "black", "heavy", "demi")),
    )


def _height(page: PageObject) -> float:
    return float(page.mediabox.top)


def _has_picture(page: PageObject) -> bool:
    """Whether anything is drawn on the page that may be a picture of text."""
    resources: Any = page.get("/Resources")
    objects: Any = resources.get_object().get("/XObject") if resources else None
    if not objects:
        return False
    drawn = (one.get_object().get("/Subtype") for one in objects.get_object().values())
    return any(kind in ("/Image", "/Form") for kind in drawn)
