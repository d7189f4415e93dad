"""Read the pages that a sitemap names. Knows the sitemap format, packed and nested too."""

import zlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

from app.outbound import Fetched, Fetcher, FetchFailed

MAX_SITEMAPS = 50
MAX_BYTES = 50 * 1024 * 1024  # of one sitemap, unpacked: what the protocol allows
_GZIP = b"\x1f\x8b"
_ROOTS = {"urlset", "sitemapindex"}
_HEAD = 1024


@dataclass(slots=True)
class Listing:
    """Pages in the order of the sitemap, each once; and those that it may not name."""

    pages: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # address -> why


def is_sitemap(content: bytes) -> bool:
    """Whether something fetched is a sitemap and no page."""
    head = content[:_HEAD]
    return content.startswith(_GZIP) or b"<urlset" in head or b"<sitemapindex" in head


def read_sitemap(fetcher: Fetcher, first: Fetched, *, most: int) -> Listing:
    """The pages of a sitemap and of those that it names.

    `FetchFailed` when it is none, or names more than `most` pages: a part would look like all.
    """
    listing, waiting, seen = Listing(), [first.url], {first.url}
    known = {first.url: first}
    while waiting:
        url = waiting.pop(0)
        fetched = known.get(url) or fetcher.get(url)
        root, addresses = _entries(fetched.content)
        if root == "urlset":
            _add_pages(listing, addresses, host=urlsplit(first.url).hostname, most=most)
            continue
        fresh = [one for one in addresses if one not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
        if len(seen) > MAX_SITEMAPS:
            raise FetchFailed(f"the sitemap names more than {MAX_SITEMAPS} sitemaps")
    if not listing.pages and not listing.refused:
        raise FetchFailed("the sitemap names no page")
    return listing


def _add_pages(listing: Listing, addresses: list[str], *, host: str | None, most: int) -> None:
    known = set(listing.pages)
    for one in addresses:
        if urlsplit(one).hostname != host:
            listing.refused[one] = "it is on another host than the sitemap"
        elif one not in known:
            known.add(one)
            listing.pages.append(one)
    if len(listing.pages) + len(listing.refused) > most:
        raise FetchFailed(f"the sitemap names more than {most} pages")


def _entries(content: bytes) -> tuple[str, list[str]]:
    """The name of the root and the addresses below it; no entity and no DTD is read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(_unpacked(content), parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FetchFailed("the sitemap is not valid XML") from error
    name = etree.QName(root).localname
    if name not in _ROOTS:
        raise FetchFailed("this is not a sitemap")
    found = (one.text for one in root.iter("{*}loc") if _is_own(one))
    return name, [text.strip() for text in found if text and text.strip()]


def _is_own(loc: "etree._Element") -> bool:
    """Pictures and films of a page have addresses of their own."""
    parent = loc.getparent()
    return parent is not None and etree.QName(parent).localname in ("url", "sitemap")


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(_GZIP):
        return content
    unpack = zlib.decompressobj(31)
    try:
        text = unpack.decompress(content, MAX_BYTES + 1)
    except zlib.error as error:
        raise FetchFailed("the packed sitemap is damaged") from error
    if len(text) > MAX_BYTES:
        raise FetchFailed(f"the sitemap is larger than {MAX_BYTES} bytes, unpacked")
    return text
