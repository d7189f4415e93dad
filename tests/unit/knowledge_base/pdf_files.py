"""PDF files for tests, written by hand: text at places, in sizes, over pages."""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from pypdf import PdfReader, PdfWriter

FONTS = {"plain": b"Helvetica", "bold": b"Helvetica-Bold"}


class Line(NamedTuple):
    """Text that begins at `x` and stands on `y`, in points from the lower left corner."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 11
    font: str = "plain"


def column(texts: Sequence[str], *, top: float = 700, size: float = 11) -> list[Line]:
    """Lines below each other as one paragraph."""
    return [Line(text, y=top - number * 1.2 * size, size=size) for number, text in enumerate(texts)]


def write_pdf(*pages: Sequence[Line], picture: bool = False) -> bytes:
    """A whole file, offsets counted here."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(pages)))
    resources = b"/Font<</plain 3 0 R/bold 4 0 R>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
    ]
    shown = 5 + 2 * len(pages)
    if picture:
        resources += b"/XObject<</pic %d 0 R>>" % shown
    for number, lines in enumerate(pages):
        stream = b"".join(_draw(line) for line in lines) + (b"/pic Do" if picture else b"")
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<<%s>>>>"
            % (6 + 2 * number, resources)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    if picture:
        objects.append(
            b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray"
            b"/BitsPerComponent 8/Length 1>>stream\n\x00\nendstream"
        )
    return _assemble(objects)


def encrypted(content: bytes, *, user: str, owner: str = "owner") -> bytes:
    """The same file, locked; an empty user password lets everybody read."""
    writer, target = PdfWriter(PdfReader(BytesIO(content))), BytesIO()
    writer.encrypt(user, owner, algorithm="AES-256")
    writer.write(target)
    return target.getvalue()


def _draw(line: Line) -> bytes:
    text = line.text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(")
    text = text.replace(b")", rb"\)")
    place = b"BT /%s %g Tf 1 0 0 1 %g %g Tm (" % (line.font.encode(), line.size, line.x, line.y)
    return place + text + b") Tj ET\n"


def _assemble(objects: Sequence[bytes]) -> bytes:
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, rows, len(objects) + 1, len(content))
    )
