"""The clients of the web that the tests drive: one `call(method, request)` each, with JSON as dictionaries."""

import functools
import http.server
import json
import subprocess
import threading
import urllib.parse

import google.protobuf.json_format as json_format
import grpc
from connectrpc.client import ConnectClientSync
from connectrpc.compat import google_protobuf_binary_codec, google_protobuf_json_codec
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.protocol import ProtocolType
from google.protobuf import message_factory

from errors import error_info, reason_of


class Refused(Exception):
    """A failed call: Connect's name of the code, the message, and the reason of the ErrorInfo."""

    def __init__(self, code, message, reason):
        super().__init__(f"{code}: {message} ({reason})")
        self.code, self.message, self.reason = code, message, reason

    @staticmethod
    def of(error):
        infos = [detail.get("debug", {}) for detail in error.get("details", []) if detail["type"].endswith("ErrorInfo")]
        return Refused(error["code"], error.get("message", ""), infos[0]["reason"] if infos else None)


class GrpcioClient:
    """gRPC, by Google's Python client."""

    def __init__(self, client):
        self.client = client

    def call(self, method, request):
        try:
            return self.client.call(method, request)
        except grpc.RpcError as error:
            raise Refused(error.code().name.lower(), error.details(), error_info(error).reason) from None


class ConnectrpcClient:
    """Connect's own Python client, over the protocol and the codec given."""

    def __init__(self, client, address, protocol=ProtocolType.CONNECT, is_json=False):
        codec = google_protobuf_json_codec() if is_json else google_protobuf_binary_codec()
        self.client = client
        self.connect = ConnectClientSync(f"http://{address}", protocol=protocol, codec=codec)

    def call(self, method, request, use_get=False):
        descriptor = self.client.method(method)
        input_class = message_factory.GetMessageClass(descriptor.input_type)
        service, name = method.split("/")
        level = IdempotencyLevel.NO_SIDE_EFFECTS if use_get else IdempotencyLevel.UNKNOWN
        try:
            response = self.connect.execute_unary(
                request=json_format.ParseDict(request, input_class()),
                method=MethodInfo(
                    name=name, service_name=service, input=input_class,
                    output=message_factory.GetMessageClass(descriptor.output_type), idempotency_level=level,
                    stream_type=StreamType.UNARY,
                ),
                timeout_ms=10_000,
                use_get=use_get,
            )
        except ConnectError as error:
            infos = [detail.message_bytes for detail in error.details if detail.type_name.endswith("ErrorInfo")]
            raise Refused(error.code.value, error.message, reason_of(infos[0])) from None
        return json_format.MessageToDict(response, preserving_proto_field_name=True)


class CurlClient:
    """curl, with JSON."""

    def __init__(self, address, *flags):
        self.address, self.flags = address, flags

    def call(self, method, request):
        output = subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", "10", *self.flags, "--write-out", "\n%{http_code}",
             "--header", "content-type: application/json", "--data", json.dumps(request),
             f"http://{self.address}/{method}"],
            capture_output=True, text=True, check=True,
        ).stdout
        body, status = output.rsplit("\n", 1)
        answer = json.loads(body)
        if status != "200":
            raise Refused.of(answer)
        return in_snake_case(answer)


class BrowserClient:
    """A page of another origin in Chromium. It calls by fetch: Connect with JSON, or gRPC-Web with bytes."""

    def __init__(self, page, client, address, protocol):
        self.page, self.client, self.address, self.protocol = page, client, address, protocol

    def call(self, method, request):
        descriptor = self.client.method(method)
        input_class = message_factory.GetMessageClass(descriptor.input_type)
        output_class = message_factory.GetMessageClass(descriptor.output_type)
        message = json_format.ParseDict(request, input_class())
        url = f"http://{self.address}/{method}"
        if self.protocol == "connect":
            answer = self.page.evaluate("([url, body]) => connectUnary(url, body)", [url, json.dumps(request)])
            if "error" in answer:
                raise Refused.of(answer["error"])
            return in_snake_case(answer["message"])
        answer = self.page.evaluate(
            "([url, bytes]) => grpcWebUnary(url, bytes)", [url, list(message.SerializeToString())]
        )
        if answer["status"] != 0:
            raise Refused(GRPC_CODES[answer["status"]], urllib.parse.unquote(answer["message"]), None)
        return json_format.MessageToDict(
            output_class.FromString(bytes(answer["bytes"])), preserving_proto_field_name=True
        )


GRPC_CODES = ["ok", "canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists",
              "permission_denied", "resource_exhausted", "failed_precondition", "aborted", "out_of_range",
              "unimplemented", "internal", "unavailable", "data_loss", "unauthenticated"]

PAGE = """<!doctype html><meta charset="utf-8"><title>another origin</title><script>
async function connectUnary(url, body) {
  const answer = await fetch(url, {method: "POST", body,
    headers: {"content-type": "application/json", "connect-protocol-version": "1"}});
  const json = await answer.json();
  return answer.ok ? {message: json} : {error: json};
}
async function grpcWebUnary(url, bytes) {
  const frame = new Uint8Array(5 + bytes.length);
  new DataView(frame.buffer).setUint32(1, bytes.length);
  frame.set(bytes, 5);
  const answer = await fetch(url, {method: "POST", body: frame,
    headers: {"content-type": "application/grpc-web+proto", "x-grpc-web": "1"}});
  const body = new Uint8Array(await answer.arrayBuffer());
  const view = new DataView(body.buffer);
  const result = {status: null, message: "", bytes: []};
  for (let at = 0; at < body.length;) {
    const flag = body[at], length = view.getUint32(at + 1), part = body.slice(at + 5, at + 5 + length);
    if (flag & 0x80) {
      for (const line of new TextDecoder().decode(part).split("\\r\\n")) {
        const [name, value] = line.split(": ");
        if (name === "grpc-status") result.status = Number(value);
        if (name === "grpc-message") result.message = value;
      }
    } else {
      result.bytes = Array.from(part);
    }
    at += 5 + length;
  }
  return result;
}
</script>"""


class PageServer:
    """Serves the page on an origin of its own."""

    def __init__(self, port):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(PAGE.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def in_snake_case(value):
    """JSON with the fields' names as the protos have them."""
    if isinstance(value, dict):
        return {snake_case(key): in_snake_case(entry) for key, entry in value.items()}
    return [in_snake_case(entry) for entry in value] if isinstance(value, list) else value


@functools.cache
def snake_case(name):
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
