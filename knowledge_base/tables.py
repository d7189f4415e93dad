"""Rows of questions and answers as documents: one, or several where one would grow too long."""

from collections.abc import Iterator, Sequence

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.formats.question_table import QuestionRow, section, write_rows
from knowledge_base.languages import detect_locale
from knowledge_base.source import Source
from knowledge_base.types import Audience, Document

_SAMPLE_ROWS = 20
_MARGIN = 8  # characters between sections


def split_rows(rows: Sequence[QuestionRow], source: Source) -> list[Document]:
    """Every row in exactly one document; rows of another language or audience in one of their own.

    `DocumentUnreadable` when a single row is longer than a document may be.
    """
    usual = source.locale
    if usual is None and any(row.locale is None for row in rows):
        usual = detect_locale("\n".join(section(row) for row in rows[:_SAMPLE_ROWS]))
    groups: dict[tuple[str, str], list[QuestionRow]] = {}
    for row in rows:
        key = (row.locale or usual or "en", row.audience or source.audience.value)
        groups.setdefault(key, []).append(row)
    return [
        document
        for (locale, audience), members in groups.items()
        for document in _documents(members, source, locale, Audience(audience))
    ]


def _documents(
    rows: Sequence[QuestionRow], source: Source, locale: str, audience: Audience
) -> Iterator[Document]:
    name = source.slug if audience is source.audience else f"{source.slug}-{audience.value}"
    for number, part in enumerate(_parts(rows, source.max_characters), start=1):
        yield Document(
            document_id=f"{locale}-{name}" if number == 1 else f"{locale}-{name}-{number}",
            version=1,
            title=source.slug if number == 1 else f"{source.slug} ({number})",
            body=write_rows(part),
            locale=locale,
            audience=audience,
            intents=source.intents,
            source_url=source.source_url,
        )


def _parts(rows: Sequence[QuestionRow], limit: int | None) -> Iterator[list[QuestionRow]]:
    """As many rows as fit, again and again; a category's heading counts for each of its rows."""
    part: list[QuestionRow] = []
    size = 0
    for row in rows:
        length = len(section(row)) + len(row.category) + _MARGIN
        if limit is not None and length > limit:
            raise DocumentUnreadable(
                f"the row {row.question[:60]!r} is longer than the {limit} characters of a document"
            )
        if part and limit is not None and size + length > limit:
            yield part
            part, size = [], 0
        part.append(row)
        size += length
    yield part
