"""What a site asks robots not to read. Knows the Robots Exclusion Protocol (RFC 9309)."""

from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from app.outbound import Fetcher, FetchFailed
from app.outbound.fetch import USER_AGENT

_MAX_BYTES = 512 * 1024
_LONGEST_DELAY = 5.0  # seconds; a site that asks for more is read this slowly


class Robots:
    """The rules of each site, read once."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, RobotFileParser] = {}

    def require_allowed(self, url: str) -> None:
        """`FetchFailed` where the site asks us not to read this page."""
        if not self._of(url).can_fetch(USER_AGENT, url):
            raise FetchFailed("the site's robots.txt asks not to read this page")

    def delay(self, url: str) -> float:
        """Seconds to wait between two pages of this site."""
        asked = self._of(url).crawl_delay(USER_AGENT)
        return min(float(asked), _LONGEST_DELAY) if asked else 0.0

    def _of(self, url: str) -> RobotFileParser:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._read(f"{site}/robots.txt")
        return self._rules[site]

    def _read(self, url: str) -> RobotFileParser:
        """No file means no rule; a site whose file cannot be read is not read at all (RFC 9309)."""
        rules = RobotFileParser(url)
        try:
            content = self._fetcher.get(url, max_bytes=_MAX_BYTES).content
        except FetchFailed as failed:
            if failed.status is None or not 400 <= failed.status < 500:
                raise FetchFailed(f"robots.txt of the site cannot be read: {failed}") from failed
            content = b""
        rules.parse(content.decode("utf-8", "replace").splitlines())
        return rules
