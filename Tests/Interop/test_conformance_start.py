"""How Connect's conformance runner starts interop-server: a request on standard input, an answer on standard output."""

import json
import struct
import subprocess

import pytest

from authority import Authority
from interop_api import SERVER, message

Request = message("ServerCompatRequest")
Response = message("ServerCompatResponse")
UNARY = "connectrpc.conformance.v1.ConformanceService/Unary"


class StartedServer:
    def __init__(self, request):
        self.process = subprocess.Popen([SERVER, "--conformance"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        body = request.SerializeToString()
        self.process.stdin.write(struct.pack(">I", len(body)) + body)
        self.process.stdin.close()
        (length,) = struct.unpack(">I", self.process.stdout.read(4))
        self.response = Response.FromString(self.process.stdout.read(length))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        assert self.process.wait(30) == 0
        assert self.process.stdout.read() == b"", "only the answer is on standard output"


def curl(url, body, *flags):
    output = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "10", *flags, "--header", "content-type: application/json",
         "--data-binary", "@-", "--write-out", "\n%{http_code} %{http_version}", url],
        input=json.dumps(body), capture_output=True, text=True, check=True,
    ).stdout
    answer, status = output.rsplit("\n", 1)
    return json.loads(answer), status


@pytest.mark.parametrize("flag, version", [("--http1.1", "1.1"), ("--http2-prior-knowledge", "2")])
def test_without_tls(flag, version):
    with StartedServer(Request(http_version=1, protocol=1, message_receive_limit=1_000)) as server:
        url = f"http://{server.response.host or '127.0.0.1'}:{server.response.port}/{UNARY}"
        answer, status = curl(url, {"responseDefinition": {"responseData": "AQID"}}, flag)
        assert (answer["payload"]["data"], status) == ("AQID", f"200 {version}")
        answer, status = curl(url, {"requestData": "A" * 1_600}, flag)
        assert (answer["code"], status) == ("resource_exhausted", f"429 {version}")


@pytest.mark.parametrize("flag, version", [("--http1.1", "1.1"), ("--http2", "2")])
def test_with_tls_and_certificates_of_clients(tmp_path, flag, version):
    authority = Authority(tmp_path)
    certificate, key = authority.issue("server")
    client_certificate, client_key = authority.issue("client")
    request = Request(use_tls=True, client_tls_cert=authority.certificate.read_bytes())
    request.server_creds.cert = certificate.read_bytes()
    request.server_creds.key = key.read_bytes()
    with StartedServer(request) as server:
        assert server.response.pem_cert == certificate.read_bytes()
        url = f"https://localhost:{server.response.port}/{UNARY}"
        trust = (flag, "--cacert", str(authority.certificate))
        answer, status = curl(url, {}, *trust, "--cert", str(client_certificate), "--key", str(client_key))
        assert status == f"200 {version}", answer
        with pytest.raises(subprocess.CalledProcessError):
            curl(url, {}, *trust)
