"""Where a call may lead: schemes, ports, and addresses that belong to the public internet.

Pure: resolves nothing. A name says little about where it leads, so names are judged again by the
address that is really connected to (`network.py`).
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from app.errors import BadInput, FieldError

MAX_URL_CHARACTERS = 2_000
DEFAULT_PORTS = {"http": 80, "https": 443}
# what the standard library calls global in some versions, or what hides an IPv4 address
_DENIED_4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: metadata of clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_DENIED_6 = tuple(
    ip_network(block)
    for block in (
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo and other protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
# not even for a host that may be private: nothing of a bank is served from there
_NEVER = tuple(
    ip_network(block)
    for block in ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "fe80::/10", "ff00::/8")
)


class AddressRefused(BadInput):
    code = "address_refused"
    title = "Nothing is fetched from this address"


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """What is allowed beside the public internet on ports 80 and 443.

    `private_hosts` are names, in lower case, that may resolve to addresses of the bank's own net.
    """

    private_hosts: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset({80, 443})

    def allows(self, host: str, address: str) -> bool:
        """Whether this host may be connected to at this address."""
        if is_public(address):
            return True
        return host.lower().rstrip(".") in self.private_hosts and not _is_in(address, _NEVER)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; what is no address does not."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return parsed.is_global and not any(parsed in block for block in _DENIED_4)
    return parsed.is_global and not any(parsed in block for block in _DENIED_6)


def require_allowed(url: str, policy: OutboundPolicy) -> httpx.URL:
    """The parsed address; `AddressRefused` says which of its parts is not allowed."""
    if len(url) > MAX_URL_CHARACTERS:
        raise _refused(f"at most {MAX_URL_CHARACTERS} characters")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise _refused("not an address that can be read") from error
    if parsed.scheme not in DEFAULT_PORTS or not parsed.host:
        raise _refused("must begin with http:// or https:// and name a host")
    if parsed.userinfo:
        raise _refused("must not carry a user name or a password")
    port = parsed.port or DEFAULT_PORTS[parsed.scheme]
    if port not in policy.ports:
        known = ", ".join(str(one) for one in sorted(policy.ports))
        raise _refused(f"port {port} is not one of {known}")
    if _is_number(parsed.host) and not policy.allows(parsed.host, parsed.host):
        raise _refused("leads into a private or reserved network")
    return parsed.copy_with(fragment=None)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_in(address: str, blocks: tuple[object, ...]) -> bool:
    parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    return any(parsed in block for block in blocks)  # type: ignore[operator]  # networks of both kinds


def _refused(rule: str) -> AddressRefused:
    return AddressRefused("The address is not allowed.", errors=(FieldError("url", rule),))
