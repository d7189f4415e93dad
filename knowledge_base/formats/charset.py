"""Turn bytes into text, whatever they were written with. Knows no document format."""

import codecs
import re

from charset_normalizer import from_bytes

from knowledge_base.errors import DocumentUnreadable

_MARKS = (  # the longer marks first: UTF-32 begins like UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# what banks write English and Chinese with; more candidates would only make guesses worse
_CANDIDATES = ["gb18030", "big5hkscs", "big5", "cp950", "cp1252", "utf_16_le", "utf_16_be"]
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252"}
_SAMPLE = 200_000
_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_META_HEAD = 2048
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_FEW_CONTROLS, _SHARE_OF_CONTROLS = 8, 0.01  # strays happen; many of them are no text
_HOW = "save it as UTF-8"


def decode(content: bytes, *, declared: str | None = None) -> str:
    """The text, with line ends as \\n; `DocumentUnreadable` when no encoding fits.

    A byte-order mark wins, then valid UTF-8, then the declared encoding, then a guess.
    """
    text = _by_mark(content)
    if text is None:
        text = _strictly(content, "utf-8")
        if text is None or "\x00" in text:
            text = _strictly(content, _known(declared)) or _guessed(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(_CONTROL.findall(text)) > max(_FEW_CONTROLS, _SHARE_OF_CONTROLS * len(text)):
        raise DocumentUnreadable("the file is binary, not text")
    return _CONTROL.sub("", text)


def declared_in_html(content: bytes) -> str | None:
    """The encoding that a page names in its head."""
    found = _META.search(content[:_META_HEAD])
    return found.group(1).decode("ascii") if found else None


def _by_mark(content: bytes) -> str | None:
    for mark, name in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(name)
            except UnicodeDecodeError as error:
                raise DocumentUnreadable(
                    f"the file begins as {name.upper()} text, but is damaged; {_HOW}"
                ) from error
    return None


def _known(declared: str | None) -> str | None:
    """The codec of a declared name; the web's wider meaning of GB2312 and Latin-1."""
    try:
        name = codecs.lookup(declared).name if declared else None
    except LookupError:
        return None
    if name is None or name.startswith(("utf-16", "utf-32")):
        return None  # a page that could be read this far to find the name is not in these
    return _WIDER.get(name, name)


def _strictly(content: bytes, name: str | None) -> str | None:
    try:
        return content.decode(name) if name else None
    except (UnicodeDecodeError, LookupError):
        return None


def _guessed(content: bytes) -> str:
    best = from_bytes(content[:_SAMPLE], cp_isolation=_CANDIDATES).best()
    text = _strictly(content, best.encoding if best else None)
    if text is None:
        raise DocumentUnreadable(f"the file is not UTF-8 text, nor any encoding we know; {_HOW}")
    return text
