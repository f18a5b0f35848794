"""For every test: nothing is reached outside loopback, and no setting of the person at the keyboard leaks in."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

os.environ.setdefault("GOMP_SPINCOUNT", "10000")  # as the command line does; read when torch is loaded

LOCAL_NAMES = ("localhost", "", "testserver", None)


def _is_local(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _offline() -> Iterator[None]:
    """Connecting or looking up a name anywhere but here fails the test at once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        lookup = socket.getaddrinfo

        def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
            if not _is_local(host):
                raise OSError(f"a test looked up {host!r}: only loopback is allowed")
            return lookup(host, *args, **kwargs)

        patch.setattr(socket, "getaddrinfo", look_up)
        yield


def _guarded(real: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            raise OSError(f"a test connected to {address!r}: only loopback is allowed")
        return real(self, address)

    return connect


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests set what they need; the weights' cache alone is shared, for it takes long to fill."""
    for name in os.environ:
        if name.startswith("MARKETEER_") and name not in ("MARKETEER_CACHE", "MARKETEER_BENCH_DATA"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
