"""interop-client under the cases of gRPC's interoperability suite, against a grpcio server and against interop-server."""

import subprocess

import pytest

from authority import Authority
from grpcio_test_server import GrpcioServer, TestService, YesService
from interop_api import CASES, CLIENT, InteropServer

SECONDS = 120


def run(*flags):
    return subprocess.run([CLIENT, *flags], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)


@pytest.fixture(scope="module", params=["grpcio", "grpcio-tls", "interop-server", "interop-server-tls"])
def flags(request, tmp_path_factory):
    """What points interop-client at a good server."""
    authority = Authority(tmp_path_factory.mktemp("tls")) if request.param.endswith("tls") else None
    is_grpcio = request.param.startswith("grpcio")
    server = GrpcioServer(TestService(), authority) if is_grpcio else InteropServer(authority=authority)
    flags = ["--server_host=localhost" if authority else "--server_host=127.0.0.1", f"--server_port={server.port}"]
    if authority:
        flags += ["--use_tls=true", "--use_test_ca=true", f"--ca_file={authority.certificate}"]
    yield flags
    server.stop()


@pytest.mark.parametrize("case", CASES)
def test_case(flags, case):
    done = run(*flags, f"--test_case={case}", "--soak_per_iteration_max_acceptable_latency_ms=10000")
    assert (done.stdout, done.returncode) == (f"{case}: passed\n", 0), done.stderr


@pytest.fixture(scope="module")
def plain_server():
    server = InteropServer()
    yield server
    server.stop()


def test_all_cases_in_one_run(plain_server):
    done = run("--server-host", "127.0.0.1", "--server-port", str(plain_server.port), "--test-case", "all",
               "--soak-per-iteration-max-acceptable-latency-ms", "10000")
    assert (done.stdout, done.returncode) == ("".join(f"{case}: passed\n" for case in CASES), 0), done.stderr


def test_a_unix_socket(tmp_path):
    socket = tmp_path / "interop.sock"
    server = InteropServer(f"--socket={socket}")
    assert server.line() == f"listening on unix:{socket}"
    done = run(f"--target=unix:{socket}", "--test_case=large_unary,ping_pong")
    assert (done.stdout, done.returncode) == ("large_unary: passed\nping_pong: passed\n", 0), done.stderr
    assert server.stop() == 0


def test_the_name_of_the_server_can_be_overridden(tmp_path):
    authority = Authority(tmp_path)
    server = InteropServer(authority=authority)
    flags = ["--server_host=127.0.0.1", f"--server_port={server.port}", "--test_case=empty_unary", "--use_tls=true",
             f"--ca_file={authority.certificate}", "--call_timeout_seconds=5"]
    assert run(*flags, "--server_host_override=localhost").returncode == 0
    wrong = run(*flags, "--server_host_override=elsewhere.example")
    assert wrong.returncode == 1 and "empty_unary: FAILED: " in wrong.stdout
    assert server.stop() == 0


def test_an_unknown_authority_is_not_trusted(tmp_path, tmp_path_factory):
    server = InteropServer(authority=Authority(tmp_path))
    other = Authority(tmp_path_factory.mktemp("other"))
    done = run("--server_host=localhost", f"--server_port={server.port}", "--test_case=empty_unary", "--use_tls=true",
               "--use_test_ca=true", f"--ca_file={other.certificate}", "--call_timeout_seconds=5")
    assert done.returncode == 1 and "empty_unary: FAILED: " in done.stdout
    assert server.stop() == 0


@pytest.fixture(scope="module")
def silent_server():
    """Every method is unimplemented."""
    server = GrpcioServer(object())
    yield server
    server.stop()


@pytest.fixture(scope="module")
def yes_server():
    server = GrpcioServer(YesService())
    yield server
    server.stop()


# These are over before the server says anything, or want what it says.
UNNOTICED = {"unimplemented_method", "unimplemented_service", "cancel_after_begin", "timeout_on_sleeping_server"}


@pytest.mark.parametrize("case", [case for case in CASES if case not in UNNOTICED])
def test_a_server_without_the_method_fails_the_case(silent_server, case):
    done = run("--server_host=127.0.0.1", f"--server_port={silent_server.port}", f"--test_case={case}")
    assert done.returncode == 1 and done.stdout.startswith(f"{case}: FAILED: "), done.stdout


# An empty answer is all that these ask for, or they cannot tell.
CONTENT = {"empty_unary", "cacheable_unary", "unimplemented_service", "cancel_after_begin", "timeout_on_sleeping_server"}


@pytest.mark.parametrize("case", [case for case in CASES if case not in CONTENT])
def test_a_server_that_answers_everything_with_nothing_fails_the_case(yes_server, case):
    done = run("--server_host=127.0.0.1", f"--server_port={yes_server.port}", f"--test_case={case}")
    assert done.returncode == 1 and done.stdout.startswith(f"{case}: FAILED: "), done.stdout


class UncompressedService(TestService):
    """Takes and sends everything as if nothing were said of compression."""

    @staticmethod
    def check(request, is_compressed, context):
        pass

    def begin(self, context):
        self.echo(context)

    def UnaryCall(self, request, context):
        request[0].ClearField("response_compressed")
        return super().UnaryCall(request, context)


@pytest.mark.parametrize("case", [case for case in CASES if "compressed" in case])
def test_a_server_that_ignores_compression_fails_the_case(case):
    server = GrpcioServer(UncompressedService())
    done = run("--server_host=127.0.0.1", f"--server_port={server.port}", f"--test_case={case}")
    server.stop()
    assert done.returncode == 1 and done.stdout.startswith(f"{case}: FAILED: "), done.stdout


@pytest.mark.parametrize("flags_", [
    ["--test_case=no_such_case"], ["--server_port=0"], ["--use_tls=true", "--use_test_ca=true"], ["--no_such_flag=1"],
    ["--use_tls=perhaps"],
])
def test_wrong_flags_are_refused(flags_):
    done = run(*flags_)
    assert done.returncode == 64 and "Error: " in done.stderr
