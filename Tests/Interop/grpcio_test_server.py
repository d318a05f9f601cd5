"""grpc.testing.TestService by grpcio, for interop-client to be pointed at."""

import concurrent.futures
import time

import grpc

from interop_api import NO_LIMIT, RAW, TEST_SERVICE, message, methods, unpacking

Empty = message("grpc.testing.Empty")
SimpleResponse = message("SimpleResponse")
InputResponse = message("StreamingInputCallResponse")
OutputResponse = message("StreamingOutputCallResponse")

STATUS_BY_NUMBER = {code.value[0]: code for code in grpc.StatusCode}
INITIAL, TRAILING = "x-grpc-test-echo-initial", "x-grpc-test-echo-trailing-bin"


class TestService:
    """As doc/interop-test-descriptions.md demands. A request is a pair of the message and whether it came compressed."""

    __test__ = False

    def EmptyCall(self, request, context):
        self.echo(context)
        return Empty()

    def UnaryCall(self, request, context):
        request, is_compressed = request
        self.check(request, is_compressed, context)
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        self.echo(context)
        self.fail(request, context)
        return SimpleResponse(payload={"body": bytes(request.response_size)})

    def CacheableUnaryCall(self, request, context):
        return SimpleResponse(payload={"body": str(time.time_ns()).encode()})

    def StreamingInputCall(self, requests, context):
        self.echo(context)
        total = 0
        for request, is_compressed in requests:
            self.check(request, is_compressed, context)
            total += len(request.payload.body)
        return InputResponse(aggregated_payload_size=total)

    def StreamingOutputCall(self, request, context):
        self.begin(context)
        yield from self.answer(request, context)

    def FullDuplexCall(self, requests, context):
        self.begin(context)
        for request in requests:
            yield from self.answer(request, context)

    def HalfDuplexCall(self, requests, context):
        self.begin(context)
        for request in list(requests):
            yield from self.answer(request, context)

    def begin(self, context):
        context.set_compression(grpc.Compression.Gzip)
        self.echo(context)

    def answer(self, request, context):
        request, _ = request
        self.fail(request, context)
        for parameters in request.response_parameters:
            time.sleep(parameters.interval_us / 1e6)
            if not parameters.compressed.value:
                context.disable_next_message_compression()
            yield OutputResponse(payload={"body": bytes(parameters.size)})

    @staticmethod
    def check(request, is_compressed, context):
        if request.HasField("expect_compressed") and request.expect_compressed.value != is_compressed:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "compressed or not, against what was expected")

    @staticmethod
    def fail(request, context):
        if request.response_status.code:
            context.abort(STATUS_BY_NUMBER[request.response_status.code], request.response_status.message)

    @staticmethod
    def echo(context):
        context.set_trailing_metadata([item for item in context.invocation_metadata() if item.key == TRAILING])
        context.send_initial_metadata([item for item in context.invocation_metadata() if item.key == INITIAL])


class YesService:
    """Answers every call at once with an empty message and OK, whatever it is asked for."""

    def __getattr__(self, name):
        return self.stream if name in ("StreamingOutputCall", "FullDuplexCall", "HalfDuplexCall") else self.once(name)

    @staticmethod
    def once(name):
        response = {"StreamingInputCall": InputResponse, "EmptyCall": Empty, "UnimplementedCall": Empty}
        return lambda request, context: response.get(name, SimpleResponse)()

    @staticmethod
    def stream(request, context):
        yield OutputResponse()


class GrpcioServer:
    """A running server. Methods that the service does not have are unimplemented."""

    def __init__(self, service, authority=None):
        self.authority = authority
        handlers = {
            name: getattr(grpc, f"{kind}_rpc_method_handler")(getattr(service, name), unpacking(request),
                                                             response.SerializeToString)
            for name, kind, request, response in methods(TEST_SERVICE) if hasattr(service, name)
        }
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(8), options=[RAW, NO_LIMIT])
        self.server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(TEST_SERVICE, handlers)])
        if authority:
            chain, key = authority.issue("grpcio")
            credentials = grpc.ssl_server_credentials([(key.read_bytes(), chain.read_bytes())])
            self.port = self.server.add_secure_port("127.0.0.1:0", credentials)
        else:
            self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def stop(self):
        self.server.stop(None).wait(30)
