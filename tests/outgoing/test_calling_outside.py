"""Calls to the outside reach the public network and nothing else, follow nobody, wait for nobody long, and keep nothing."""

import contextlib
import datetime
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from smarketing import outgoing, sealing
from smarketing.outgoing import Refused, Unreachable
from tests.listener import listening

PRIVATE = [
    "https://127.0.0.1/", "https://localhost/", "https://127.1/", "https://0177.0.0.1/", "https://0x7f.0.0.1/", "https://0x7f000001/",
    "https://2130706433/", "https://017700000001/", "https://0/", "https://0.0.0.0/", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2002:c0a8:101::1]/",
    "https://10.0.0.8/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/",
    "https://[fe80::1]/", "https://[fd00::1]/", "https://[fec0::1]/", "https://224.0.0.1/", "https://255.255.255.255/", "https://240.0.0.1/",
    "https://192.0.2.1/", "https://198.18.0.1/", "https://[2001:db8::1]/", "https://[ff02::1]/", "https://127.0.0.1./",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_leads_inside_is_refused(address):
    with pytest.raises((Refused, Unreachable)) as problem:
        outgoing.get(address)

    assert "127" not in str(problem.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "https://", "//example.com/", "",
        "https://example.com:22/", "https://example.com:6379/", "https://user:pass@example.com/", "https://exa\nmple.com/", "unix:///tmp/x",
    ],
)  # fmt: skip
def test_an_address_of_the_wrong_form_is_refused(address):
    with pytest.raises(Refused):
        outgoing.check(address)


def test_plain_http_is_called_only_when_it_is_allowed(settings):
    settings.OUTGOING_PLAIN_HTTP = True

    outgoing.check("http://example.com/")
    with pytest.raises(Refused):
        outgoing.check("http://example.com:8080/")


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_the_public_network_may_be_called(address):
    assert outgoing.may_be_called(address)


@pytest.fixture
def resolver(monkeypatch):
    """`resolver(["93.184.215.14"], ["127.0.0.1"])`: what the name's server says the first time, the second time, ..."""
    asked, tried = [], []

    def resolving(*answers):
        left = list(answers)

        def getaddrinfo(host, port, *_, **__):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port)) for found in left.pop(0)]

        def create_connection(address, *_, **__):
            tried.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(socket, "create_connection", create_connection)
        return asked, tried

    return resolving


def test_a_name_that_changes_its_mind_is_asked_once_and_called_where_it_was_checked(resolver):
    asked, tried = resolver(["93.184.215.14"], ["127.0.0.1"])

    with pytest.raises(Unreachable):
        outgoing.get("https://rebind.example/")

    assert asked == ["rebind.example"]
    assert tried == [("93.184.215.14", 443)]


def test_a_name_with_one_private_address_among_public_ones_is_not_called_at_all(resolver):
    _, tried = resolver(["93.184.215.14", "10.0.0.1"])

    with pytest.raises(Refused):
        outgoing.get("https://mixed.example/")

    assert tried == []


@pytest.fixture
def listener(settings):
    settings.OUTGOING_LOOPBACK = True
    with listening() as heard:
        yield heard


def test_what_is_posted_arrives_and_of_the_answer_status_and_size_are_kept(listener):
    answer = outgoing.post(listener.address, b'{"a": 1}', {"Content-Type": "application/json"})

    path, headers, body = listener.heard[0]
    assert (answer.status, answer.size, answer.is_fine) == (200, 4, True)
    assert (path, body, headers["content-type"]) == ("/hook", b'{"a": 1}', "application/json")
    assert headers["host"] in listener.address


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_sends_us_elsewhere(listener, status):
    listener.status, listener.headers = status, {"Location": "http://169.254.169.254/"}

    answer = outgoing.post(listener.address, b"x", {})

    assert (answer.status, answer.is_fine, len(listener.heard)) == (status, False, 1)


def test_an_answer_that_does_not_end_is_not_read_to_its_end(listener):
    listener.answer = b"x" * (outgoing.LARGEST + 1)

    with pytest.raises(Unreachable, match="too large"):
        outgoing.get(listener.address)


def test_loopback_stays_closed_unless_a_test_opens_it(listener, settings):
    settings.OUTGOING_LOOPBACK, settings.OUTGOING_PLAIN_HTTP = False, True

    with pytest.raises(Refused):
        outgoing.get(listener.address)

    assert listener.heard == []


@pytest.fixture
def slow(settings, monkeypatch):
    """Sends a byte of a header now and then, for ever."""
    settings.OUTGOING_LOOPBACK = True
    monkeypatch.setattr(outgoing, "WHOLE", 0.6)
    server, done = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def drip():
        connection, _ = server.accept()
        with connection:
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not done.wait(0.05):
                    connection.sendall(b"x")
            except OSError:
                return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    done.set()
    server.close()
    thread.join()


def test_who_drips_slowly_does_not_hold_us(slow):
    with pytest.raises(Unreachable, match="too long"):
        outgoing.get(slow)


def test_a_certificate_that_nobody_vouches_for_is_not_believed(settings, tmp_path):
    settings.OUTGOING_LOOPBACK = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path / "cert.pem"))
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = server.accept()
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as tls:
            tls.recv(10)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with pytest.raises(Unreachable):
        outgoing.get(f"https://127.0.0.1:{server.getsockname()[1]}/")
    thread.join()
    server.close()


def _certificate(path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_what_is_sealed_comes_back_and_is_not_readable(settings):
    sealed = sealing.seal("https://hooks.example/T1/secret")

    assert "secret" not in sealed
    assert sealing.unseal(sealed) == "https://hooks.example/T1/secret"
    settings.SEALING_KEY = "another key"
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed)
