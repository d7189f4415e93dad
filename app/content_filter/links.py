"""Links, remote images and canaries in replies. Knows hosts and patterns, no network."""

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from app.content_filter.findings import FindingType, Match

CANARY_PREFIX = "sb-canary-"  # planted in prompts; a reply that carries it has leaked one
_CANARY = re.escape(CANARY_PREFIX) + r"[0-9A-Za-z]{4,64}"
_IMAGE = re.compile(
    r"!\[[^\]\n]{0,300}\]\s?\([^)\n]{0,2000}\)?|<\s?(?:img|image|svg|iframe|video"
    r"|object)\b[^>]{0,2000}>?",
    re.IGNORECASE,
)
_MARKDOWN_LINK = re.compile(r"\[[^\]\n]{0,300}\]\s?\(\s?<?([^()\s>]{0,2000})[^)\n]{0,200}\)")
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.\-]{1,20}:)?(?://|\\\\)[^\s<>()\[\]\"'，。；！？、）】》]+"
    r"|(?:javascript|data|vbscript|file):[^\s<>()\"']+"
    r"|(?<![\w@./\-])(?:[a-z0-9\-]{1,63}\.){1,5}"
    r"(?:com|net|org|info|biz|io|co|cn|ru|top|xyz|me|app|dev|ly|gl|site|online|shop|club|uk|hk|tw"
    r"|de|fr|link|cc|tk|example|test)"
    r"(?![a-z0-9\-@])(?:[:/?#][^\s<>()\[\]\"'，。；！？、）】》]*)?",
    re.IGNORECASE,
)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?", re.IGNORECASE)


def find(
    text: str, *, allowed_hosts: Collection[str], canaries: Collection[str]
) -> Iterator[Match]:
    """Everything in a reply that points elsewhere without leave, or betrays a prompt."""
    yield from _canaries(text, canaries)
    for image in _IMAGE.finditer(text):
        yield Match(FindingType.REMOTE_IMAGE, *image.span())
    for link in _MARKDOWN_LINK.finditer(text):
        if not is_allowed(link.group(1), allowed_hosts):
            yield Match(FindingType.LINK, *link.span())
    for address in _ADDRESS.finditer(text):
        if not is_allowed(address.group().rstrip(".,;:!?"), allowed_hosts):
            yield Match(FindingType.LINK, *address.span())


def _canaries(text: str, canaries: Collection[str]) -> Iterator[Match]:
    planted = [re.escape(canary) for canary in canaries if canary]
    for canary in re.finditer("|".join([_CANARY, *planted]), text, re.IGNORECASE):
        yield Match(FindingType.CANARY, *canary.span())


def is_allowed(address: str, allowed_hosts: Collection[str]) -> bool:
    """Only http and https to a listed host or a subdomain of it; no user part, no tricks."""
    if "\\" in address or "@" in address.split("?")[0]:
        return False
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if parts.scheme not in {"http", "https", ""} or not _HOST.fullmatch(host):
        return False
    return any(host == one.lower() or host.endswith("." + one.lower()) for one in allowed_hosts)
