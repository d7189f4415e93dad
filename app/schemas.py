"""Pydantic building blocks of every body: strict, no unknown fields, storable text only."""

from datetime import datetime
from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, StringConstraints

from app.clock import rfc3339
from app.content_filter import inspect

MAX_MESSAGE_CHARACTERS = 4_000
# format characters, spaces, control characters: none of them is drawn
_INVISIBLE = frozenset({"Cf", "Zs", "Cc"})


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


class Body(BaseModel):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class Reading(BaseModel):
    """Base of response bodies, built from records or frozen values."""

    model_config = ConfigDict(from_attributes=True)
