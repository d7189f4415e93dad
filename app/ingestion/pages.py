"""Read pages of the web politely: what robots.txt allows, no faster than it asks."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from app.config import OutboundSettings
from app.ingestion.robots import Robots
from app.outbound import Fetched, Fetcher, OutboundPolicy

MAX_PAGES = 1_000  # of one sitemap


def policy_of(settings: OutboundSettings) -> OutboundPolicy:
    """What the operator allows beside the public internet."""
    hosts = frozenset(host.lower().rstrip(".") for host in settings.private_hosts)
    return OutboundPolicy(private_hosts=hosts, ports=frozenset(settings.ports))


class PageReader:
    """Reads one page after the other; `FetchFailed` or `AddressRefused` say why one cannot be."""

    def __init__(self, fetcher: Fetcher, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._fetcher = fetcher
        self._robots = Robots(fetcher)
        self._sleep = sleep
        self._last_site = ""

    def open(self, url: str) -> Fetched:
        """The page, if its site wants it read; a redirect may lead to another site."""
        self._robots.require_allowed(url)
        site = urlsplit(url).netloc
        delay = self._robots.delay(url)
        if delay and site == self._last_site:
            self._sleep(delay)
        self._last_site = site
        return self._fetcher.get(url)
