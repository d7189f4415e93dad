"""Which addresses are public, and which parts of a URL are refused."""

import pytest

from app.outbound import AddressRefused, OutboundPolicy, require_allowed
from app.outbound.addresses import is_public

PRIVATE = """
    127.0.0.1 127.255.255.254 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254
    100.64.0.1 100.127.255.255 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 192.88.99.1
    224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
    64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1::1 2001::1 2001:0:7f00:1::
    fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2001:db8::1 3fff::1 100::1 5f00::1
""".split()  # noqa: SIM905 -- a list of words reads better than a list of strings
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::200e"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_and_reserved_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "2130706433", "0x7f000001", "127.1"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("file:///etc/passwd", "http://"),
        ("ftp://bank.example/a", "http://"),
        ("gopher://bank.example/", "http://"),
        ("//bank.example/a", "http://"),
        ("https://", "name a host"),
        ("https://user:secret@bank.example/", "password"),
        ("https://bank.example:22/", "port 22"),
        ("http://bank.example:8080/", "port 8080 is not one of 80, 443"),
        ("http://127.0.0.1/", "private"),
        ("http://[::1]/", "private"),
        ("http://[::ffff:169.254.169.254]/", "private"),
        ("http://169.254.169.254/latest/meta-data", "private"),
        ("https://bank.example/" + "a" * 2_000, "2000 characters"),
        ("http://bank.example:99999999/", "port 99999999"),
        ("http://bank.example:port/", "can be read"),
    ],
)
def test_a_url_that_may_not_be_called_is_refused_with_the_rule(url: str, rule: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        require_allowed(url, OutboundPolicy())
    (problem,) = refused.value.errors
    assert problem.field == "url"
    assert rule in problem.message


def test_an_allowed_url_loses_its_fragment_and_nothing_else() -> None:
    url = require_allowed("https://Bank.example/Help?a=1#cards", OutboundPolicy())
    assert str(url) == "https://bank.example/Help?a=1"


def test_only_named_hosts_may_be_private_and_never_the_metadata_of_a_cloud() -> None:
    policy = OutboundPolicy(private_hosts=frozenset({"intranet.bank.example"}))
    assert policy.allows("Intranet.bank.example.", "10.1.2.3")
    assert policy.allows("intranet.bank.example", "fd00::5")
    assert not policy.allows("intranet.bank.example", "169.254.169.254")
    assert not policy.allows("intranet.bank.example", "fe80::1")
    assert not policy.allows("evil.intranet.bank.example", "10.1.2.3")
    assert policy.allows("elsewhere.example", "8.8.8.8")
