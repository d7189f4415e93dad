"""Lines of a UTF-8 file, streamed. What is not UTF-8 is named, with the byte and the remedy."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from routing.errors import DatasetError

LONGEST_LINE = 1_000_000  # bytes; beyond it the file is no table of short texts
LARGEST_DOCUMENT = 200_000_000  # bytes of a file that is read at once
_BOM = b"\xef\xbb\xbf"
_WIDE = {b"\xff\xfe": "UTF-16LE", b"\xfe\xff": "UTF-16BE"}
_HAN = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
_SAMPLE = 4096


def read_lines(path: Path, *, longest: int = LONGEST_LINE) -> Iterator[str]:
    """Every line with its end; DatasetError names file, line, byte and the likely encoding."""
    with path.open("rb") as file:
        _refuse_wide_text(path, file)
        offset = 0
        for number, raw in enumerate(_raw_lines(path, file, longest), start=1):
            line = raw.removeprefix(_BOM) if number == 1 else raw
            if b"\0" in line:
                place = offset + raw.index(b"\0")
                raise DatasetError(
                    f"{path.name}, line {number}: a NUL byte (byte {place}): "
                    "the file is damaged, or it is not a text file"
                )
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError as broken:
                place = offset + len(raw) - len(line) + broken.start
                raise DatasetError(_not_utf8(path, number, place, line, broken.start)) from broken
            offset += len(raw)


def read_document(path: Path) -> str:
    """A whole JSON document, which may be one long line."""
    size = path.stat().st_size
    if size > LARGEST_DOCUMENT:
        raise DatasetError(
            f"{path.name}: {size:,} bytes; a JSON document is read at once and may have "
            f"{LARGEST_DOCUMENT:,}: use CSV or JSON Lines"
        )
    return "".join(read_lines(path, longest=LARGEST_DOCUMENT))


def _raw_lines(path: Path, file: BinaryIO, longest: int) -> Iterator[bytes]:
    number = 0
    while raw := file.readline(longest + 1):
        number += 1
        if len(raw) > longest:
            raise DatasetError(f"{path.name}, line {number}: longer than {longest:,} bytes")
        yield raw


def _refuse_wide_text(path: Path, file: BinaryIO) -> None:
    """UTF-16 has a mark at its start, or a NUL beside every Latin letter."""
    sample = file.read(_SAMPLE)
    file.seek(0)
    encoding = _WIDE.get(sample[:2])
    if encoding is None and len(sample) >= 2:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        if max(even, odd) > len(sample) / 8:
            encoding = "UTF-16BE" if even > odd else "UTF-16LE"
    if encoding is not None:
        shown = sample[:2].hex(" ").upper()
        raise DatasetError(
            f"{path.name}: not UTF-8 (byte 0: {shown} looks like {encoding}); "
            + _remedy(path, encoding)
        )


def _not_utf8(path: Path, number: int, place: int, line: bytes, start: int) -> str:
    encoding = guess_encoding(line)
    return (
        f"{path.name}, line {number}: not UTF-8 (byte {place}: {line[start]:02X} "
        f"looks like {encoding}); {_remedy(path, encoding)}"
    )


def guess_encoding(line: bytes) -> str:
    """GB18030 where the bytes beyond ASCII become Chinese characters, else Windows-1252."""
    try:
        text = line.decode("gb18030")
    except UnicodeDecodeError:
        return "WINDOWS-1252"
    beyond_ascii = [letter for letter in text if letter > "\x7f"]
    # a lone accented Latin letter swallows the ASCII letter after it and becomes one rare character
    pairs = sum(1 for byte in line if byte > 0x7F)
    is_chinese = pairs >= 2 * len(beyond_ascii) and all(_HAN.match(c) for c in beyond_ascii)
    return "GB18030" if is_chinese and len(beyond_ascii) >= 2 else "WINDOWS-1252"


def _remedy(path: Path, encoding: str) -> str:
    return f"convert it: iconv -f {encoding} -t UTF-8 {path.name} > utf8-{path.name}"
