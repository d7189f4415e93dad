"""Refuse archives that unpack to more than they should. Knows ZIP, no document format.

Only the table of contents is read: the reader of an entry never yields more than is named there.
"""

from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from knowledge_base.errors import DocumentUnreadable

MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_RATIO = 200  # of the whole archive; documents stay below 50
MAX_ENTRIES = 5_000
_SMALL = 1024 * 1024  # below this an archive may be packed as tightly as it likes
_ARCHIVES = {".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".jar", ".docx", ".docm"}


def require_harmless(content: bytes) -> None:
    """`DocumentUnreadable` names the limit that an archive breaks, or that it is damaged."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            entries = packed.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError) as damaged:
        raise DocumentUnreadable("the DOCX file is damaged") from damaged
    if len(entries) > MAX_ENTRIES:
        raise DocumentUnreadable(f"the file holds more than {MAX_ENTRIES} parts")
    if any(entry.flag_bits & 1 for entry in entries):
        raise DocumentUnreadable("the file is encrypted: it opens with a password only")
    nested = next((e for e in entries if PurePath(e.filename).suffix.lower() in _ARCHIVES), None)
    if nested is not None:
        raise DocumentUnreadable("the file holds another archive; archives in archives are refused")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise DocumentUnreadable(f"unpacked, it may have at most {MAX_UNPACKED_BYTES} bytes")
    if unpacked > _SMALL and unpacked > MAX_RATIO * len(content):
        raise DocumentUnreadable(f"the file unpacks to more than {MAX_RATIO} times its size")
