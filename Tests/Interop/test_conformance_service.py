"""connectrpc.conformance.v1.ConformanceService of interop-server, with grpcio as the client."""

import base64
import time

import grpc
import pytest

from interop_api import CONFORMANCE_SERVICE, SECONDS, Feed, InteropServer, Stub, message

UnaryRequest = message("UnaryRequest")
IdempotentUnaryRequest = message("IdempotentUnaryRequest")
ServerStreamRequest = message("ServerStreamRequest")
ClientStreamRequest = message("ClientStreamRequest")
BidiStreamRequest = message("BidiStreamRequest")
RequestInfo = message("connectrpc.conformance.v1.ConformancePayload.RequestInfo")
Any = message("google.protobuf.Any")

LIMIT = 200_000
PREFIX = "type.googleapis.com/connectrpc.conformance.v1."

HEADERS = [{"name": "x-one", "value": ["1"]}, {"name": "x-many", "value": ["a", "b", "c"]},
           {"name": "x-bytes-bin", "value": [base64.b64encode(b"\x00\xff!").decode().rstrip("=")]}]
TRAILERS = [{"name": "x-trailer", "value": ["t1", "t2"]}, {"name": "x-trailer-bin", "value": ["AQID"]}]
HEADER_ITEMS = [("x-one", "1"), ("x-many", "a"), ("x-many", "b"), ("x-many", "c"), ("x-bytes-bin", b"\x00\xff!")]
TRAILER_ITEMS = [("x-trailer", "t1"), ("x-trailer", "t2"), ("x-trailer-bin", b"\1\2\3")]
SENT = [("x-sent", "first"), ("x-sent", "second"), ("x-sent-bin", b"\xfe\xff"), ("x-other", "other")]


@pytest.fixture(scope="module")
def server():
    server = InteropServer(f"--max_receive_message_bytes={LIMIT}")
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def stub(server):
    with server.channel() as channel:
        yield Stub(channel, CONFORMANCE_SERVICE)


class Answer:
    """How a call went: its messages' payloads, its status, its metadata."""

    def __init__(self, call):
        self.payloads = []
        self.times = []
        try:
            for response in call:
                self.payloads.append(response.payload)
                self.times.append(time.monotonic())
        except grpc.RpcError as error:
            assert error.code() == call.code()
        self.code, self.message = call.code(), call.details()
        self.headers = [tuple(item) for item in call.initial_metadata()]
        self.trailers = [tuple(item) for item in call.trailing_metadata()]

    @property
    def data(self):
        return [payload.data for payload in self.payloads]

    @property
    def details(self):
        """The details of the error, packed."""
        for key, value in self.trailers:
            if key == "grpc-status-details-bin":
                return message("connectrpc.conformance.v1.Error").FromString(value).details
        return []


class OneCall:
    """A call with one response in the form of one with several."""

    def __init__(self, method, requests, **options):
        options.setdefault("timeout", SECONDS)
        self.future = method.future(requests, **options)

    def __iter__(self):
        yield self.future.result()

    def __getattr__(self, name):
        return getattr(self.future, name)


def unary(stub, request, **options):
    return Answer(OneCall(stub.Unary, request, **options))


def idempotent_unary(stub, request, **options):
    return Answer(OneCall(stub.IdempotentUnary, IdempotentUnaryRequest.FromString(request.SerializeToString()), **options))


def client_stream(stub, request, **options):
    first = ClientStreamRequest.FromString(request.SerializeToString())
    return Answer(OneCall(stub.ClientStream, iter([first]), **options))


def server_stream(stub, request, **options):
    return Answer(stub.ServerStream(request, **{"timeout": SECONDS, **options}))


def bidi_stream(stub, requests, **options):
    return Answer(stub.BidiStream(iter(requests), **{"timeout": SECONDS, **options}))


def half_duplex(stub, request, **options):
    return bidi_stream(stub, [BidiStreamRequest(response_definition=request.response_definition)], **options)


def full_duplex(stub, request, **options):
    """As many requests as responses, but at least one."""
    first = BidiStreamRequest(response_definition=request.response_definition, full_duplex=True)
    more = max(0, len(request.response_definition.response_data) - 1)
    return bidi_stream(stub, [first] + [BidiStreamRequest(request_data=b"more")] * more, **options)


ONE_RESPONSE = [unary, idempotent_unary, client_stream]
SEVERAL_RESPONSES = [server_stream, half_duplex, full_duplex]
NAME = {unary: "UnaryRequest", idempotent_unary: "IdempotentUnaryRequest", client_stream: "ClientStreamRequest",
        server_stream: "ServerStreamRequest", half_duplex: "BidiStreamRequest", full_duplex: "BidiStreamRequest"}
one_response = pytest.mark.parametrize("call", ONE_RESPONSE, ids=lambda call: call.__name__)
several_responses = pytest.mark.parametrize("call", SEVERAL_RESPONSES, ids=lambda call: call.__name__)
every_kind = pytest.mark.parametrize("call", ONE_RESPONSE + SEVERAL_RESPONSES, ids=lambda call: call.__name__)


def asking(call, data=(), request_data=b"", **definition):
    """A request for responses with these data."""
    if call in ONE_RESPONSE:
        if data:
            definition["response_data"] = data[0]
        return UnaryRequest(response_definition=definition, request_data=request_data)
    return ServerStreamRequest(response_definition={"response_data": data, **definition}, request_data=request_data)


def within(items, of):
    """Whether the items are there, those of each name in order."""
    return all([i for i in of if i[0] == name] == [i for i in items if i[0] == name] for name, _ in items)


@every_kind
def test_headers_messages_and_trailers(stub, call):
    answer = call(stub, asking(call, [b"first"], response_headers=HEADERS, response_trailers=TRAILERS))
    assert (answer.code, answer.data) == (grpc.StatusCode.OK, [b"first"])
    assert within(HEADER_ITEMS, answer.headers) and within(TRAILER_ITEMS, answer.trailers)


@several_responses
def test_several_messages_in_order(stub, call):
    data = [b"", b"1", b"\x00" * 3, b"x" * 70_000]
    answer = call(stub, asking(call, data))
    assert (answer.code, answer.data) == (grpc.StatusCode.OK, data)


@several_responses
def test_headers_and_trailers_without_a_message(stub, call):
    answer = call(stub, asking(call, response_headers=HEADERS, response_trailers=TRAILERS))
    assert (answer.code, answer.data) == (grpc.StatusCode.OK, [])
    assert within(HEADER_ITEMS, answer.headers) and within(TRAILER_ITEMS, answer.trailers)
    assert not any(key == "x-one" for key, _ in answer.trailers)


@every_kind
def test_an_error_with_message_details_headers_and_trailers(stub, call):
    details = [Any(type_url=PREFIX + "Header", value=message("Header")(name="n", value=["v"]).SerializeToString()),
               Any(type_url="type.googleapis.com/unknown.Type", value=b"\x01\x02")]
    error = {"code": 8, "message": "special: \t\r\n☺😈%", "details": details}
    request = asking(call, error=error, response_headers=HEADERS, response_trailers=TRAILERS)
    answer = call(stub, request, metadata=SENT)
    assert (answer.code, answer.data) == (grpc.StatusCode.RESOURCE_EXHAUSTED, [])
    assert answer.message == "special: \t\r\n☺😈%"
    assert within(HEADER_ITEMS, answer.headers) and within(TRAILER_ITEMS, answer.trailers)
    assert list(answer.details[:2]) == details
    (packed,) = answer.details[2:]
    assert packed.type_url == PREFIX + "ConformancePayload.RequestInfo"
    info = RequestInfo.FromString(packed.value)
    assert values(info, "x-sent") == ["first", "second"]
    assert [any_.type_url for any_ in info.requests] == [PREFIX + NAME[call]]
    assert 0 < info.timeout_ms <= 1000 * SECONDS + 100


@every_kind
@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code != grpc.StatusCode.OK], ids=lambda c: c.name)
def test_every_code(stub, call, code):
    answer = call(stub, asking(call, error={"code": code.value[0]}))
    assert (answer.code, answer.message) == (code, "")


@several_responses
def test_an_error_after_messages(stub, call):
    detail = Any(type_url="type.googleapis.com/a.B", value=b"")
    request = asking(call, [b"1", b"2"], error={"code": 10, "message": "late", "details": [detail]},
                     response_trailers=TRAILERS)
    answer = call(stub, request)
    assert (answer.code, answer.message, answer.data) == (grpc.StatusCode.ABORTED, "late", [b"1", b"2"])
    assert within(TRAILER_ITEMS, answer.trailers)
    assert list(answer.details) == [detail]


@several_responses
def test_an_error_after_messages_without_details(stub, call):
    answer = call(stub, asking(call, [b"1"], error={"code": 5}))
    assert (answer.code, len(answer.details)) == (grpc.StatusCode.NOT_FOUND, 0)


def values(info, name):
    return [value for header in info.request_headers if header.name == name for value in header.value]


@every_kind
def test_the_request_is_told_back(stub, call):
    answer = call(stub, asking(call, [b"x", b"y"], request_data=b"padding"), metadata=SENT, timeout=20)
    info = answer.payloads[0].request_info
    assert values(info, "x-sent") == ["first", "second"]
    assert values(info, "x-sent-bin") == ["/v8"]
    assert values(info, "x-other") == ["other"]
    assert values(info, "user-agent")[0].startswith("grpc-python/")
    assert len([header for header in info.request_headers if header.name == "x-sent"]) == 1
    # grpcio rounds what is left up to a tenth of a second.
    assert 19_000 < info.timeout_ms <= 20_100
    (packed,) = info.requests
    assert packed.type_url == PREFIX + NAME[call]
    request = message(NAME[call]).FromString(packed.value)
    assert request.response_definition.response_data == (b"x" if call in ONE_RESPONSE else [b"x", b"y"])
    if call not in (half_duplex, full_duplex):
        assert request.request_data == b"padding"
    for payload in answer.payloads[1:]:
        assert not payload.request_info.request_headers and not payload.request_info.HasField("timeout_ms")


@every_kind
def test_no_timeout_is_told_when_none_was_set(stub, call):
    info = call(stub, asking(call, [b"x"]), timeout=None).payloads[0].request_info
    assert not info.HasField("timeout_ms")


@one_response
def test_without_a_definition_only_the_request_is_told(stub, call):
    answer = call(stub, UnaryRequest(request_data=b"only"))
    assert (answer.code, answer.data) == (grpc.StatusCode.OK, [b""])
    (packed,) = answer.payloads[0].request_info.requests
    assert message(NAME[call]).FromString(packed.value).request_data == b"only"


@several_responses
def test_without_a_definition_nothing_is_sent(stub, call):
    answer = call(stub, ServerStreamRequest())
    assert (answer.code, answer.data) == (grpc.StatusCode.OK, [])


@one_response
def test_a_definition_without_data_is_answered_without_data(stub, call):
    answer = call(stub, UnaryRequest(response_definition={"response_headers": HEADERS}))
    assert (answer.code, answer.data) == (grpc.StatusCode.OK, [b""])
    assert within(HEADER_ITEMS, answer.headers)


def test_a_stream_of_requests_is_told_back_and_the_first_decides(stub):
    requests = [ClientStreamRequest(response_definition={"response_data": b"first"}, request_data=b"0"),
                ClientStreamRequest(response_definition={"response_data": b"ignored"}, request_data=b"1"),
                ClientStreamRequest(request_data=b"2")]
    payload = stub.ClientStream(iter(requests), timeout=SECONDS).payload
    assert payload.data == b"first"
    assert [ClientStreamRequest.FromString(any_.value) for any_ in payload.request_info.requests] == requests


def test_an_empty_stream_of_requests_is_answered_with_what_there_is(stub):
    payload = stub.ClientStream(iter([]), timeout=SECONDS, metadata=SENT).payload
    assert payload.data == b"" and not payload.request_info.requests
    assert values(payload.request_info, "x-sent") == ["first", "second"]
    answer = bidi_stream(stub, [])
    assert (answer.code, answer.data) == (grpc.StatusCode.OK, [])


def test_half_duplex_answers_after_the_last_request(stub):
    feed = Feed()
    requests = [BidiStreamRequest(response_definition={"response_data": [b"a", b"b"]}, request_data=b"0"),
                BidiStreamRequest(request_data=b"1"), BidiStreamRequest(request_data=b"2")]
    call = stub.BidiStream(feed, timeout=SECONDS)
    for request in requests:
        feed.send(request)
    feed.close()
    first, second = list(call)
    assert (first.payload.data, second.payload.data) == (b"a", b"b")
    assert [BidiStreamRequest.FromString(any_.value) for any_ in first.payload.request_info.requests] == requests
    assert not second.payload.HasField("request_info")


def test_full_duplex_answers_each_request(stub):
    feed = Feed()
    call = stub.BidiStream(feed, timeout=SECONDS, metadata=SENT)
    data = [b"a", b"b", b"c"]
    for index, expected in enumerate(data):
        request = BidiStreamRequest(request_data=b"%d" % index, full_duplex=index == 0)
        if index == 0:
            request.response_definition.response_data.extend(data)
        feed.send(request)
        payload = next(call).payload
        assert payload.data == expected
        assert [BidiStreamRequest.FromString(any_.value) for any_ in payload.request_info.requests] == [request]
        assert bool(payload.request_info.request_headers) == (index == 0)
    feed.close()
    assert list(call) == []


def test_full_duplex_sends_what_is_left_after_the_last_request(stub):
    request = BidiStreamRequest(response_definition={"response_data": [b"a", b"b", b"c"]}, full_duplex=True)
    answer = bidi_stream(stub, [request])
    assert (answer.code, answer.data) == (grpc.StatusCode.OK, [b"a", b"b", b"c"])
    assert not answer.payloads[1].HasField("request_info")


def test_full_duplex_ends_when_a_request_finds_no_response(stub):
    definition = {"response_data": [b"a"], "error": {"code": 11, "message": "no more"}}
    feed = Feed()
    call = stub.BidiStream(feed, timeout=SECONDS)
    feed.send(BidiStreamRequest(response_definition=definition, full_duplex=True))
    assert next(call).payload.data == b"a"
    feed.send(BidiStreamRequest())
    with pytest.raises(grpc.RpcError):
        next(call)
    assert (call.code(), call.details()) == (grpc.StatusCode.OUT_OF_RANGE, "no more")
    feed.close()


@one_response
def test_a_single_response_comes_after_its_delay(stub, call):
    start = time.monotonic()
    answer = call(stub, asking(call, [b"x"], response_delay_ms=150))
    assert answer.data == [b"x"]
    assert answer.times[0] - start >= 0.149


@several_responses
def test_each_response_comes_after_its_delay(stub, call):
    start = time.monotonic()
    answer = call(stub, asking(call, [b"1", b"2", b"3"], response_delay_ms=60))
    assert answer.data == [b"1", b"2", b"3"]
    assert all(arrived - start >= 0.059 * (index + 1) for index, arrived in enumerate(answer.times))


@every_kind
def test_a_delay_beyond_the_deadline(stub, call):
    answer = call(stub, asking(call, [b"x"], response_delay_ms=20_000), timeout=0.2)
    assert (answer.code, answer.data) == (grpc.StatusCode.DEADLINE_EXCEEDED, [])


@every_kind
def test_a_message_above_the_limit_is_refused(stub, call):
    definition = asking(call, [b"x"]).response_definition
    if call in (half_duplex, full_duplex):
        request = BidiStreamRequest(response_definition=definition, request_data=bytes(LIMIT))
        answer = bidi_stream(stub, [request])
    else:
        answer = call(stub, asking(call, [b"x"], request_data=bytes(LIMIT)))
    assert (answer.code, answer.data) == (grpc.StatusCode.RESOURCE_EXHAUSTED, [])
    assert len(answer.details) == 0


@every_kind
def test_a_packed_message_above_the_limit_is_refused(stub, call):
    definition = asking(call, [b"x"]).response_definition
    options = {"compression": grpc.Compression.Gzip}
    if call in (half_duplex, full_duplex):
        request = BidiStreamRequest(response_definition=definition, request_data=bytes(LIMIT))
        answer = bidi_stream(stub, [request], **options)
    else:
        answer = call(stub, asking(call, [b"x"], request_data=bytes(LIMIT)), **options)
    assert (answer.code, answer.data) == (grpc.StatusCode.RESOURCE_EXHAUSTED, [])


@every_kind
def test_a_message_just_below_the_limit_is_taken(stub, call):
    request = asking(call, [b"x"], request_data=bytes(LIMIT - 100))
    assert call(stub, request).code == grpc.StatusCode.OK


def test_a_later_message_above_the_limit_is_refused(stub):
    requests = [ClientStreamRequest(), ClientStreamRequest(request_data=bytes(LIMIT))]
    with pytest.raises(grpc.RpcError) as caught:
        stub.ClientStream(iter(requests), timeout=SECONDS)
    assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


@every_kind
def test_compressed_requests_are_told_back_unpacked(stub, call):
    request = asking(call, [b"x"], request_data=b"text " * 1000)
    answer = call(stub, request, compression=grpc.Compression.Gzip)
    (packed,) = answer.payloads[0].request_info.requests
    assert message(NAME[call]).FromString(packed.value).response_definition == request.response_definition or \
        call in (unary, idempotent_unary, client_stream)
    assert answer.data == [b"x"]


def test_the_unimplemented_method(stub):
    with pytest.raises(grpc.RpcError) as caught:
        stub.Unimplemented(message("UnimplementedRequest")(), timeout=SECONDS)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert "grpc-status-details-bin" not in dict(caught.value.trailing_metadata())


def test_a_binary_header_that_is_no_base64_is_refused(stub):
    answer = unary(stub, asking(unary, [b"x"], response_headers=[{"name": "x-bin", "value": ["!"]}]))
    assert answer.code == grpc.StatusCode.INVALID_ARGUMENT


def test_a_cancelled_call_leaves_the_server_well(stub):
    for _ in range(20):
        call = stub.ServerStream(asking(server_stream, [b"x"] * 100, response_delay_ms=20), timeout=SECONDS)
        next(call)
        call.cancel()
        assert call.code() == grpc.StatusCode.CANCELLED
    assert unary(stub, asking(unary, [b"x"])).data == [b"x"]
