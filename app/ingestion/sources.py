"""What a command was given (a file, a folder, a page, a sitemap) as entries to read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from app.errors import BadInput
from app.ingestion.batch import Entry
from app.ingestion.pages import PageReader
from app.ingestion.reading import MAX_FILE_BYTES, Facts, ReadingFailed, read_file, read_page
from app.ingestion.sitemap import is_sitemap, read_sitemap
from app.knowledge.files import FoundDocument, require_readable
from app.outbound import Fetched, Fetcher, FetchFailed
from knowledge_base.formats import FORMAT_BY_SUFFIX
from knowledge_base.loader import list_files


@dataclass(slots=True)
class Listed:
    """Entries in order; `skipped` are files of a folder whose kind is not read."""

    entries: list[Entry]
    skipped: list[str] = field(default_factory=list)


def is_address(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def list_folder(path: Path, facts: Facts, *, origin: str) -> Listed:
    """A file, or every file below a folder; one that is named itself is never skipped."""
    if not path.exists():
        raise BadInput(f"{path} does not exist: name a file, a folder or an http address")
    files = list_files(path)
    readable = [one for one in files if one == path or one.suffix.lower() in FORMAT_BY_SUFFIX]
    entries = [
        Entry(_name(one, path), partial(_read, one, facts, origin=origin, root=path))
        for one in readable
    ]
    known = set(readable)
    return Listed(entries, [_name(one, path) for one in files if one not in known])


def list_address(url: str, fetcher: Fetcher, facts: Facts, *, most: int) -> Listed:
    """One page, or every page that a sitemap names. `FetchFailed` when there is neither."""
    reader = PageReader(fetcher)
    first = reader.open(url)
    if not is_sitemap(first.content):
        return Listed([Entry(url, partial(_read_fetched, first, facts, url))])
    listing = read_sitemap(fetcher, first, most=most)
    return Listed(list(_page_entries(listing.pages, listing.refused, reader, facts)))


def _page_entries(
    pages: list[str], refused: dict[str, str], reader: PageReader, facts: Facts
) -> Iterator[Entry]:
    for page in pages:
        yield Entry(page, partial(_read_page, page, reader, facts))
    for page, why in refused.items():
        yield Entry(page, partial(_fail, why))


def _read(path: Path, facts: Facts, *, origin: str, root: Path) -> list[FoundDocument]:
    """The size is asked before a byte is read."""
    try:
        require_readable(path.name, path.stat().st_size, most=MAX_FILE_BYTES)
        content = path.read_bytes()
    except OSError as error:
        raise ReadingFailed(f"cannot read the file: {error.strerror}") from error
    return read_file(path, content, facts, origin=origin, root=root)


def _read_page(url: str, reader: PageReader, facts: Facts) -> list[FoundDocument]:
    return _read_fetched(reader.open(url), facts, url)


def _read_fetched(fetched: Fetched, facts: Facts, url: str) -> list[FoundDocument]:
    return read_page(fetched, facts, url=url)


def _fail(why: str) -> list[FoundDocument]:
    raise FetchFailed(why)


def _name(path: Path, root: Path) -> str:
    return path.name if path == root else str(path.relative_to(root))
