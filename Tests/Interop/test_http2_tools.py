"""interop-server under HTTP/2 tools that know nothing of gRPC: h2load, nghttp, curl."""

import gzip
import re
import subprocess

import pytest

from interop_api import CONFORMANCE_SERVICE, SECONDS, TEST_SERVICE, InteropServer, frame, frames, message

SimpleRequest = message("SimpleRequest")
SimpleResponse = message("SimpleResponse")
InputRequest = message("StreamingInputCallRequest")
InputResponse = message("StreamingInputCallResponse")
OutputRequest = message("StreamingOutputCallRequest")
OutputResponse = message("StreamingOutputCallResponse")

GRPC_HEADERS = ["te: trailers", "content-type: application/grpc"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    socket = tmp_path_factory.mktemp("tools") / "interop.sock"
    server = InteropServer(f"--socket={socket}")
    server.line()
    server.socket = socket
    yield server
    assert server.stop() == 0


def path(method):
    return f"/{method}" if "/" in method else f"/{TEST_SERVICE}/{method}"


def run(*command):
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, timeout=4 * SECONDS)
    assert done.returncode == 0, done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
    return done.stdout


def header_flags(headers=()):
    """Those of gRPC, and others beside them or in their place."""
    by_name = {header.split(":")[0]: header for header in [*GRPC_HEADERS, *headers]}
    return [flag for header in by_name.values() for flag in ("-H", header)]


# h2load


@pytest.mark.parametrize("transport", ["tcp", "unix"])
@pytest.mark.parametrize("streams", [1, 100, 1000])
def test_h2load(server, tmp_path, streams, transport):
    connections, requests, size = 4, 4 * max(500, 3 * streams), 100
    body = frame(SimpleRequest(response_size=size, payload={"body": bytes(50)}).SerializeToString())
    (tmp_path / "body").write_bytes(body)
    where = ["-B", f"unix:{server.socket}"] if transport == "unix" else []
    authority = "localhost" if transport == "unix" else f"127.0.0.1:{server.port}"
    output = run("h2load", "-n", requests, "-c", connections, "-m", streams, *header_flags(), "-d", tmp_path / "body", *where,
                 f"http://{authority}{path('UnaryCall')}").decode()
    counts = re.search(r"requests: (\d+) total, \d+ started, (\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored",
                       output)
    assert counts, output
    assert [int(count) for count in counts.groups()] == [requests, requests, requests, 0, 0], output
    assert f"status codes: {requests} 2xx, 0 3xx, 0 4xx, 0 5xx" in output
    # Errors have no body: as many bytes as this means that each call was answered with its message.
    data = int(re.search(r"\((\d+)\) data", output).group(1))
    assert data > requests * size, output


# nghttp


def nghttp(server, method, body, tmp_path, *flags, headers=()):
    (tmp_path / "body").write_bytes(body)
    fields = header_flags(headers)
    return run("nghttp", "-v", "-n", *fields, "-d", tmp_path / "body", *flags,
               f"http://127.0.0.1:{server.port}{path(method)}").decode(errors="replace")


def received_fields(output):
    """The response's fields, those of the headers before those of the trailers."""
    return re.findall(r"recv \(stream_id=\d+(?:, sensitive)?\) (:?[a-z0-9-]+): ([^\n]*)", output)


def test_nghttp_with_trailers_in_the_request(server, tmp_path):
    body = frame(SimpleRequest(response_size=10).SerializeToString())
    output = nghttp(server, "UnaryCall", body, tmp_path, "--trailer=x-late: yes", "--trailer=x-later: no")
    assert "x-late: yes" in output
    fields = received_fields(output)
    assert (":status", "200") in fields and ("content-type", "application/grpc") in fields
    assert fields[-1] == ("grpc-status", "0")


@pytest.mark.parametrize("padding", [1, 100, 255])
def test_nghttp_with_padding(server, tmp_path, padding):
    body = b"".join(frame(InputRequest(payload={"body": bytes(size)}).SerializeToString()) for size in (10, 70_000, 0, 5))
    output = nghttp(server, "StreamingInputCall", body, tmp_path, f"--padding={padding}")
    assert "PADDED" in output
    assert received_fields(output)[-1] == ("grpc-status", "0")


def test_nghttp_with_trailers_and_padding(server, tmp_path):
    body = frame(OutputRequest(response_parameters=[{"size": 3}, {"size": 4}]).SerializeToString())
    output = nghttp(server, "StreamingOutputCall", body, tmp_path, "--padding=64", "--trailer=x-late: yes")
    assert "PADDED" in output and "x-late: yes" in output
    assert received_fields(output)[-1] == ("grpc-status", "0")


def test_nghttp_sees_an_error_as_a_single_block(server, tmp_path):
    request = SimpleRequest(response_status={"code": 9, "message": "não ☺%"})
    output = nghttp(server, "UnaryCall", frame(request.SerializeToString()), tmp_path)
    fields = dict(received_fields(output))
    assert fields["grpc-status"] == "9"
    assert fields["grpc-message"] == "n%C3%A3o %E2%98%BA%25"
    assert len(re.findall(r"recv HEADERS frame", output)) == 1
    assert "recv DATA" not in output


# curl


class Reply:
    """What curl got: the HTTP status, the fields by name, the messages."""

    def __init__(self, head, body):
        lines = head.decode("latin-1").splitlines()
        self.status = int(lines[0].split()[1])
        self.fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        self.trailers = dict(line.split(": ", 1) for line in lines[lines.index("") + 1:] if ": " in line)
        self.body = body


def curl(server, method, body, tmp_path, *flags, headers=()):
    """Makes a request; without a body when it is None, for what is answered before the body has come: curl takes the
    RST_STREAM(NO_ERROR) that follows such an answer (RFC 9113 section 8.1) for an error."""
    fields = header_flags(headers)
    if body is not None:
        (tmp_path / "body").write_bytes(body)
        fields += ["--data-binary", f"@{tmp_path / 'body'}"]
    run("curl", "-sS", "--http2-prior-knowledge", "--max-time", SECONDS, "-X", "POST", *fields,
        "-D", tmp_path / "head", "-o", tmp_path / "answer", *flags, f"http://127.0.0.1:{server.port}{path(method)}")
    answer = tmp_path / "answer"
    return Reply((tmp_path / "head").read_bytes(), answer.read_bytes() if answer.exists() else b"")


@pytest.mark.parametrize("transport", ["tcp", "unix"])
def test_curl_makes_a_call(server, tmp_path, transport):
    flags = ["--unix-socket", server.socket] if transport == "unix" else []
    request = SimpleRequest(response_size=1000, payload={"body": b"binary\x00\xff\r\n"})
    reply = curl(server, "UnaryCall", frame(request.SerializeToString()), tmp_path, *flags)
    assert (reply.status, reply.fields["content-type"]) == (200, "application/grpc")
    ((content, is_compressed),) = frames(reply.body)
    assert not is_compressed
    assert SimpleResponse.FromString(content).payload.body == bytes(1000)
    assert reply.trailers == {"grpc-status": "0"}


def test_curl_reads_a_stream(server, tmp_path):
    sizes = [1, 0, 100_000, 7]
    request = OutputRequest(response_parameters=[{"size": size} for size in sizes])
    reply = curl(server, "StreamingOutputCall", frame(request.SerializeToString()), tmp_path)
    assert [len(OutputResponse.FromString(content).payload.body) for content, _ in frames(reply.body)] == sizes
    assert reply.trailers["grpc-status"] == "0"


def test_curl_sends_messages_compressed_and_not(server, tmp_path):
    plain = InputRequest(payload={"body": bytes(45_904)}, expect_compressed={"value": False}).SerializeToString()
    packed = InputRequest(payload={"body": bytes(27_182)}, expect_compressed={"value": True}).SerializeToString()
    body = frame(gzip.compress(packed), is_compressed=True) + frame(plain)
    reply = curl(server, "StreamingInputCall", body, tmp_path, headers=["grpc-encoding: gzip"])
    assert reply.trailers["grpc-status"] == "0"
    ((content, _),) = frames(reply.body)
    assert InputResponse.FromString(content).aggregated_payload_size == 73_086
    plain = SimpleRequest(expect_compressed={"value": True}).SerializeToString()
    wrong = curl(server, "UnaryCall", frame(plain), tmp_path, headers=["grpc-encoding: gzip"])
    assert wrong.fields["grpc-status"] == "3"


def test_curl_sees_which_messages_are_compressed(server, tmp_path):
    flags = [True, False, True]
    request = OutputRequest(response_parameters=[{"size": 5000, "compressed": {"value": flag}} for flag in flags])
    body = frame(request.SerializeToString())
    reply = curl(server, "StreamingOutputCall", body, tmp_path, headers=["grpc-accept-encoding: gzip"])
    assert reply.fields["grpc-encoding"] == "gzip"
    assert [flag for _, flag in frames(reply.body)] == flags
    for content, flag in frames(reply.body):
        response = OutputResponse.FromString(gzip.decompress(content) if flag else content)
        assert len(response.payload.body) == 5000


def test_curl_gets_nothing_compressed_that_it_does_not_take(server, tmp_path):
    request = SimpleRequest(response_size=5000, response_compressed={"value": True})
    reply = curl(server, "UnaryCall", frame(request.SerializeToString()), tmp_path)
    assert "grpc-encoding" not in reply.fields
    assert [flag for _, flag in frames(reply.body)] == [False]


def test_curl_sees_an_unknown_method(server, tmp_path):
    reply = curl(server, "NoSuchMethod", None, tmp_path)
    assert (reply.status, reply.fields["grpc-status"], reply.body) == (200, "12", b"")


def test_curl_with_an_unknown_encoding(server, tmp_path):
    reply = curl(server, "UnaryCall", None, tmp_path, headers=["grpc-encoding: br"])
    assert reply.fields["grpc-status"] == "12"
    assert reply.fields["grpc-accept-encoding"] == "identity,gzip"


def test_curl_with_a_foreign_content_type_is_answered_as_http(server, tmp_path):
    reply = curl(server, "UnaryCall", None, tmp_path, headers=["content-type: text/json"])
    assert reply.status == 415
    assert "grpc-status" not in reply.fields


@pytest.mark.parametrize("timeout, milliseconds", [
    ("1H", 3_600_000), ("2M", 120_000), ("3S", 3000), ("4567m", 4567), ("89012345u", 89_012), ("99999999n", 99),
    (None, None),
])
def test_curl_is_told_its_time_out(server, tmp_path, timeout, milliseconds):
    headers = [f"grpc-timeout: {timeout}"] if timeout else []
    reply = curl(server, f"{CONFORMANCE_SERVICE}/Unary", frame(b""), tmp_path, headers=headers)
    ((content, _),) = frames(reply.body)
    info = message("UnaryResponse").FromString(content).payload.request_info
    assert (info.timeout_ms if info.HasField("timeout_ms") else None) == milliseconds
