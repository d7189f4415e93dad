"""Read documents from files and folders. Knows front matter, no index and no database."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.formats import (
    FORMAT_BY_SUFFIX,
    DocumentFormat,
    html_title,
    require_kind,
    to_markdown,
)
from knowledge_base.formats.markdown import without_html
from knowledge_base.formats.question_table import read_rows
from knowledge_base.front_matter import FrontMatter, moment, split_front_matter
from knowledge_base.languages import detect_locale
from knowledge_base.source import Source
from knowledge_base.tables import split_rows
from knowledge_base.types import Document

LOCALES = ("en", "zh")
MAX_SLUG_CHARACTERS = 120
_FIRST_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A file that could not be read, and why."""

    path: str
    reason: str


def load_folder(path: Path) -> Iterator[Document | LoadFailure]:
    """Every document under the folder, in a stable order; a bad file gives a failure, no end."""
    for file in list_files(path):
        try:
            yield from load_file(file, root=path)
        except DocumentUnreadable as error:
            yield LoadFailure(str(file), str(error))


def list_files(path: Path) -> list[Path]:
    """The files under a folder in a stable order, hidden ones left out; a file is its own list."""
    if path.is_file():
        return [path]
    return [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
    ]


def load_file(path: Path, *, root: Path | None = None) -> list[Document]:
    """The documents of a file; ids are made of locale and path, the same on every run."""
    kind = FORMAT_BY_SUFFIX.get(path.suffix.lower())
    if kind is None:
        raise DocumentUnreadable(f"files of type {path.suffix or 'without ending'} are not read")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DocumentUnreadable(f"cannot read the file: {error.strerror}") from error
    return parse_documents(content, kind, source_of(path, root=root))


def source_of(path: PurePath, *, root: PurePath | None = None) -> Source:
    """How documents of a file are named: by its path below `root`, folders of a locale aside."""
    below = path.relative_to(root) if root is not None and path != root else PurePath(path.name)
    parts = [part for part in (*below.parts[:-1], path.stem) if part not in LOCALES]
    is_in_locale = path.parent.name in LOCALES
    slug = "-".join(parts or [path.stem])
    return Source(slug=shortened(slug), locale=path.parent.name if is_in_locale else None)


def shortened(slug: str) -> str:
    """A slug that fits its column; a long one keeps its end, which tells files apart."""
    if len(slug) <= MAX_SLUG_CHARACTERS:
        return slug
    digest = hashlib.sha256(slug.encode()).hexdigest()[:12]
    return f"{digest}-{slug[-(MAX_SLUG_CHARACTERS - 13) :]}"


def parse_document(
    content: bytes, kind: DocumentFormat, *, slug: str, locale: str | None = None
) -> Document:
    """Content that makes one document, as version 1; front matter wins over the arguments."""
    return parse_documents(content, kind, Source(slug, locale=locale))[0]


def parse_documents(content: bytes, kind: DocumentFormat, source: Source) -> list[Document]:
    """Content of any format as documents: one, and of a table of questions as many as it needs.

    `DocumentUnreadable` says what is wrong; then there is no document at all.
    """
    require_kind(content, kind)
    if kind is DocumentFormat.TABLE:
        return split_rows(read_rows(content), source)
    facts, body = FrontMatter(), to_markdown(content, kind, base_url=source.base_url)
    if kind is DocumentFormat.MARKDOWN:
        facts, body = split_front_matter(body)
        body = without_html(body).strip()
    if not body:
        raise DocumentUnreadable("the document holds no text")
    locale = facts.locale or source.locale or detect_locale(body)
    if locale not in LOCALES:
        raise DocumentUnreadable(f"locale {locale!r} is not one of {', '.join(LOCALES)}")
    return [
        Document(
            document_id=f"{locale}-{source.slug}",
            version=1,
            title=facts.title or _title(content, kind, body) or PurePath(source.slug).name,
            body=body,
            locale=locale,
            audience=facts.audience or source.audience,
            intents=facts.intents or source.intents,
            source_url=facts.source_url or source.source_url,
            effective_from=moment(facts.effective_from),
            expires_at=moment(facts.expires_at),
            owner=facts.owner,
            review_by=facts.review_by,
        )
    ]


def _title(content: bytes, kind: DocumentFormat, body: str) -> str:
    if kind is DocumentFormat.HTML:
        return html_title(content)
    found = _FIRST_HEADING.search(body)
    return _LINK.sub(r"\1", found.group(1)) if found else ""
