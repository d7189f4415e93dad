"""Read documents from files and folders. Knows front matter, no index and no database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.formats import FORMAT_BY_SUFFIX, DocumentFormat, html_title, to_markdown
from knowledge_base.tokens import has_cjk
from knowledge_base.types import Audience, Document

_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
_FIRST_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_LOCALES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A file that could not be read, and why."""

    path: str
    reason: str


class FrontMatter(BaseModel):
    """The facts at the top of a Markdown file; unknown ones are refused, so typing errors show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = None
    locale: str | None = None
    intents: tuple[str, ...] = ()
    audience: Audience = Audience.PUBLIC
    owner: str | None = None
    review_by: date | None = None
    source_url: str | None = None
    effective_from: datetime | date | None = None
    expires_at: datetime | date | None = None


def load_folder(path: Path) -> Iterator[Document | LoadFailure]:
    """Every file under the folder, in a stable order; a bad file gives a failure, not an end."""
    for file in sorted(path.rglob("*")):
        if not file.is_file() or any(part.startswith(".") for part in file.relative_to(path).parts):
            continue
        try:
            yield load_file(file)
        except DocumentUnreadable as error:
            yield LoadFailure(str(file), str(error))


def load_file(path: Path) -> Document:
    """One document; its id is made of locale and file name, so that it is the same on every run."""
    kind = FORMAT_BY_SUFFIX.get(path.suffix.lower())
    if kind is None:
        raise DocumentUnreadable(f"files of type {path.suffix or 'without ending'} are not read")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DocumentUnreadable(f"cannot read the file: {error.strerror}") from error
    folder = path.parent.name if path.parent.name in _LOCALES else None
    return parse_document(content, kind, slug=path.stem, locale=folder)


def parse_document(
    content: bytes, kind: DocumentFormat, *, slug: str, locale: str | None = None
) -> Document:
    """Content of any format as version 1 of a document; front matter wins over the arguments."""
    facts, body = FrontMatter(), to_markdown(content, kind)
    if kind is DocumentFormat.MARKDOWN:
        facts, body = _split_front_matter(body)
    language = facts.locale or locale or ("zh" if has_cjk(body) else "en")
    if language not in _LOCALES:
        raise DocumentUnreadable(f"locale {language!r} is not one of {', '.join(_LOCALES)}")
    return Document(
        document_id=f"{language}-{slug}",
        version=1,
        title=facts.title or _title(content, kind, body) or slug,
        body=body,
        locale=language,
        audience=facts.audience,
        intents=facts.intents,
        source_url=facts.source_url,
        effective_from=_moment(facts.effective_from),
        expires_at=_moment(facts.expires_at),
        owner=facts.owner,
        review_by=facts.review_by,
    )


def _split_front_matter(text: str) -> tuple[FrontMatter, str]:
    match = _FRONT_MATTER.match(text)
    if match is None:
        return FrontMatter(), text
    try:
        facts = FrontMatter.model_validate(yaml.safe_load(match.group(1)) or {})
    except yaml.YAMLError as error:
        raise DocumentUnreadable("the front matter is not valid YAML") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "front matter"
        raise DocumentUnreadable(f"front matter, {field}: {first['msg']}") from error
    body = text[match.end() :].strip()
    if not body:
        raise DocumentUnreadable("the document has front matter but no text")
    return facts, body


def _title(content: bytes, kind: DocumentFormat, body: str) -> str:
    if kind is DocumentFormat.HTML:
        return html_title(content)
    heading = _FIRST_HEADING.search(body)
    return heading.group(1) if heading else ""


def _moment(value: datetime | date | None) -> datetime | None:
    """A bare date means its first moment; a time without zone is UTC."""
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.combine(value, time.min)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
