"""What is known about a file or page beside its bytes. Knows no format."""

from dataclasses import dataclass

from knowledge_base.types import Audience


@dataclass(frozen=True, slots=True)
class Source:
    """What is known about bytes beside the bytes, for documents that do not say so themselves.

    `slug` names the document within its language; `base_url` is where a page was found.
    """

    slug: str
    locale: str | None = None
    audience: Audience = Audience.PUBLIC
    intents: tuple[str, ...] = ()
    base_url: str | None = None
    source_url: str | None = None
    max_characters: int | None = None  # a table with more is split into several documents
