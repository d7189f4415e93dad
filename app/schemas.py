"""Pydantic building blocks of every body: strict, no unknown fields, storable text only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, cast
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    PlainSerializer,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticKnownError
from pydantic_core.core_schema import no_info_before_validator_function

from app.clock import rfc3339
from app.content_filter import inspect

MAX_MESSAGE_CHARACTERS = 4_000
# format characters, spaces, control characters: none of them is drawn
_INVISIBLE = frozenset({"Cf", "Zs", "Cc"})
JSON_TYPES = ("str", "int", "float", "bool", "list", "dict")


def storable(text: str) -> str:
    """Refuse what a database cannot keep: NUL characters and lone surrogates."""
    if "\x00" in text:
        raise ValueError("must not contain NUL characters")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as bad:
        raise ValueError("must not contain lone surrogates") from bad
    return text


def not_blank(text: str) -> str:
    """Refuse text without a visible character."""
    if all(char.isspace() or category(char) in _INVISIBLE for char in text):
        raise ValueError("must contain at least one visible character")
    return text


def masked(text: str) -> str:
    """The text without card numbers, codes and ids: what is typed beside messages is kept too."""
    return inspect(text).text


Storable = AfterValidator(storable)
Masked = AfterValidator(masked)
MessageText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_MESSAGE_CHARACTERS),
    Storable,
    AfterValidator(not_blank),
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), Storable]
Key = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]*$")
]
Note = Annotated[str, StringConstraints(max_length=2_000), Storable, Masked]
Timestamp = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]


def _strict(node: object) -> object:  # a core schema: nested dicts and lists of many shapes
    """The schema with strict JSON types.

    Pydantic's own strict mode goes too far: it refuses the texts that JSON has for moments and
    enumerations once the body is parsed, as the framework does.
    """
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    kept = ("metadata", "default")
    strict: dict[Any, Any] = {
        name: item if name in kept else _strict(item) for name, item in node.items()
    }
    if strict.get("type") in JSON_TYPES:
        strict["strict"] = True
    if strict.get("type") == "datetime":
        return no_info_before_validator_function(_moment_text, cast("CoreSchema", strict))
    return strict


def _moment_text(value: object) -> object:
    """Refuse numbers, and text that is one: seconds since 1970 are not a moment here."""
    if isinstance(value, datetime) or (isinstance(value, str) and "-" in value.strip()[1:]):
        return value
    raise PydanticKnownError("datetime_type")


class Body(BaseModel):
    """Base of request bodies: unknown fields are refused, and so are values of another type."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return cast("CoreSchema", _strict(handler(source)))


class Reading(BaseModel):
    """Base of response bodies, built from records or frozen values."""

    model_config = ConfigDict(from_attributes=True)
