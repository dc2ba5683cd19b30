"""Bounds on what a client may take, each from both sides, on real sockets; after each attack a quote is answered."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import chain, repeat

import pytest

from api.connections import LINGER_SECONDS, RESERVE
from api.protocol import MOST_PIPELINED, RESERVE_SECONDS
from tests.api.sockets import (
    PATIENCE,
    QUOTE,
    Connection,
    Service,
    Truncated,
    assert_quoted,
    assert_refused,
    get,
    get_head,
    post_head,
    quote,
    serving,
)
from tests.api.support import QUOTES

HEAD_BYTES = 2_048
BODY_BYTES = 1_024
HEADER_SECONDS = 0.8
BODY_SECONDS = 1.0
IDLE_SECONDS = 1
CONNECTIONS = 20
SLACK = 2.0
"""Seconds that a bound in time may be late on a busy machine."""

HeadOf = Callable[[int], bytes]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with tight bounds."""
    with serving(
        tmp_path_factory.mktemp("limits"),
        max_header_bytes=HEAD_BYTES,
        max_body_bytes=BODY_BYTES,
        header_seconds=HEADER_SECONDS,
        body_seconds=BODY_SECONDS,
        idle_seconds=IDLE_SECONDS,
    ) as service:
        yield service


@pytest.fixture
def service(running: Service) -> Iterator[Service]:
    """The service; whatever a test did to it, it answers quotes."""
    yield running
    assert_quoted(running.ask(quote()))


@pytest.fixture(scope="module")
def running_crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with few connections and much patience."""
    with serving(tmp_path_factory.mktemp("crowded"), max_connections=CONNECTIONS) as service:
        yield service


@pytest.fixture
def crowded(running_crowded: Service) -> Iterator[Service]:
    """The service while as many connections are open as may be; when they are gone, it answers quotes again."""
    with ExitStack() as crowd:
        for _ in range(CONNECTIONS):
            connection = crowd.enter_context(running_crowded.connect())
            assert connection.send(get("/livez")).answer() is not None
        yield running_crowded
    deadline = time.monotonic() + PATIENCE
    while running_crowded.ask(quote()).status == 503:
        assert time.monotonic() < deadline, "closed connections are still counted"
    assert_quoted(running_crowded.ask(quote()))


# The size of a head


def _long_header(length: int) -> bytes:
    return get("/livez", "X: " + "x" * (length - len(get("/livez", "X: "))))


def _long_target(length: int) -> bytes:
    return get("/livez?" + "x" * (length - len(get("/livez?"))))


def _many_headers(length: int) -> bytes:
    lines = ["a:  "] * ((length - len(get("/livez"))) // len("a:  \r\n") - 1)
    return get("/livez", *lines, "b: " + "x" * (length - len(get("/livez", *lines, "b: "))))


HEADS = pytest.mark.parametrize("head", [_long_header, _long_target, _many_headers])


@HEADS
def test_a_head_of_the_largest_size_is_answered(service: Service, head: HeadOf) -> None:
    request = head(HEAD_BYTES)
    assert len(request) == HEAD_BYTES
    assert service.ask(request).status == 200


@HEADS
def test_a_head_one_byte_larger_is_refused(service: Service, head: HeadOf) -> None:
    with service.connect().send(head(HEAD_BYTES + 1)) as connection:
        assert_refused(connection.answer(), 431, "headers_too_large")
        assert connection.ends()


@HEADS
def test_a_huge_head_is_refused_before_its_end(service: Service, head: HeadOf) -> None:
    with service.connect().send(head(500_000).removesuffix(b"\r\n")) as connection:
        assert_refused(connection.answer(), 431, "headers_too_large")
        assert connection.ends()


def test_a_large_head_is_refused_on_a_connection_that_has_answered(service: Service) -> None:
    with service.connect().send(quote()) as connection:
        assert_quoted(connection.answer())
        assert_refused(connection.send(_long_header(HEAD_BYTES + 1)).answer(), 431, "headers_too_large")
        assert connection.ends()


def test_bodies_do_not_count_as_heads(service: Service) -> None:
    body = QUOTE.ljust(BODY_BYTES)
    with service.connect().send(quote(body=body) * 5 + get("/livez")[:20]) as connection:
        for _ in range(5):
            assert_quoted(connection.answer())
        answer = connection.send(get("/livez")[20:]).answer()
        assert answer is not None
        assert answer.status == 200


# The time a head takes


def test_a_head_in_pieces_is_answered(service: Service) -> None:
    head = get("/livez")
    with service.connect() as connection:
        connection.drip((head[i : i + 6] for i in range(0, len(head), 6)), HEADER_SECONDS / 20)
        answer = connection.answer()
        assert answer is not None
        assert answer.status == 200


@pytest.mark.parametrize("before", [b"", quote()], ids=["first", "second"])
def test_a_head_byte_by_byte_is_refused_in_time(service: Service, before: bytes) -> None:
    with service.connect() as connection:
        if before:
            assert_quoted(connection.send(before).answer())
        seconds = connection.drip((bytes([byte]) for byte in get("/livez", "X: " + "x" * 1_000)), 0.02)
        assert HEADER_SECONDS - 0.05 <= seconds < HEADER_SECONDS + SLACK
        assert_refused(connection.answer(), 408, "request_timeout")
        assert connection.ends()


def test_a_head_that_begins_with_the_request_before_is_refused_in_time(service: Service) -> None:
    started = time.monotonic()
    with service.connect().send(quote() + get("/livez")[:10]) as connection:
        assert_quoted(connection.answer())
        assert_refused(connection.answer(), 408, "request_timeout")
        assert HEADER_SECONDS - 0.05 <= time.monotonic() - started < HEADER_SECONDS + SLACK
        assert connection.ends()


def test_a_connection_that_sends_nothing_is_closed_in_time(service: Service) -> None:
    started = time.monotonic()
    with service.connect() as connection:
        assert connection.ends()
    assert HEADER_SECONDS - 0.05 <= time.monotonic() - started < HEADER_SECONDS + SLACK


def test_an_idle_connection_is_closed_in_time(service: Service) -> None:
    with service.connect() as connection:
        assert_quoted(connection.send(quote()).answer())
        started = time.monotonic()
        assert connection.ends()
    assert IDLE_SECONDS - 0.05 <= time.monotonic() - started < IDLE_SECONDS + SLACK


def test_a_connection_in_use_stays_open(service: Service) -> None:
    with service.connect() as connection:
        for _ in range(4):
            assert_quoted(connection.send(quote()).answer())
            time.sleep(IDLE_SECONDS * 0.4)
        assert_quoted(connection.send(quote()).answer())


def test_empty_lines_do_not_keep_a_connection_open(service: Service) -> None:
    with service.connect() as connection:
        assert_quoted(connection.send(quote()).answer())
        assert connection.drip(repeat(b"\r\n"), 0.02) < HEADER_SECONDS + SLACK


# Bodies


def test_a_body_of_the_largest_size_is_answered(service: Service) -> None:
    assert_quoted(service.ask(quote(body=QUOTE.ljust(BODY_BYTES))))


def test_a_body_one_byte_larger_is_refused(service: Service) -> None:
    with service.connect().send(quote(body=QUOTE.ljust(BODY_BYTES + 1))) as connection:
        assert_refused(connection.answer(), 413, "body_too_large", QUOTES)
        assert connection.ends()


def test_a_large_body_is_refused_by_its_declared_length(service: Service) -> None:
    with service.connect().send(post_head(f"Content-Length: {BODY_BYTES + 1}")) as connection:
        assert_refused(connection.answer(), 413, "body_too_large", QUOTES)
        assert connection.ends()


def _chunked(body: bytes, size: int) -> bytes:
    pieces = (body[i : i + size] for i in range(0, len(body), size))
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return post_head("Transfer-Encoding: chunked") + chunks


@pytest.mark.parametrize("size", [1, 300, BODY_BYTES])
def test_chunks_of_the_largest_size_together_are_answered(service: Service, size: int) -> None:
    assert_quoted(service.ask(_chunked(QUOTE.ljust(BODY_BYTES), size) + b"0\r\n\r\n"))


@pytest.mark.parametrize("size", [1, 300, BODY_BYTES + 1])
def test_chunks_one_byte_larger_are_refused_before_their_end(service: Service, size: int) -> None:
    with service.connect().send(_chunked(QUOTE.ljust(BODY_BYTES + 1), size)) as connection:
        assert_refused(connection.answer(), 413, "body_too_large", QUOTES)
        assert connection.ends()


def test_a_client_that_is_still_sending_gets_its_refusal(service: Service) -> None:
    with service.connect().send(quote(body=b" " * 4_000_000)) as connection:
        assert_refused(connection.answer(), 413, "body_too_large", QUOTES)
        assert connection.ends()


def test_a_client_that_never_stops_sending_is_cut_off(service: Service) -> None:
    with service.connect().send(post_head("Content-Length: 1000000000")) as connection:
        assert_refused(connection.answer(), 413, "body_too_large", QUOTES)
        started = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() - started < PATIENCE:
                connection.send(b" " * 1_000)
        assert time.monotonic() - started < LINGER_SECONDS + SLACK


@pytest.mark.parametrize(
    "start", [b"7;" + b"x" * 2 * HEAD_BYTES, b"0\r\n" + b"x: y\r\n" * HEAD_BYTES, b"0\r\nx: " + b"y" * 2 * HEAD_BYTES]
)
def test_what_stands_between_pieces_of_a_body_is_bounded(service: Service, start: bytes) -> None:
    with service.connect().send(post_head("Transfer-Encoding: chunked") + start) as connection:
        assert_refused(connection.answer(), 431, "headers_too_large")
        assert connection.ends()


def test_a_body_in_pieces_is_answered(service: Service) -> None:
    with service.connect().send(post_head(f"Content-Length: {len(QUOTE)}")) as connection:
        connection.drip((QUOTE[i : i + 12] for i in range(0, len(QUOTE), 12)), BODY_SECONDS / 20)
        assert_quoted(connection.answer())
        assert_quoted(connection.send(quote()).answer())


@pytest.mark.parametrize("encoding", [f"Content-Length: {BODY_BYTES}", "Transfer-Encoding: chunked"])
def test_a_body_byte_by_byte_is_refused_in_time(service: Service, encoding: str) -> None:
    piece = b" " if "Length" in encoding else b"1\r\n \r\n"
    with service.connect().send(post_head(encoding)) as connection:
        seconds = connection.drip(repeat(piece), 0.02)
        assert BODY_SECONDS - 0.05 <= seconds < BODY_SECONDS + SLACK
        assert_refused(connection.answer(), 408, "request_timeout", QUOTES)
        assert connection.ends()


def test_a_body_that_never_comes_is_refused_in_time(service: Service) -> None:
    started = time.monotonic()
    with service.connect().send(post_head(f"Content-Length: {len(QUOTE)}")) as connection:
        assert_refused(connection.answer(), 408, "request_timeout", QUOTES)
        assert BODY_SECONDS - 0.05 <= time.monotonic() - started < BODY_SECONDS + SLACK
        assert connection.ends()


def test_a_body_that_nobody_reads_is_not_waited_for(service: Service) -> None:
    with service.connect().send(get("/livez", "Content-Length: 1000000")) as connection:
        answer = connection.answer()
        assert answer is not None
        assert (answer.status, answer.closes) == (200, True)
        assert connection.ends()


def test_a_body_is_asked_for_where_the_client_expects_that(service: Service) -> None:
    with service.connect().send(post_head("Expect: 100-continue", f"Content-Length: {len(QUOTE)}")) as connection:
        go_on = connection.answer()
        assert go_on is not None
        assert go_on.status == 100
        assert_quoted(connection.send(QUOTE).answer())


def test_a_body_is_not_asked_for_in_http_1_0(service: Service) -> None:
    head, _, body = quote("Expect: 100-continue", version="1.0").partition(b"\r\n\r\n")
    with service.connect().send(head + b"\r\n\r\n") as connection:
        time.sleep(0.2)
        assert_quoted(connection.send(body).answer())


def test_a_large_body_is_not_asked_for(service: Service) -> None:
    head = post_head("Expect: 100-continue", f"Content-Length: {BODY_BYTES + 1}")
    with service.connect().send(head) as connection:
        assert_refused(connection.answer(), 413, "body_too_large", QUOTES)


# Connections


def test_above_the_limit_requests_are_refused(crowded: Service) -> None:
    with crowded.connect().send(quote()) as connection:
        assert_refused(connection.answer(), 503, "too_many_connections", QUOTES)
        assert connection.ends()


@pytest.mark.parametrize("probe", ["/livez", "/readyz"])
def test_above_the_limit_probes_are_answered(crowded: Service, probe: str) -> None:
    with crowded.connect().send(get(probe)) as connection:
        answer = connection.answer()
        assert answer is not None
        assert (answer.status, answer.closes) == (200, True)
        assert connection.ends()


def test_above_the_limit_silence_is_refused_soon(crowded: Service) -> None:
    started = time.monotonic()
    with crowded.connect() as connection:
        assert_refused(connection.answer(), 503, "too_many_connections")
        assert connection.ends()
    assert time.monotonic() - started < RESERVE_SECONDS + SLACK


def test_in_a_flood_of_connections_probes_are_answered(crowded: Service) -> None:
    started = time.monotonic()
    with ExitStack() as flood:
        silent = [flood.enter_context(crowded.connect()) for _ in range(RESERVE * 2)]
        for _ in range(10):
            assert crowded.ask(get("/livez")).status == 200
        assert_refused(silent[0].answer(), 503, "too_many_connections")
        assert time.monotonic() - started < RESERVE_SECONDS, "the oldest gives way at once"
        for connection in silent[1:]:
            assert_refused(connection.answer(), 503, "too_many_connections")
            assert connection.ends()


def test_up_to_the_limit_requests_are_answered(running_crowded: Service) -> None:
    with ExitStack() as crowd:
        connections = [crowd.enter_context(running_crowded.connect()) for _ in range(CONNECTIONS)]
        for connection in connections * 2:
            assert_quoted(connection.send(quote()).answer())


# HTTP


def test_requests_that_come_together_are_answered_in_order(service: Service) -> None:
    targets = [f"/v1/{number}" for number in range(20)]
    with service.connect().send(b"".join(map(get, targets)) + quote()) as connection:
        for target in targets:
            answer = connection.answer()
            assert answer is not None
            assert answer.json["instance"] == target
        assert_quoted(connection.answer())


def test_so_many_requests_may_come_together(service: Service) -> None:
    with service.connect().send(get("/livez") * (MOST_PIPELINED + 1)) as connection:
        answers = [connection.answer() for _ in range(MOST_PIPELINED + 1)]
        assert {answer.status for answer in answers if answer} == {200}
        assert_quoted(connection.send(quote()).answer())


def test_the_first_beyond_that_is_refused(service: Service) -> None:
    with service.connect().send(get("/livez") * (MOST_PIPELINED + 20)) as connection:
        answers = [connection.answer() for _ in range(MOST_PIPELINED + 1)]
        assert {answer.status for answer in answers if answer} == {200}
        assert_refused(connection.answer(), 503, "overloaded")
        assert connection.ends()


@pytest.mark.parametrize("lines", [(), ("Connection: keep-alive",)])
def test_http_1_0_is_answered_and_closed(service: Service, lines: tuple[str, ...]) -> None:
    with service.connect().send(quote(*lines, version="1.0")) as connection:
        answer = connection.answer()
        assert_quoted(answer)
        assert answer is not None
        assert answer.closes
        assert connection.ends()


def test_a_client_that_asks_to_close_is_answered_and_closed(service: Service) -> None:
    with service.connect().send(quote("Connection: close")) as connection:
        assert_quoted(connection.answer())
        assert connection.ends()


def test_a_client_that_has_closed_its_side_is_answered(service: Service) -> None:
    with service.connect().send(get("/livez") + quote()) as connection:
        connection.socket.shutdown(socket.SHUT_WR)
        assert connection.answer() is not None
        assert_quoted(connection.answer())
        assert connection.ends()


def test_an_upgrade_is_not_taken(service: Service) -> None:
    upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")
    with service.connect().send(quote(*upgrade) * 2 + get("/livez", *upgrade) + quote()) as connection:
        assert_quoted(connection.answer())
        assert_quoted(connection.answer())
        answer = connection.answer()
        assert answer is not None
        assert answer.status == 200
        assert_quoted(connection.answer())


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00",
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /livez HTTP/9.9\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nX: a\x00b\r\n\r\n",
        b"GET /\xe1\x9e\x80 HTTP/1.1\r\nHost: test\r\n\r\n",
        b"CONNECT test:443 HTTP/1.1\r\nHost: test\r\n\r\n",
        post_head("Content-Length: 5", "Content-Length: 6") + b"12345",
        post_head("Content-Length: -1"),
        post_head("Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
        post_head("Transfer-Encoding: chunked") + b"not a size\r\n",
        post_head("Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
        post_head("Transfer-Encoding: identity, chunked") + b"0\r\n\r\n",
        post_head("Transfer-Encoding: chunked").replace(b"HTTP/1.1", b"HTTP/1.0") + b"0\r\n\r\n",
        b"GET /livez HTTP/2.0\r\nHost: test\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused(service: Service, garbage: bytes) -> None:
    with service.connect().send(garbage) as connection:
        assert_refused(connection.answer(), 400, "malformed_http")
        assert connection.ends()


@pytest.mark.parametrize(
    ("line", "head"),
    [
        (b"GET /livez HTTP/1.1\r\n", b"X-Request-Id: mine-1\r\n"),  # no host
        (b"POST /v1/mba/quotes HTTP/1.1\r\n", b"X-Request-Id: mine-1\r\nContent-Length: 5 5\r\n"),
        (b"GET /livez HTTP/1.1\r\n", b"X-Request-Id: mine-1\r\nA: " + b"a" * HEAD_BYTES + b"\r\n"),
    ],
)
def test_a_refusal_has_the_request_id_that_has_come(service: Service, line: bytes, head: bytes) -> None:
    with service.connect().send(line + head + b"\r\n") as connection:
        answer = connection.answer()
        assert answer is not None
        assert answer.headers["x-request-id"] == "mine-1"


def test_a_body_that_turns_into_nonsense_is_refused_with_a_request_id(service: Service) -> None:
    chunks = post_head("Transfer-Encoding: chunked", "X-Request-Id: mine-1")
    for pieces in ([chunks + b"1\r\n{\r\nnonsense"], [chunks + b"1\r\n{\r\n", b"nonsense"]):
        with service.connect() as connection:
            for piece in pieces:
                connection.send(piece)
                time.sleep(0.05)
            answer = connection.answer()
            assert_refused(answer, 400, "malformed_http")
            assert answer is not None
            assert answer.headers["x-request-id"] == "mine-1"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_two_hosts_are_refused(service: Service, version: str) -> None:
    with service.connect().send(get("/livez", "Host: test", version=version)) as connection:
        assert_refused(connection.answer(), 400, "malformed_http")
        assert connection.ends()


def test_http_1_1_needs_a_host_and_http_1_0_does_not(service: Service) -> None:
    with service.connect().send(quote() + b"GET /livez HTTP/1.1\r\n\r\n") as connection:
        assert_quoted(connection.answer())
        assert_refused(connection.answer(), 400, "malformed_http")
        assert connection.ends()
    assert service.ask(b"GET /livez HTTP/1.0\r\n\r\n").status == 200


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (get_head("/" + "x" * 2 * HEAD_BYTES), 431),
        (b"HEAD /livez HTTP/1.1\r\n\r\n", 400),
        (b"HEAD /livez HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (get_head("/livez")[:-4], 408),
        (b"HEAD /livez HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", 400),
    ],
    ids=["large", "no host", "malformed", "late", "body"],
)
def test_a_refusal_of_head_has_no_body(service: Service, request_bytes: bytes, status: int) -> None:
    with service.connect().send(request_bytes) as connection:
        received = connection.rest()
    assert received.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\ncontent-type: application/problem+json\r\n" in received
    assert received.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("follows", [b"nonsense\r\n\r\n", get("/livez")[:-4], b"\r\n"])
def test_a_refusal_after_head_has_a_body(service: Service, follows: bytes) -> None:
    with service.connect().send(get_head("/livez")) as connection:
        assert connection.socket.recv(65_536).startswith(b"HTTP/1.1 200 ")
        refusal = connection.send(follows).rest()
    assert refusal.startswith(b"HTTP/1.1 40")
    assert refusal.endswith(b"}")


@pytest.mark.parametrize("garbage", [b"nonsense\r\n\r\n", post_head("Transfer-Encoding: chunked") + b"nonsense\r\n"])
def test_requests_before_nonsense_are_answered(service: Service, garbage: bytes) -> None:
    with service.connect().send(quote() + get("/livez") + garbage) as connection:
        assert_quoted(connection.answer())
        answer = connection.answer()
        assert answer is not None
        assert answer.status == 200
        assert_refused(connection.answer(), 400, "malformed_http")
        assert connection.ends()


def test_a_request_that_turns_into_nonsense_is_not_worked_on(service: Service) -> None:
    with service.connect().send(post_head("Transfer-Encoding: chunked") + b"nonsense\r\n") as connection:
        assert_refused(connection.answer(), 400, "malformed_http")
        in_flight = service.ask(get("/metrics")).body.partition(b"\nrielquote_requests_in_flight ")[2]
        assert in_flight.startswith(b"1.0\n"), "more than the question itself"


def test_nonsense_without_end_is_cut_off(service: Service) -> None:
    with service.connect() as connection:
        assert connection.drip(chain([b"nonsense\r\n\r\n"], repeat(b"x" * 1_000)), 0.02) < SLACK
        assert_refused(connection.answer(), 400, "malformed_http")
        assert connection.ends()


CONTRACTS = 100
"""Answers of /openapi.json that no buffer between service and client holds."""


def _read_contracts(connection: Connection, pause: float) -> None:
    for _ in range(CONTRACTS):
        answer = connection.answer()
        assert answer is not None
        assert answer.status == 200
        time.sleep(pause)


def test_a_client_that_reads_slowly_is_answered(service: Service) -> None:
    with service.connect().send(get("/openapi.json") * CONTRACTS) as connection:
        _read_contracts(connection, IDLE_SECONDS / 50)


def test_a_client_that_does_not_read_is_cut_off(service: Service) -> None:
    with service.connect().send(get("/openapi.json") * CONTRACTS) as connection:
        time.sleep(IDLE_SECONDS * 1.5)
        with pytest.raises(Truncated):
            _read_contracts(connection, 0)
