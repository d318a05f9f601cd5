"""interop-server under the cases of gRPC's interoperability suite, with grpcio as the client: plain, TLS, unix socket."""

import random
import signal

import grpc
import pytest

from authority import Authority
from interop_api import (
    RAW, SECONDS, TEST_SERVICE, UNIMPLEMENTED_SERVICE, Feed, InteropServer, Stub, message, unpacking,
)

Empty = message("grpc.testing.Empty")
SimpleRequest = message("SimpleRequest")
InputRequest = message("StreamingInputCallRequest")
OutputRequest = message("StreamingOutputCallRequest")

LARGE_REQUEST, LARGE_RESPONSE = 271_828, 314_159
REQUEST_SIZES = [27_182, 8, 1828, 45_904]
RESPONSE_SIZES = [31_415, 9, 2653, 58_979]
INITIAL = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
TRAILING = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")
SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"


class Client:
    """grpcio's side of a transport."""

    def __init__(self, server, target=None):
        self.server = server
        self.target = target
        self.channel = server.channel(target=target)
        self.raw_channel = server.channel(RAW, target=target)
        self.stub = Stub(self.channel, TEST_SERVICE)
        self.raw = Stub(self.raw_channel, TEST_SERVICE, deserialize=unpacking)

    def close(self):
        self.channel.close()
        self.raw_channel.close()


@pytest.fixture(scope="module", params=["plain", "tls", "unix"])
def client(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    socket = folder / "interop.sock"
    server = InteropServer(f"--socket={socket}", authority=Authority(folder) if request.param == "tls" else None)
    assert server.line() == f"listening on unix:{socket}"
    client = Client(server, f"unix:{socket}" if request.param == "unix" else None)
    yield client
    client.close()
    assert server.stop() == 0


@pytest.fixture
def stub(client):
    return client.stub


def payload(size, byte=b"\0"):
    return {"body": byte * size}


def large_request(**fields):
    return SimpleRequest(response_size=LARGE_RESPONSE, payload=payload(LARGE_REQUEST), **fields)


def sizes(responses):
    return [len(response.payload.body) for response in responses]


def asking(*response_sizes, request_size=0, **fields):
    return OutputRequest(
        response_parameters=[{"size": size} for size in response_sizes], payload=payload(request_size), **fields)


def test_empty_unary(stub):
    assert stub.EmptyCall(Empty(), timeout=SECONDS) == Empty()


def test_large_unary(stub):
    response = stub.UnaryCall(large_request(), timeout=SECONDS)
    assert response.payload.body == bytes(LARGE_RESPONSE)


def test_cacheable_unary(stub):
    response, call = stub.CacheableUnaryCall.with_call(
        SimpleRequest(payload=payload(20)), timeout=SECONDS, metadata=[("x-user-ip", "1.2.3.4")])
    assert int(response.payload.body) > 0
    assert dict(call.initial_metadata())["cache-control"] == "max-age=60, public"


def test_client_compressed_unary(stub):
    with pytest.raises(grpc.RpcError) as caught:
        stub.UnaryCall(large_request(expect_compressed={"value": True}), timeout=SECONDS)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    for is_compressed, compression in [(True, grpc.Compression.Gzip), (False, grpc.Compression.NoCompression)]:
        request = large_request(expect_compressed={"value": is_compressed})
        response = stub.UnaryCall(request, timeout=SECONDS, compression=compression)
        assert response.payload.body == bytes(LARGE_RESPONSE)
    with pytest.raises(grpc.RpcError) as caught:
        stub.UnaryCall(large_request(expect_compressed={"value": False}), timeout=SECONDS,
                       compression=grpc.Compression.Gzip)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("is_compressed", [True, False])
def test_server_compressed_unary(client, is_compressed):
    response, was_compressed = client.raw.UnaryCall(
        large_request(response_compressed={"value": is_compressed}), timeout=SECONDS)
    assert response.payload.body == bytes(LARGE_RESPONSE)
    assert was_compressed == is_compressed


def test_client_streaming(stub):
    requests = (InputRequest(payload=payload(size)) for size in REQUEST_SIZES)
    assert stub.StreamingInputCall(requests, timeout=SECONDS).aggregated_payload_size == 74_922


def test_client_compressed_streaming(stub):
    with pytest.raises(grpc.RpcError) as caught:
        stub.StreamingInputCall(
            iter([InputRequest(payload=payload(27_182), expect_compressed={"value": True})]), timeout=SECONDS)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    # grpcio has no option to leave one message uncompressed, but does so when it would not become smaller.
    noise = random.Random(1).randbytes(45_904)
    requests = [
        InputRequest(payload=payload(27_182), expect_compressed={"value": True}),
        InputRequest(payload={"body": noise}, expect_compressed={"value": False}),
    ]
    response = stub.StreamingInputCall(iter(requests), timeout=SECONDS, compression=grpc.Compression.Gzip)
    assert response.aggregated_payload_size == 73_086


def test_server_streaming(stub):
    assert sizes(stub.StreamingOutputCall(asking(*RESPONSE_SIZES), timeout=SECONDS)) == RESPONSE_SIZES


@pytest.mark.parametrize("flags", [(True, False), (False, True), (True, True), (False, False)])
def test_server_compressed_streaming(client, flags):
    expected = list(zip([31_415, 92_653], flags))
    request = OutputRequest(
        response_parameters=[{"size": size, "compressed": {"value": flag}} for size, flag in expected])
    responses = client.raw.StreamingOutputCall(request, timeout=SECONDS)
    assert [(len(response.payload.body), flag) for response, flag in responses] == expected


def test_compression_message_by_message_in_full_duplex(client):
    feed = Feed()
    responses = client.raw.FullDuplexCall(feed, timeout=SECONDS)
    for flag in [False, True, False, True]:
        feed.send(OutputRequest(response_parameters=[{"size": 500, "compressed": {"value": flag}}]))
        response, was_compressed = next(responses)
        assert (len(response.payload.body), was_compressed) == (500, flag)
    feed.close()
    assert list(responses) == []


def test_ping_pong(stub):
    feed = Feed()
    responses = stub.FullDuplexCall(feed, timeout=SECONDS)
    for request_size, response_size in zip(REQUEST_SIZES, RESPONSE_SIZES):
        feed.send(asking(response_size, request_size=request_size))
        assert len(next(responses).payload.body) == response_size
    feed.close()
    assert list(responses) == []
    assert responses.code() == grpc.StatusCode.OK


def test_empty_stream(stub):
    assert list(stub.FullDuplexCall(iter([]), timeout=SECONDS)) == []


def test_half_duplex(stub):
    feed = Feed()
    responses = stub.HalfDuplexCall(feed, timeout=SECONDS)
    for request_size, response_size in zip(REQUEST_SIZES, RESPONSE_SIZES):
        feed.send(asking(response_size, request_size=request_size))
    feed.close()
    assert sizes(responses) == RESPONSE_SIZES


def test_responses_wait_as_long_as_asked(stub):
    request = OutputRequest(response_parameters=[{"size": 1, "interval_us": 60_000}] * 3)
    with pytest.raises(grpc.RpcError) as caught:
        list(stub.StreamingOutputCall(request, timeout=0.1))
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert sizes(stub.StreamingOutputCall(request, timeout=SECONDS)) == [1, 1, 1]


def test_custom_metadata(stub):
    response, call = stub.UnaryCall.with_call(large_request(), timeout=SECONDS, metadata=[INITIAL, TRAILING])
    assert len(response.payload.body) == LARGE_RESPONSE
    assert INITIAL in call.initial_metadata() and TRAILING in call.trailing_metadata()
    request = asking(LARGE_RESPONSE, request_size=LARGE_REQUEST)
    stream = stub.FullDuplexCall(iter([request]), timeout=SECONDS, metadata=[INITIAL, TRAILING])
    assert sizes(stream) == [LARGE_RESPONSE]
    assert INITIAL in stream.initial_metadata() and TRAILING in stream.trailing_metadata()


def test_metadata_comes_back_without_any_message(stub):
    stream = stub.FullDuplexCall(iter([]), timeout=SECONDS, metadata=[INITIAL, TRAILING])
    assert list(stream) == []
    assert INITIAL in stream.initial_metadata() and TRAILING in stream.trailing_metadata()
    assert INITIAL not in stream.trailing_metadata()


def test_metadata_comes_back_with_an_error(stub):
    request = SimpleRequest(response_status={"code": 9, "message": "no"})
    with pytest.raises(grpc.RpcError) as caught:
        stub.UnaryCall(request, timeout=SECONDS, metadata=[INITIAL, TRAILING])
    assert caught.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert INITIAL in caught.value.initial_metadata() and TRAILING in caught.value.trailing_metadata()


def test_user_agent_comes_back(stub):
    _, call = stub.UnaryCall.with_call(
        SimpleRequest(), timeout=SECONDS, metadata=[("x-grpc-test-echo-useragent", "?")])
    assert dict(call.initial_metadata())["x-grpc-test-echo-useragent"].startswith("grpc-python/")


@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code != grpc.StatusCode.OK], ids=lambda c: c.name)
def test_status_code_and_message(stub, code):
    status = {"code": code.value[0], "message": "test status message"}
    with pytest.raises(grpc.RpcError) as caught:
        stub.UnaryCall(SimpleRequest(response_status=status), timeout=SECONDS)
    assert (caught.value.code(), caught.value.details()) == (code, "test status message")
    with pytest.raises(grpc.RpcError) as caught:
        list(stub.FullDuplexCall(iter([OutputRequest(response_status=status)]), timeout=SECONDS))
    assert (caught.value.code(), caught.value.details()) == (code, "test status message")


def test_special_status_message(stub):
    with pytest.raises(grpc.RpcError) as caught:
        stub.UnaryCall(SimpleRequest(response_status={"code": 2, "message": SPECIAL_MESSAGE}), timeout=SECONDS)
    assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.UNKNOWN, SPECIAL_MESSAGE)


def test_unimplemented_method(stub):
    with pytest.raises(grpc.RpcError) as caught:
        stub.UnimplementedCall(Empty(), timeout=SECONDS)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_unimplemented_service(client):
    with pytest.raises(grpc.RpcError) as caught:
        Stub(client.channel, UNIMPLEMENTED_SERVICE).UnimplementedCall(Empty(), timeout=SECONDS)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_cancel_after_begin(stub):
    feed = Feed()
    call = stub.StreamingInputCall.future(feed, timeout=SECONDS)
    call.cancel()
    with pytest.raises(grpc.FutureCancelledError):
        call.result(SECONDS)
    assert call.code() == grpc.StatusCode.CANCELLED
    feed.close()


def test_cancel_after_first_response(stub):
    feed = Feed()
    call = stub.FullDuplexCall(feed, timeout=SECONDS)
    feed.send(asking(31_415, request_size=27_182))
    assert len(next(call).payload.body) == 31_415
    call.cancel()
    with pytest.raises(grpc.RpcError):
        next(call)
    assert call.code() == grpc.StatusCode.CANCELLED
    feed.close()


def test_timeout_on_sleeping_server(stub):
    stub.EmptyCall(Empty(), timeout=SECONDS)
    feed = Feed()
    feed.send(OutputRequest(payload=payload(27_182)))
    call = stub.FullDuplexCall(feed, timeout=0.001)
    with pytest.raises(grpc.RpcError):
        next(call)
    assert call.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    feed.close()


def test_server_id_and_hostname(stub):
    first, second = [stub.UnaryCall(SimpleRequest(fill_server_id=True), timeout=SECONDS) for _ in range(2)]
    assert first.server_id == second.server_id != ""
    assert first.hostname != ""
    assert stub.UnaryCall(SimpleRequest(), timeout=SECONDS).server_id == ""


@pytest.mark.parametrize("request_", [
    SimpleRequest(response_size=-1), SimpleRequest(response_size=2**31 - 1), SimpleRequest(response_type=7),
], ids=["negative size", "enormous size", "unknown type"])
def test_what_cannot_be_answered_is_refused(stub, request_):
    with pytest.raises(grpc.RpcError) as caught:
        stub.UnaryCall(request_, timeout=SECONDS)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_rpc_soak(client):
    for _ in range(10):
        assert len(client.stub.UnaryCall(large_request(), timeout=SECONDS).payload.body) == LARGE_RESPONSE


def test_channel_soak(client):
    for _ in range(10):
        with client.server.channel(("grpc.use_local_subchannel_pool", 1), target=client.target) as channel:
            response = Stub(channel, TEST_SERVICE).UnaryCall(large_request(), timeout=SECONDS)
            assert len(response.payload.body) == LARGE_RESPONSE


def test_a_running_call_outlives_sigterm():
    server = InteropServer()
    with server.channel() as channel:
        feed = Feed()
        responses = Stub(channel, TEST_SERVICE).FullDuplexCall(feed, timeout=SECONDS)
        feed.send(asking(1))
        next(responses)
        server.process.send_signal(signal.SIGTERM)
        for _ in range(3):
            feed.send(asking(100))
            assert len(next(responses).payload.body) == 100
        feed.close()
        assert list(responses) == []
    assert server.process.wait(SECONDS) == 0


def test_a_second_signal_ends_the_server_at_once():
    server = InteropServer()
    with server.channel() as channel:
        feed = Feed()
        responses = Stub(channel, TEST_SERVICE).FullDuplexCall(feed, timeout=SECONDS)
        feed.send(asking(1))
        next(responses)
        server.process.send_signal(signal.SIGTERM)
        # The first was taken once no new connection comes in.
        with pytest.raises(grpc.RpcError):
            for _ in range(10_000):
                with server.channel(("grpc.use_local_subchannel_pool", 1)) as other:
                    Stub(other, TEST_SERVICE).EmptyCall(Empty(), timeout=SECONDS)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(SECONDS) == 128 + signal.SIGTERM
        feed.close()
