"""Read what an importer sends: files in a form, or an address as JSON. Knows HTTP, no database."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from app.errors import BadInput, FieldError, TooLarge
from app.files import FileStore
from app.ingestion.reading import MAX_FILE_BYTES
from app.ingestion.schemas import FilesFacts, PageImport
from app.ingestion.service import ImportOrder, KeptFile
from app.outbound import OutboundPolicy, require_allowed
from app.schemas import storable
from knowledge_base.formats import FORMAT_BY_SUFFIX

FORM = "multipart/form-data"
MAX_FILES = 200
MAX_TOTAL_BYTES = 60 * 1024 * 1024
MAX_FIELDS = 40
MAX_SHOWN_NAME = 500
_WEB = "web"  # the origin of pages: their address names them
_NOT_FACTS = ("files", "intents", "submit")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class SentFiles:
    """Files as they came, with the facts that hold for all of them."""

    files: tuple[tuple[str, bytes], ...]
    facts: FilesFacts


async def _read_sent(request: Request) -> SentFiles | PageImport:
    """The body, whichever of the two kinds it is. Its bytes are read once and kept."""
    body = await request.body()
    if not request.headers.get("Content-Type", "").lower().startswith(FORM):
        return _validated(PageImport, body)
    async with request.form(max_files=MAX_FILES + 1, max_fields=MAX_FIELDS) as form:
        return await _read_form(form)


SentDep = Annotated[SentFiles | PageImport, Depends(_read_sent)]


def order_of(sent: SentFiles | PageImport, files: FileStore, policy: OutboundPolicy) -> ImportOrder:
    """The import that was asked for; files are kept, an address that may not be read is refused."""
    if isinstance(sent, SentFiles):
        kept = [KeptFile(name, _keep(files, name, content)) for name, content in sent.files]
        origin = sent.facts.origin
        return ImportOrder("files", origin, _facts(sent.facts), sent.facts.submit, files=kept)
    kind, address = ("url", sent.url) if sent.url is not None else ("sitemap", sent.sitemap)
    url = str(require_allowed(address or "", policy))
    return ImportOrder(kind, _WEB, _facts(sent), sent.submit, address=url)


def request_body() -> dict[str, Any]:
    """Both kinds of body for the OpenAPI document; FastAPI cannot infer a choice."""
    form = FilesFacts.model_json_schema()
    limit = (
        f"At most {MAX_FILES} files (PDF, DOCX, HTML, Markdown, text, CSV or TSV) of at most "
        f"{MAX_FILE_BYTES} bytes each and {MAX_TOTAL_BYTES} together."
    )
    file = {"type": "string", "format": "binary"}
    form["properties"]["files"] = {"type": "array", "items": file, "description": limit}
    form["required"] = ["files"]
    example = {"url": "https://lanternbank.example/help/cards", "audience": "public"}
    page = PageImport.model_json_schema()
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": page, "example": example},
                FORM: {"schema": form},
            },
        }
    }


async def _read_form(form: FormData) -> SentFiles:
    uploads = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
    _require_within_limits(uploads)
    facts: dict[str, object] = {
        key: form[key] for key in form if key not in _NOT_FACTS and form[key] != ""
    }
    if "intents" in form:
        facts["intents"] = [one for one in form.getlist("intents") if one != ""]
    if form.get("submit", "") != "":
        facts["submit"] = _flag(str(form["submit"]))
    checked = _validated(FilesFacts, facts)
    files = [(_name_of(one), await one.read()) for one in uploads]
    return SentFiles(tuple(files), checked)


def _require_within_limits(uploads: list[UploadFile]) -> None:
    """What holds for all files together; each file is judged by the job, for itself alone."""
    if not uploads:
        raise BadInput("The form has no file.", errors=(_problem("at least one file is required"),))
    if len(uploads) > MAX_FILES:
        raise BadInput("Too many files.", errors=(_problem(f"at most {MAX_FILES} files"),))
    total = sum(one.size or 0 for one in uploads)
    if total > MAX_TOTAL_BYTES:
        rule = f"at most {MAX_TOTAL_BYTES} bytes together"
        raise TooLarge(f"files: {rule}", errors=(_problem(rule),))


def _name_of(upload: UploadFile) -> str:
    """The name without folders, as a database keeps it."""
    name = PurePath(upload.filename or "").name
    try:
        return storable(name)[:MAX_SHOWN_NAME]
    except ValueError as error:
        raise BadInput("A file has no usable name.", errors=(_problem(str(error)),)) from error


def _flag(text: str) -> object:
    """A form has no booleans."""
    return {"true": True, "false": False}.get(text.lower(), text)


def _keep(files: FileStore, name: str, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    suffix = PurePath(name).suffix.lower()
    stored_as = f"documents/{digest}{suffix if suffix in FORMAT_BY_SUFFIX else ''}"
    if not files.exists(stored_as):
        files.write(stored_as, content)
    return stored_as


def _facts(facts: FilesFacts | PageImport) -> dict[str, Any]:
    return facts.model_dump(mode="json", include={"audience", "intents", "locale"})


def _problem(rule: str) -> FieldError:
    return FieldError("files", rule)


def _validated(model: type[Model], sent: bytes | Mapping[str, object]) -> Model:
    try:
        if isinstance(sent, bytes):
            return model.model_validate_json(sent)
        return model.model_validate(sent)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError(
            [{**item, "loc": ("body", *item["loc"])} for item in found]
        ) from error
