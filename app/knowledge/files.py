"""Uploaded files become documents. Knows formats and limits, no web framework."""

from dataclasses import dataclass, replace
from pathlib import PurePath

import structlog
from pydantic import ValidationError

from app.errors import BadInput, FieldError, TooLarge
from app.knowledge.schemas import MAX_BODY_CHARACTERS, DocumentCreate, FileFacts
from knowledge_base import (
    Document,
    DocumentFormat,
    DocumentUnreadable,
    Source,
    parse_documents,
)
from knowledge_base.formats import FORMAT_BY_SUFFIX

log = structlog.get_logger(__name__)
MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_NAME_CHARACTERS = 200
MAX_TITLE = 300


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file as it came, with the facts that were sent beside it."""

    name: str
    content: bytes
    facts: FileFacts


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document in a file; `slug` names it, the same on every run."""

    slug: str
    content: DocumentCreate


def read_file(upload: UploadedFile, *, locale: str | None = None) -> DocumentCreate:
    """The one document in a file; facts sent beside it win over those inside.

    `locale` is what it is taken for where neither says.
    """
    kind = require_readable(upload.name, len(upload.content))
    source = Source(PurePath(upload.name).stem, locale=upload.facts.locale or locale)
    documents = _parse(upload.content, kind, source)
    if len(documents) > 1:
        raise _refused(f"it makes {len(documents)} documents: import it instead")
    said = upload.facts.model_dump(exclude_unset=True, exclude_none=True)
    return _content_of(documents[0], said)


def read_documents(content: bytes, kind: DocumentFormat, source: Source) -> list[FoundDocument]:
    """Every document in the bytes; what the file says of itself wins over `source`.

    BadInput says what is wrong with the file; then nothing of it is kept.
    """
    bounded = replace(source, max_characters=MAX_BODY_CHARACTERS)
    documents = _parse(content, kind, bounded)
    return [FoundDocument(one.document_id, _content_of(one, {})) for one in documents]


def require_readable(name: str, size: int, *, most: int = MAX_FILE_BYTES) -> DocumentFormat:
    """The format that a file name promises; refuses other endings and too many bytes."""
    if size > most:
        rule = f"at most {most} bytes"
        raise TooLarge(f"file: {rule}", errors=(FieldError("file", rule),))
    if len(name) > MAX_NAME_CHARACTERS:
        raise _refused(f"its name may have at most {MAX_NAME_CHARACTERS} characters")
    kind = FORMAT_BY_SUFFIX.get(PurePath(name).suffix.lower())
    if kind is None:
        raise _refused(f"its name must end in one of {', '.join(FORMAT_BY_SUFFIX)}")
    return kind


def _parse(content: bytes, kind: DocumentFormat, source: Source) -> list[Document]:
    try:
        return parse_documents(content, kind, source)
    except DocumentUnreadable as unreadable:
        raise _refused(str(unreadable)) from unreadable
    except Exception as broken:  # parsers of foreign binary formats may raise anything
        log.warning("document.unreadable", format=kind.value, error=type(broken).__name__)
        raise _refused(f"the {kind.value} file is damaged") from broken


def _content_of(document: Document, said: dict[str, object]) -> DocumentCreate:
    found = {
        "title": _storable(document.title)[:MAX_TITLE],
        "locale": document.locale,
        "audience": document.audience.value,
        "intents": list(document.intents),
        "source_url": document.source_url,
        "effective_from": document.effective_from,
        "expires_at": document.expires_at,
        "owner": document.owner,
        "review_by": document.review_by,
    }
    try:
        return DocumentCreate.model_validate(
            {**found, **said, "body": _storable(document.body), "format": "markdown"}
        )
    except ValidationError as error:
        raise BadInput("The file cannot be kept.", errors=_errors_of(error)) from error


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
