"""The facts at the top of a Markdown file. Knows YAML, no folders."""

import re
from datetime import UTC, date, datetime, time

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.types import Audience

_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.DOTALL)


class FrontMatter(BaseModel):
    """The facts at the top of a Markdown file; unknown ones are refused, so typing errors show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = None
    locale: str | None = None
    intents: tuple[str, ...] = ()
    audience: Audience | None = None
    owner: str | None = None
    review_by: date | None = None
    source_url: str | None = None
    effective_from: datetime | date | None = None
    expires_at: datetime | date | None = None


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The facts and the text below them; `DocumentUnreadable` names a fact that is wrong."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return FrontMatter(), text
    try:
        facts = FrontMatter.model_validate(yaml.safe_load(match.group(1)) or {})
    except (yaml.YAMLError, RecursionError) as error:
        raise DocumentUnreadable("the front matter is not valid YAML") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "front matter"
        raise DocumentUnreadable(f"front matter, {field}: {first['msg']}") from error
    body = text[match.end() :].strip()
    if not body:
        raise DocumentUnreadable("the document has front matter but no text")
    return facts, body


def moment(value: datetime | date | None) -> datetime | None:
    """A bare date means its first moment; a time without zone is UTC."""
    if value is None:
        return None
    found = value if isinstance(value, datetime) else datetime.combine(value, time.min)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
