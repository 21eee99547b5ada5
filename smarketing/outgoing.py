"""The one door to the outside: every call to an address that somebody typed goes through here, and nothing else may open a socket.

The name is resolved, every address behind it is checked, and the connection goes to a checked address, so that a name that changes
its mind between check and connection gains nothing. No redirects, no proxies from the environment, few ports, short limits; of the
answer only status and size are kept.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpcore
from django.conf import settings
from httpx import URL, InvalidURL, create_ssl_context

CONNECT, WHOLE = 5.0, 10.0  # seconds
LARGEST = 64 * 1024
TRANSLATED = [ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48")]  # an IPv4 address inside an IPv6 one


class Refused(Exception):
    """The address may not be called; the text says why, and repeats nothing of the address."""


class Unreachable(Exception):
    """Nobody answered as agreed: no connection, too slow, too much."""


def host_of(address: str) -> str:
    """The name of the machine that an address asks for."""
    return URL(address).host


@dataclass(frozen=True)
class Answer:
    status: int
    size: int

    @property
    def is_fine(self) -> bool:
        return 200 <= self.status < 300


def post(address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Raises Refused, Unreachable."""
    return _call("POST", address, body, headers)


def get(address: str) -> Answer:
    """Raises Refused, Unreachable."""
    return _call("GET", address, b"", {})


def check(address: str) -> None:
    """Whether the address could be called at all: its form and its port. Where it leads is checked at every call. Raises Refused."""
    _parsed(address)


# Mechanics


def _call(method: str, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    url = _parsed(address)
    until = time.monotonic() + WHOLE
    sent = {"Host": url.netloc.decode(), "User-Agent": "Smarketing", "Accept-Encoding": "identity", **headers}
    if method == "POST":
        sent["Content-Length"] = str(len(body))
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=create_ssl_context(trust_env=False),
                network_backend=_Guarded(until),
                max_connections=1,
                retries=0,
            ) as pool,
            pool.stream(
                method,
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=_port(url), target=url.raw_path or b"/"
                ),
                headers=list(sent.items()),
                content=body or None,
            ) as response,
        ):
            return Answer(response.status, _size(response.iter_stream()))
    except (Refused, Unreachable):
        raise
    except (httpcore.TimeoutException, TimeoutError) as problem:
        raise Unreachable("It took too long.") from problem
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ssl.SSLError) as problem:
        raise Unreachable(f"No connection: {type(problem).__name__}.") from problem


def _parsed(address: str) -> URL:
    try:
        url = URL(address)
    except InvalidURL as problem:
        raise Refused("This is not an address.") from problem
    plain = settings.OUTGOING_PLAIN_HTTP or settings.OUTGOING_LOOPBACK
    if url.scheme not in ("https", "http") or (url.scheme == "http" and not plain) or not url.raw_host:
        raise Refused("The address must begin with https://.")
    if url.userinfo:
        raise Refused("A name or password in the address is not sent.")
    if _port(url) not in (443, 80) and not settings.OUTGOING_LOOPBACK:
        raise Refused("Only the usual port of https is called.")
    return url


def _port(url: URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _size(chunks: Iterable[bytes]) -> int:
    """Read to its end, so that the other side sees that we listened; kept is how much it was."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST:
            raise Unreachable("The answer is too large.")
    return size


class _Guarded(httpcore.SyncBackend):
    """Connects to checked addresses only, and to nothing after `until`."""

    def __init__(self, until: float) -> None:
        self.until = until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        for address in _checked(host, port):
            try:
                stream = super().connect_tcp(address, port, min(CONNECT, _left(self.until)))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as problem:
                failed = problem
            else:
                return _Bounded(stream, self.until)
        raise failed

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        raise Refused("A socket of this machine is never called.")


class _Bounded(httpcore.NetworkStream):
    """A connection on which everything together takes no longer than agreed, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self.stream, self.until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, _left(self.until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, _left(self.until))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The certificate must be that of the name that was asked for, whatever address answers."""
        return _Bounded(
            self.stream.start_tls(ssl_context, server_hostname, min(CONNECT, _left(self.until))), self.until
        )

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise Unreachable("It took too long.")
    return left


def _checked(host: str, port: int) -> list[str]:
    """All addresses of a name, if each of them may be called."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as problem:
        raise Unreachable("The name of the host is not known.") from problem
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(may_be_called(address) for address in addresses):
        raise Refused("The address leads into a private network.")
    return addresses


def may_be_called(address: str) -> bool:
    """Addresses of the public network. What hides an IPv4 address in an IPv6 one is judged by what is hidden."""
    found = _unwrapped(ip_address(address.partition("%")[0]))
    if settings.OUTGOING_LOOPBACK and found.is_loopback:
        return True
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    hidden = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
    if hidden:
        return hidden
    if int(address) >> 32 == 0 and int(address) > 1:  # the old form ::a.b.c.d
        return IPv4Address(int(address))
    return address
