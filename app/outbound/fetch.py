"""Read one address within limits of size, time and redirects. Knows HTTP, no document format."""

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import httpcore
import httpx

from app.outbound.addresses import OutboundPolicy, require_allowed
from app.outbound.network import CheckedBackend, CheckedTransport

USER_AGENT = "SwitchboardBot"
_REDIRECTS = {301, 302, 303, 307, 308}
_ENCODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 47}  # how zlib is to read them
_CONNECT_SECONDS, _SILENCE_SECONDS = 5.0, 10.0


class FetchFailed(Exception):
    """Nothing could be read from an address; the text is for people."""

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one address may cost."""

    max_bytes: int = 20 * 1024 * 1024  # as sent, and again once unpacked
    seconds: float = 30.0  # from the first byte sent to the last byte read, redirects included
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was read, and the address where it was found in the end."""

    url: str
    content: bytes
    media_type: str


class Fetcher:
    """Reads addresses; connections are kept for a while, so it must be closed."""

    def __init__(
        self,
        policy: OutboundPolicy,
        limits: FetchLimits | None = None,
        *,
        backend: CheckedBackend | None = None,
    ) -> None:
        self._policy = policy
        self._limits = limits or FetchLimits()
        self._backend = backend or CheckedBackend(policy)
        self._client = httpx.Client(
            transport=CheckedTransport(self._backend),
            trust_env=False,  # neither proxies nor credentials of the surroundings
            follow_redirects=False,  # each hop is checked below
            timeout=httpx.Timeout(_SILENCE_SECONDS, connect=_CONNECT_SECONDS),
            headers={
                "User-Agent": f"{USER_AGENT}/1.0",
                "Accept": "text/html,text/markdown,application/pdf,application/xml,*/*;q=0.5",
                "Accept-Encoding": "gzip",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of kept connections."""
        self._client.close()

    def get(self, url: str, *, max_bytes: int | None = None) -> Fetched:
        """What lies at an address.

        `AddressRefused` where it may not lead, `FetchFailed` for everything else that goes wrong.
        """
        self._backend.ends = time.monotonic() + self._limits.seconds
        most = self._limits.max_bytes if max_bytes is None else max_bytes
        target = require_allowed(url, self._policy)
        for _ in range(self._limits.redirects + 1):
            try:
                found = self._hop(target, most)
            except httpx.RemoteProtocolError as error:  # the client's own: it looks at redirects
                raise FetchFailed("the server redirects to what is no address") from error
            except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError) as error:
                raise FetchFailed(f"{target.host} cannot be reached or breaks off") from error
            except (httpcore.TimeoutException, OSError) as error:
                raise FetchFailed(f"{target.host} does not answer in time") from error
            if isinstance(found, Fetched):
                return found
            target = found
        raise FetchFailed(f"more than {self._limits.redirects} redirects")

    def _hop(self, target: httpx.URL, most: int) -> Fetched | httpx.URL:
        """The content, or where it has moved to."""
        with self._client.stream("GET", target) as answer:
            if answer.status_code in _REDIRECTS and "location" in answer.headers:
                return self._next(target, answer.headers["location"])
            if answer.status_code != 200:
                status = answer.status_code
                raise FetchFailed(f"the server answered {status}", status=status)
            content = b"".join(_bounded(answer, most))
            return Fetched(str(target), content, answer.headers.get("content-type", ""))

    def _next(self, target: httpx.URL, location: str) -> httpx.URL:
        found = require_allowed(str(target.join(location)), self._policy)
        if target.scheme == "https" and found.scheme == "http":
            raise FetchFailed("the server redirects from https to http")
        return found


def _bounded(answer: httpx.Response, most: int) -> Iterator[bytes]:
    """The body unpacked, piece by piece; never much more in memory than is allowed."""
    unpack = _unpacker(answer.headers.get("content-encoding", ""))
    sent = unpacked = 0
    for raw in answer.iter_raw():
        sent += len(raw)
        piece = raw if unpack is None else _unpacked(unpack, raw, most - unpacked + 1)
        unpacked += len(piece)
        if max(sent, unpacked) > most:
            raise FetchFailed(f"the page is larger than {most} bytes")
        yield piece
    if unpack is not None and (not unpack.eof or unpack.unused_data):
        raise FetchFailed("the page's packed content has no end, or more than one")


def _unpacker(encoding: str) -> "zlib._Decompress | None":
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name not in _ENCODINGS:
        raise FetchFailed(f"the server packs the page as {name!r}, which was not asked for")
    return zlib.decompressobj(_ENCODINGS[name])


def _unpacked(unpack: "zlib._Decompress", raw: bytes, most: int) -> bytes:
    try:
        return unpack.decompress(raw, max(most, 1))
    except zlib.error as error:
        raise FetchFailed("the page's packed content is damaged") from error
