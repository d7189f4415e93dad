"""One address within limits: size, time, redirects; each hop is judged like the first."""

import gzip
from collections.abc import Iterator

import pytest

from app.outbound import AddressRefused, Fetcher, FetchFailed, FetchLimits, OutboundPolicy
from tests.fixtures.web_server import Answer, WebServer, serving

MEGABYTE = 1024 * 1024


@pytest.fixture
def web() -> Iterator[WebServer]:
    with serving() as server:
        yield server


@pytest.fixture
def fetcher(web: WebServer) -> Iterator[Fetcher]:
    policy = OutboundPolicy(
        private_hosts=frozenset({"127.0.0.1"}), ports=frozenset({80, 443, web.port})
    )
    with Fetcher(policy, FetchLimits(max_bytes=MEGABYTE, seconds=20, redirects=2)) as opened:
        yield opened


def moved(to: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": to})


def test_a_page_is_read_with_its_type(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/a"] = Answer(b"words", headers={"Content-Type": "text/plain"})
    found = fetcher.get(web.url("/a#part"))
    assert (found.url, found.content, found.media_type) == (web.url("/a"), b"words", "text/plain")


def test_a_packed_page_is_unpacked(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/a"] = Answer(gzip.compress(b"words"), headers={"Content-Encoding": "gzip"})
    assert fetcher.get(web.url("/a")).content == b"words"


def test_redirects_are_followed_to_where_they_end(web: WebServer, fetcher: Fetcher) -> None:
    web.pages |= {"/a": moved("/b", 301), "/b": moved(web.url("/c"), 308), "/c": Answer(b"there")}
    found = fetcher.get(web.url("/a"))
    assert (found.content, found.url) == (b"there", web.url("/c"))


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://localhost:{port}/secret",
        "http://127.0.0.1:22/",
        "file:///etc/passwd",
        "http://user:secret@127.0.0.1:{port}/",
    ],
)
def test_no_redirect_leads_where_the_first_address_may_not(
    web: WebServer, fetcher: Fetcher, target: str
) -> None:
    web.pages |= {"/a": moved(target.format(port=web.port)), "/secret": Answer(b"secret")}
    with pytest.raises(AddressRefused):
        fetcher.get(web.url("/a"))
    assert web.asked == ["/a"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(Answer(status=404), "404", id="status"),
        pytest.param(moved("/a"), "more than 2 redirects", id="circle"),
        pytest.param(moved("http://bank.example:port/"), "no address", id="no-address"),
        pytest.param(Answer(b"x" * (MEGABYTE + 1)), str(MEGABYTE), id="size"),
        pytest.param(
            Answer(gzip.compress(b"x" * 40 * MEGABYTE), headers={"Content-Encoding": "gzip"}),
            str(MEGABYTE),
            id="gzip-bomb",
        ),
        pytest.param(
            Answer(gzip.compress(b"words")[:-4], headers={"Content-Encoding": "gzip"}),
            "no end",
            id="cut-off",
        ),
        pytest.param(
            Answer(b"no gzip", headers={"Content-Encoding": "gzip"}), "damaged", id="no-gzip"
        ),
        pytest.param(Answer(b"x", headers={"Content-Encoding": "br"}), "'br'", id="encoding"),
    ],
)
def test_what_cannot_be_read_is_named(
    web: WebServer, fetcher: Fetcher, answer: Answer, reason: str
) -> None:
    web.pages["/a"] = answer
    with pytest.raises(FetchFailed, match=reason):
        fetcher.get(web.url("/a"))


def test_the_time_of_an_address_ends_whatever_the_server_sends(web: WebServer) -> None:
    policy = OutboundPolicy(private_hosts=frozenset({"127.0.0.1"}), ports=frozenset({web.port}))
    web.pages["/a"] = Answer(b"words")
    with (
        Fetcher(policy, FetchLimits(seconds=0)) as opened,
        pytest.raises(FetchFailed, match="in time"),
    ):
        opened.get(web.url("/a"))


def test_nobody_listening_is_a_failure(fetcher: Fetcher, web: WebServer) -> None:
    policy = OutboundPolicy(private_hosts=frozenset({"127.0.0.1"}), ports=frozenset({1}))
    with Fetcher(policy) as opened, pytest.raises(FetchFailed, match="cannot be reached"):
        opened.get("http://127.0.0.1:1/")


def test_proxies_of_the_surroundings_are_not_asked(
    web: WebServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    web.pages["/a"] = Answer(b"words")
    assert fetcher.get(web.url("/a")).content == b"words"
