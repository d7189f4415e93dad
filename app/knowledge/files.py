"""Uploaded files become documents. Knows formats and limits, no web framework."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

import structlog
from pydantic import ValidationError

from app.errors import BadInput, FieldError, TooLarge
from app.knowledge.schemas import DocumentCreate, FileFacts
from knowledge_base import Document, DocumentFormat, DocumentUnreadable, parse_document
from knowledge_base.formats import FORMAT_BY_SUFFIX

log = structlog.get_logger(__name__)
MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_NAME_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file as it came, with the facts that were sent beside it."""

    name: str
    content: bytes
    facts: FileFacts


def read_file(upload: UploadedFile, *, locale: str | None = None) -> DocumentCreate:
    """The document in a file; facts sent beside it win over those inside.

    `locale` is what it is taken for where neither says.
    """
    kind = require_readable(upload.name, len(upload.content))
    if kind is DocumentFormat.DOCX:
        _refuse_zip_bomb(upload.content)
    document = _parse(upload, kind, locale=upload.facts.locale or locale)
    found = {
        "title": document.title[:300],
        "locale": document.locale,
        "audience": document.audience.value,
        "intents": list(document.intents),
        "source_url": document.source_url,
        "effective_from": document.effective_from,
        "expires_at": document.expires_at,
        "owner": document.owner,
        "review_by": document.review_by,
    }
    said = upload.facts.model_dump(exclude_unset=True, exclude_none=True)
    try:
        return DocumentCreate.model_validate(
            {**found, **said, "body": _storable(document.body), "format": "markdown"}
        )
    except ValidationError as error:
        raise BadInput("The file cannot be kept.", errors=_errors_of(error)) from error


def require_readable(name: str, size: int) -> DocumentFormat:
    """The format that a file name promises; refuses other endings and too many bytes."""
    if size > MAX_FILE_BYTES:
        raise TooLarge(
            f"file: at most {MAX_FILE_BYTES} bytes",
            errors=(FieldError("file", f"at most {MAX_FILE_BYTES} bytes"),),
        )
    if len(name) > MAX_NAME_CHARACTERS:
        raise _refused(f"its name may have at most {MAX_NAME_CHARACTERS} characters")
    kind = FORMAT_BY_SUFFIX.get(PurePath(name).suffix.lower())
    if kind is None:
        raise _refused(f"its name must end in one of {', '.join(FORMAT_BY_SUFFIX)}")
    return kind


def _parse(upload: UploadedFile, kind: DocumentFormat, *, locale: str | None) -> Document:
    slug = PurePath(upload.name).stem
    try:
        return parse_document(upload.content, kind, slug=slug, locale=locale)
    except DocumentUnreadable as unreadable:
        raise _refused(str(unreadable)) from unreadable
    except Exception as broken:  # parsers of foreign binary formats may raise anything
        log.warning("document.unreadable", format=kind.value, error=type(broken).__name__)
        raise _refused(f"the {kind.value} file is damaged") from broken


def _refuse_zip_bomb(content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except BadZipFile as damaged:
        raise _refused("the docx file is damaged") from damaged
    if unpacked > MAX_UNPACKED_BYTES:
        raise _refused(f"unpacked, it may have at most {MAX_UNPACKED_BYTES} bytes")


def _storable(text: str) -> str:
    """Without what extraction leaves behind and no database keeps."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _errors_of(error: ValidationError) -> tuple[FieldError, ...]:
    return tuple(
        FieldError(".".join(str(part) for part in item["loc"]) or "file", item["msg"])
        for item in error.errors(include_input=False, include_url=False, include_context=False)
    )


def _refused(rule: str) -> BadInput:
    return BadInput("The file cannot be read.", errors=(FieldError("file", rule),))
