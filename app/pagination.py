"""Page parameters and the body of a page."""

import base64
import binascii
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from app.errors import BadInput, FieldError

T = TypeVar("T")

LimitParam = Annotated[int, Query(ge=1, le=200, description="At most this many items.")]
CursorParam = Annotated[
    str | None,
    Query(max_length=200, description="The `next` of the page before."),
]


class Page(BaseModel, Generic[T]):
    """Items, and the cursor of the next page (null on the last)."""

    items: list[T]
    next: str | None = Field(None, examples=[None])


def encode_cursor(value: str) -> str:
    return base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> str | None:
    """The value inside a cursor; BadInput names the field when it is not one of ours."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        value = ""
    if not value or "\x00" in value:
        problem = FieldError("after", "not a cursor of this service")
        raise BadInput("The cursor is not valid.", errors=(problem,))
    return value
