"""Read what an editor sends: a JSON document or a file in a form. Knows HTTP, no database."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from app.errors import BadInput, FieldError
from app.files import FileStore
from app.knowledge.content import require_searchable
from app.knowledge.files import MAX_FILE_BYTES, UploadedFile, read_file, require_readable
from app.knowledge.schemas import DocumentCreate, FileFacts

FORM = "multipart/form-data"
MAX_FIELDS = 40
Sent = DocumentCreate | UploadedFile


async def _read_sent(request: Request) -> Sent:
    """The body, whichever of the two kinds it is. Its bytes are read once and kept."""
    body = await request.body()
    if not request.headers.get("Content-Type", "").lower().startswith(FORM):
        return _read_json(body)
    async with request.form(max_files=1, max_fields=MAX_FIELDS) as form:
        return await _read_form(form)


SentDep = Annotated[Sent, Depends(_read_sent)]


def understand(sent: Sent, *, locale: str | None = None) -> DocumentCreate:
    """The document that was sent; parsing a file takes time, so this is no coroutine's work."""
    content = sent if isinstance(sent, DocumentCreate) else read_file(sent, locale=locale)
    require_searchable(content)
    return content


def keep_original(files: FileStore, sent: Sent) -> str | None:
    """Store an uploaded file under the hash of its bytes; None when there was none."""
    if isinstance(sent, DocumentCreate):
        return None
    digest = hashlib.sha256(sent.content).hexdigest()
    name = f"documents/{digest}{PurePath(sent.name).suffix.lower()}"
    if not files.exists(name):
        files.write(name, sent.content)
    return name


def request_body() -> dict[str, Any]:
    """Both kinds of body for the OpenAPI document; FastAPI cannot infer a choice."""
    form = FileFacts.model_json_schema()
    limit = f"PDF, DOCX, HTML, Markdown, text, CSV or TSV; at most {MAX_FILE_BYTES} bytes."
    form["properties"]["file"] = {"type": "string", "format": "binary", "description": limit}
    form["required"] = ["file"]
    document = DocumentCreate.model_json_schema()
    example = {
        name: field["examples"][0]
        for name, field in document["properties"].items()
        if "examples" in field
    }
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": document, "example": example},
                FORM: {"schema": form},
            },
        }
    }


def _read_json(body: bytes) -> DocumentCreate:
    try:
        return DocumentCreate.model_validate_json(body)
    except ValidationError as error:
        raise _as_request_error(error) from error


async def _read_form(form: FormData) -> UploadedFile:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise BadInput("The form has no file.", errors=(FieldError("file", "a file is required"),))
    name = PurePath(file.filename or "").name
    require_readable(name, file.size or 0)
    facts: dict[str, object] = {key: form[key] for key in form if key not in ("file", "intents")}
    if "intents" in form:
        facts["intents"] = form.getlist("intents")
    return UploadedFile(name, await file.read(), _read_facts(facts))


def _read_facts(facts: Mapping[str, object]) -> FileFacts:
    """An empty field of a form is an absent one."""
    try:
        return FileFacts.model_validate({key: value for key, value in facts.items() if value != ""})
    except ValidationError as error:
        raise _as_request_error(error) from error


def _as_request_error(error: ValidationError) -> RequestValidationError:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in found])
