"""Robots and sitemaps: what a site asks for, and what it names."""

import gzip
from collections.abc import Iterator

import pytest

from app.ingestion.naming import again, name_of_page, within
from app.ingestion.pages import PageReader
from app.ingestion.sitemap import is_sitemap, read_sitemap
from app.outbound import Fetcher, FetchFailed, OutboundPolicy
from knowledge_base.loader import MAX_SLUG_CHARACTERS
from tests.fixtures.web_server import Answer, WebServer, serving


@pytest.fixture
def web() -> Iterator[WebServer]:
    with serving() as server:
        yield server


@pytest.fixture
def fetcher(web: WebServer) -> Iterator[Fetcher]:
    policy = OutboundPolicy(private_hosts=frozenset({"127.0.0.1"}), ports=frozenset({web.port}))
    with Fetcher(policy) as opened:
        yield opened


def urlset(*addresses: str) -> bytes:
    entries = "".join(f"<url><loc>\n{one}\n</loc></url>" for one in addresses)
    return (
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()
    )


def index(*addresses: str) -> bytes:
    entries = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in addresses)
    return f"<sitemapindex>{entries}</sitemapindex>".encode()


def test_robots_are_obeyed_and_read_once(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /private\nCrawl-delay: 99\n")
    web.pages |= {"/a": Answer(b"a"), "/b": Answer(b"b")}
    slept: list[float] = []
    reader = PageReader(fetcher, sleep=slept.append)
    assert [reader.open(web.url(path)).content for path in ("/a", "/b")] == [b"a", b"b"]
    with pytest.raises(FetchFailed, match=r"robots\.txt asks"):
        reader.open(web.url("/private/x"))
    assert web.asked == ["/robots.txt", "/a", "/b"]
    assert slept == [5.0]


def test_our_own_name_in_robots_is_obeyed(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/robots.txt"] = Answer(b"User-agent: SwitchboardBot\nDisallow: /\n")
    with pytest.raises(FetchFailed, match=r"robots\.txt asks"):
        PageReader(fetcher).open(web.url("/a"))


def test_no_robots_is_no_rule_and_a_broken_one_stops(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/a"] = Answer(b"a")
    assert PageReader(fetcher).open(web.url("/a")).content == b"a"
    web.pages["/robots.txt"] = Answer(status=503)
    with pytest.raises(FetchFailed, match=r"robots\.txt of the site cannot be read"):
        PageReader(fetcher).open(web.url("/a"))


def test_sitemaps_are_read_packed_and_nested(web: WebServer, fetcher: Fetcher) -> None:
    pages = [web.url(path) for path in ("/a", "/b", "/c")]
    other = "https://elsewhere.example/x"
    web.pages |= {
        "/index.xml": Answer(index(web.url("/one.xml.gz"), web.url("/two.xml"))),
        "/one.xml.gz": Answer(gzip.compress(urlset(pages[0], pages[1], pages[0]))),
        "/two.xml": Answer(urlset(pages[1], pages[2], other)),
    }
    first = fetcher.get(web.url("/index.xml"))
    assert is_sitemap(first.content)
    listing = read_sitemap(fetcher, first, most=10)
    assert listing.pages == pages
    assert list(listing.refused) == [other]


def test_a_sitemap_that_names_itself_ends(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/index.xml"] = Answer(index(web.url("/index.xml"), web.url("/pages.xml")))
    web.pages["/pages.xml"] = Answer(urlset(web.url("/a")))
    first = fetcher.get(web.url("/index.xml"))
    assert read_sitemap(fetcher, first, most=10).pages == [web.url("/a")]


BOMB = (
    b'<!DOCTYPE u [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    b"<urlset><url><loc>&b;</loc></url></urlset>"
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(urlset(), "names no page", id="empty"),
        pytest.param(b"<urlset><url>", "not valid XML", id="broken"),
        pytest.param(b"<rss><loc>http://a.example</loc></rss>", "not a sitemap", id="other"),
        pytest.param(b"\x1f\x8bno gzip", "damaged", id="no-gzip"),
        pytest.param(BOMB, "names no page", id="entities-are-not-expanded"),
    ],
)
def test_what_is_no_sitemap_is_named(
    web: WebServer, fetcher: Fetcher, content: bytes, reason: str
) -> None:
    web.pages["/s.xml"] = Answer(content)
    with pytest.raises(FetchFailed, match=reason):
        read_sitemap(fetcher, fetcher.get(web.url("/s.xml")), most=10)


def test_a_sitemap_over_the_limit_is_refused_and_not_cut(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/s.xml"] = Answer(urlset(*(web.url(f"/{number}") for number in range(11))))
    with pytest.raises(FetchFailed, match="more than 10 pages"):
        read_sitemap(fetcher, fetcher.get(web.url("/s.xml")), most=10)
    web.pages["/i.xml"] = Answer(index(*(web.url(f"/{number}.xml") for number in range(60))))
    with pytest.raises(FetchFailed, match="more than 50 sitemaps"):
        read_sitemap(fetcher, fetcher.get(web.url("/i.xml")), most=10)


def test_names_are_the_same_for_the_same_page_and_fit() -> None:
    assert name_of_page("https://Bank.example/help/cards/") == "bank.example/help/cards"
    assert name_of_page("http://bank.example/help?id=7") == "bank.example/help?id=7"
    assert len(name_of_page("https://bank.example/" + "a" * 900)) == MAX_SLUG_CHARACTERS
    assert (within("", "a"), within("wiki", "a"), again("a", 1), again("a", 2)) == (
        "a",
        "wiki/a",
        "a",
        "a~2",
    )
