"""Read what an agent sends: a JSON body or a file in a form. Knows HTTP, no database."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from app.errors import BadInput, FieldError
from app.knowledge.files import MAX_FILE_BYTES, UploadedFile, require_readable
from app.knowledge.schemas import FileFacts
from app.summaries.schemas import SummaryOptions, SummaryRequest

FORM = "multipart/form-data"
MAX_FIELDS = 10


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file with the options beside it."""

    file: UploadedFile
    options: SummaryOptions


Sent = SummaryRequest | SentFile
M = TypeVar("M", bound=SummaryOptions)


async def _read_sent(request: Request) -> Sent:
    """The body, whichever of the two kinds it is."""
    body = await request.body()
    if not request.headers.get("Content-Type", "").lower().startswith(FORM):
        return _validated(SummaryRequest, body)
    async with request.form(max_files=1, max_fields=MAX_FIELDS) as form:
        return await _read_form(form)


SentDep = Annotated[Sent, Depends(_read_sent)]


def request_body() -> dict[str, Any]:
    """Both kinds of body for the OpenAPI document; FastAPI cannot infer a choice."""
    form = SummaryOptions.model_json_schema()
    limit = f"PDF, DOCX, HTML, Markdown or text; at most {MAX_FILE_BYTES} bytes."
    form["properties"]["file"] = {"type": "string", "format": "binary", "description": limit}
    form["required"] = ["file"]
    said = SummaryRequest.model_json_schema()
    example = {"text": said["properties"]["text"]["examples"][0], "sentences": 2}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": said, "example": example},
                FORM: {"schema": form},
            },
        }
    }


async def _read_form(form: FormData) -> SentFile:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise BadInput("The form has no file.", errors=(FieldError("file", "a file is required"),))
    name = PurePath(file.filename or "").name
    require_readable(name, file.size or 0)
    said: dict[str, object] = {
        key: value for key in form if key != "file" and (value := form[key]) != ""
    }
    if isinstance(count := said.get("sentences"), str) and count.isascii() and count.isdigit():
        said["sentences"] = int(count[:9])  # a form knows texts only
    upload = UploadedFile(name, await file.read(), FileFacts())
    return SentFile(upload, _validated(SummaryOptions, said))


def _validated(model: type[M], said: object) -> M:
    try:
        if isinstance(said, bytes):
            return model.model_validate_json(said)
        return model.model_validate(said)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        located = [{**item, "loc": ("body", *item["loc"])} for item in found]
        raise RequestValidationError(located) from error
