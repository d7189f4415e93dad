"""Connections are checked when they are made: by the address, not by the name."""

from collections.abc import Sequence
from typing import Any

import httpcore
import pytest

from app.outbound import AddressRefused, Fetcher, FetchFailed, OutboundPolicy
from app.outbound.network import CheckedBackend


class Recorded(httpcore.MockBackend):
    """Says a page to whoever connects, and remembers the address that was connected to."""

    def __init__(self, *, refuse: Sequence[str] = ()) -> None:
        super().__init__([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwords"])
        self.connected: list[str] = []
        self._refuse = refuse

    def connect_tcp(self, host: str, *args: Any, **options: Any) -> httpcore.NetworkStream:
        self.connected.append(host)
        if host in self._refuse:
            raise httpcore.ConnectError("nobody listens")
        return super().connect_tcp(host, *args, **options)


def fetcher(resolve: Any, inner: httpcore.NetworkBackend) -> Fetcher:
    policy = OutboundPolicy(private_hosts=frozenset({"intranet.example"}))
    return Fetcher(policy, backend=CheckedBackend(policy, resolve=resolve, inner=inner))


def test_the_address_that_was_judged_is_the_one_connected_to() -> None:
    inner = Recorded()
    with fetcher(lambda *_: ["93.184.216.34"], inner) as opened:
        assert opened.get("http://bank.example/").content == b"words"
    assert inner.connected == ["93.184.216.34"]


def test_a_name_that_changes_its_address_gains_nothing() -> None:
    """Rebinding: public when asked first, private when asked again. It is asked once."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    inner = Recorded()
    with fetcher(lambda *_: next(answers), inner) as opened:
        opened.get("http://rebinding.example/")
    assert inner.connected == ["93.184.216.34"]
    with fetcher(lambda *_: next(answers), inner) as opened, pytest.raises(AddressRefused):
        opened.get("http://rebinding.example/")
    assert inner.connected == ["93.184.216.34"]


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::ffff:7f00:1"])
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    inner = Recorded()
    with fetcher(lambda *_: [address], inner) as opened, pytest.raises(AddressRefused) as refused:
        opened.get("http://bank.example/")
    assert "private" in refused.value.errors[0].message
    assert inner.connected == []


def test_of_several_addresses_only_the_public_ones_are_tried() -> None:
    inner = Recorded(refuse=["8.8.8.8"])
    with fetcher(lambda *_: ["10.0.0.1", "8.8.8.8", "1.1.1.1"], inner) as opened:
        opened.get("http://bank.example/")
    assert inner.connected == ["8.8.8.8", "1.1.1.1"]


def test_a_host_named_by_the_operator_may_be_private() -> None:
    inner = Recorded()
    with fetcher(lambda *_: ["10.0.0.1"], inner) as opened:
        opened.get("http://intranet.example/")
    assert inner.connected == ["10.0.0.1"]


def test_a_name_without_an_address_is_a_failure_and_no_refusal() -> None:
    def unknown(*_: object) -> list[str]:
        raise OSError("no such name")

    with fetcher(unknown, Recorded()) as opened, pytest.raises(FetchFailed, match="cannot be"):
        opened.get("http://nowhere.example/")


def test_unix_sockets_are_never_opened() -> None:
    with pytest.raises(NotImplementedError):
        CheckedBackend(OutboundPolicy()).connect_unix_socket("/var/run/docker.sock")
