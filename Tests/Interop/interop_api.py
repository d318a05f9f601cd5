"""gRPC's and Connect's test services without generated code: messages by name, calls by method."""

import gzip
import os
import pathlib
import select
import signal
import subprocess
import tempfile
import threading

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = ROOT / ".build" / os.environ.get("PATRON_TEST_CONFIGURATION", "debug")
SERVER = pathlib.Path(os.environ.get("INTEROP_SERVER", BINARIES / "interop-server"))
CLIENT = pathlib.Path(os.environ.get("INTEROP_CLIENT", BINARIES / "interop-client"))

TEST_SERVICE = "grpc.testing.TestService"
UNIMPLEMENTED_SERVICE = "grpc.testing.UnimplementedService"
CONFORMANCE_SERVICE = "connectrpc.conformance.v1.ConformanceService"

# Every case that interop-client knows.
CASES = [
    "empty_unary", "cacheable_unary", "large_unary", "client_compressed_unary", "server_compressed_unary",
    "client_streaming", "client_compressed_streaming", "server_streaming", "server_compressed_streaming", "ping_pong",
    "empty_stream", "half_duplex", "custom_metadata", "status_code_and_message", "special_status_message",
    "unimplemented_method", "unimplemented_service", "cancel_after_begin", "cancel_after_first_response",
    "timeout_on_sleeping_server", "rpc_soak", "channel_soak",
]

SECONDS = 30
# Hands messages over as they came, so that it shows whether they were compressed.
RAW = ("grpc.per_message_decompression", 0)
NO_LIMIT = ("grpc.max_receive_message_length", -1)


def _load():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "set.binpb"
        subprocess.run(
            ["protoc", "-I", ROOT / "proto", "--include_imports", f"--descriptor_set_out={path}",
             "grpc/testing/test.proto", "connectrpc/conformance/v1/service.proto",
             "connectrpc/conformance/v1/server_compat.proto"],
            check=True,
        )
        pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes()).file:
            pool.AddSerializedFile(file.SerializeToString())
        return pool


POOL = _load()


def message(name):
    """The class of a message, by its full name or by its name in one of the two packages."""
    for package in ("", "grpc.testing.", "connectrpc.conformance.v1."):
        try:
            return message_factory.GetMessageClass(POOL.FindMessageTypeByName(package + name))
        except KeyError:
            continue
    raise KeyError(name)


def methods(service):
    """The methods of a service: name, kind as grpcio spells it, request class, response class."""
    for method in POOL.FindServiceByName(service).methods:
        kind = "_".join("stream" if streams else "unary" for streams in (method.client_streaming, method.server_streaming))
        yield method.name, kind, message(method.input_type.full_name), message(method.output_type.full_name)


class Stub:
    """A client of a service: an attribute for each method."""

    def __init__(self, channel, service, serialize=None, deserialize=None):
        for name, kind, request, response in methods(service):
            setattr(self, name, getattr(channel, kind)(
                f"/{service}/{name}",
                request_serializer=serialize or request.SerializeToString,
                response_deserializer=deserialize(response) if deserialize else response.FromString,
            ))


def unpacking(response):
    """Reads what a RAW channel hands over: a pair of the message and whether it came compressed.

    No message begins like gzip does: 0x1f is a field of a kind that does not exist.
    """
    def read(data):
        is_compressed = data[:2] == b"\x1f\x8b"
        return response.FromString(gzip.decompress(data) if is_compressed else data), is_compressed
    return read


def frame(content, is_compressed=False):
    """A message as gRPC sends it."""
    return bytes([is_compressed]) + len(content).to_bytes(4, "big") + content


def frames(body):
    """The messages of a body, each with whether it is compressed."""
    found = []
    while body:
        length = int.from_bytes(body[1:5], "big")
        assert len(body) >= 5 + length, "the body ends inside a message"
        found.append((body[5:5 + length], body[0] == 1))
        body = body[5 + length:]
    return found


class InteropServer:
    """A running interop-server."""

    def __init__(self, *flags, authority=None):
        self.authority = authority
        if authority:
            chain, key = authority.issue("server")
            flags = (*flags, "--use_tls=true", f"--cert_file={chain}", f"--key_file={key}")
        self.process = subprocess.Popen(
            [SERVER, "--host=127.0.0.1", "--port=0", *flags], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            bufsize=0,  # Whatever is not read yet stays where select sees it.
        )
        self.port = int(self.line().rsplit(":", 1)[1])

    def line(self):
        """The next line that the server prints."""
        ready, _, _ = select.select([self.process.stdout], [], [], SECONDS)
        line = self.process.stdout.readline() if ready else b""
        assert line, f"interop-server printed nothing; it ended with {self.process.poll()}"
        return line.decode().strip()

    def stop(self):
        """Asks it to end, and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def channel(self, *options, target=None):
        target = target or f"127.0.0.1:{self.port}"
        if self.authority:
            credentials = grpc.ssl_channel_credentials(self.authority.certificate.read_bytes())
            return grpc.secure_channel(target, credentials, options=[NO_LIMIT, *options])
        return grpc.insecure_channel(target, options=[NO_LIMIT, *options])


class Feed:
    """Requests of a streaming call, sent one by one, until it is closed."""

    def __init__(self):
        self.ready = threading.Condition()
        self.requests = []
        self.is_closed = False

    def send(self, request):
        with self.ready:
            self.requests.append(request)
            self.ready.notify()

    def close(self):
        with self.ready:
            self.is_closed = True
            self.ready.notify()

    def __iter__(self):
        return self

    def __next__(self):
        with self.ready:
            assert self.ready.wait_for(lambda: self.requests or self.is_closed, SECONDS)
            if not self.requests:
                raise StopIteration
            return self.requests.pop(0)
