"""What a document from outside is called, so that the next import finds it again. Pure."""

from urllib.parse import unquote, urlsplit

from knowledge_base.loader import shortened

MAX_ORIGIN_CHARACTERS = 60
_TRY = "~"  # before the number of a document whose predecessor of the same name was deleted


def within(origin: str, slug: str) -> str:
    """The name of a document of an origin; the shipped articles and plain folders have none."""
    return f"{origin}/{slug}" if origin else slug


def again(slug: str, number: int) -> str:
    """The name of the n-th document of a name; the first has it as it is."""
    return slug if number == 1 else f"{slug}{_TRY}{number}"


def name_of_page(url: str) -> str:
    """The name of a page: its host and path, whatever scheme it is read with."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    path = unquote(parts.path).rstrip("/")
    return shortened(f"{(parts.hostname or '').lower()}{path}{query}")
