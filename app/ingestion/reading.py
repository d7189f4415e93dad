"""From a file or a page to documents, with one sentence where that fails. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from app.errors import AppError
from app.ingestion.naming import name_of_page, within
from app.ingestion.storing import require_storable
from app.knowledge.files import FoundDocument, read_documents, require_readable
from app.outbound import Fetched, FetchFailed
from knowledge_base import Audience, DocumentUnreadable, Source
from knowledge_base.formats import detect_kind
from knowledge_base.loader import source_of

MAX_FILE_BYTES = 20 * 1024 * 1024


class ReadingFailed(Exception):
    """Nothing of a source can be kept; the text is for people."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is taken for granted where a document does not say it itself."""

    audience: Audience = Audience.PUBLIC
    intents: tuple[str, ...] = ()
    locale: str | None = None

    @classmethod
    def from_stored(cls, facts: Mapping[str, Any]) -> "Facts":
        return cls(
            Audience(facts.get("audience", Audience.PUBLIC)),
            tuple(facts.get("intents", ())),
            facts.get("locale"),
        )

    def fill(self, source: Source) -> Source:
        """The source with these facts; the locale of a folder is nearer than ours."""
        return replace(
            source,
            audience=self.audience,
            intents=self.intents,
            locale=source.locale or self.locale,
        )


def read_file(
    path: PurePath, content: bytes, facts: Facts, *, origin: str = "", root: PurePath | None = None
) -> list[FoundDocument]:
    """The documents of a file; `ReadingFailed` says in one sentence why there are none."""
    try:
        kind = require_readable(path.name, len(content), most=MAX_FILE_BYTES)
        source = facts.fill(source_of(path, root=root))
        return _checked(read_documents(content, kind, source), origin)
    except AppError as refused:
        raise ReadingFailed(sentence_of(refused)) from refused


def read_page(fetched: Fetched, facts: Facts, *, url: str) -> list[FoundDocument]:
    """The documents of a page that was asked for as `url`."""
    path = PurePath(urlsplit(fetched.url).path)
    try:
        kind = detect_kind(fetched.content, name=path.name, media_type=fetched.media_type)
        source = Source(name_of_page(url), base_url=fetched.url, source_url=url)
        return _checked(read_documents(fetched.content, kind, facts.fill(source)), "")
    except DocumentUnreadable as unreadable:
        raise ReadingFailed(str(unreadable)) from unreadable
    except AppError as refused:
        raise ReadingFailed(sentence_of(refused)) from refused


def sentence_of(error: AppError | FetchFailed) -> str:
    """An error as one line: each field with the rule that it broke; `file` needs no name."""
    problems = getattr(error, "errors", ())
    if not problems:
        return str(error)
    return "; ".join(
        one.message if one.field in ("file", "url") else f"{one.field}: {one.message}"
        for one in problems
    )


def _checked(found: list[FoundDocument], origin: str) -> list[FoundDocument]:
    for one in found:
        require_storable(one)
    return [FoundDocument(within(origin, one.slug), one.content) for one in found]
