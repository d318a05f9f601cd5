"""h2load, nghttp, curl and grpcio work against every service."""

import re
import subprocess

import grpc
import pytest
from conftest import CATALOGUE
from google.protobuf import descriptor_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

SERVICES = {name: entry["apis"][0] for name, entry in CATALOGUE.items()}
HEALTH = "/grpc.health.v1.Health/Check"
EMPTY_CALL = b"\0\0\0\0\0"

every_service = pytest.mark.parametrize("name", SERVICES)


@pytest.fixture
def body(tmp_path):
    path = tmp_path / "body"
    path.write_bytes(EMPTY_CALL)
    return path


@every_service
def test_grpcio_health(suite, name):
    with grpc.insecure_channel(suite.address(name)) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for service in ("", SERVICES[name]):
            answer = health.Check(health_pb2.HealthCheckRequest(service=service), timeout=5)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        with pytest.raises(grpc.RpcError) as refusal:
            health.Check(health_pb2.HealthCheckRequest(service="no.such.Service"), timeout=5)
        assert refusal.value.code() == grpc.StatusCode.NOT_FOUND
        watch = health.Watch(health_pb2.HealthCheckRequest(service=SERVICES[name]), timeout=5)
        assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
        watch.cancel()


@every_service
@pytest.mark.parametrize("version", ["v1", "v1alpha"])
def test_grpcio_reflection(suite, name, version):
    with grpc.insecure_channel(suite.address(name)) as channel:
        call = channel.stream_stream(
            f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
            reflection_pb2.ServerReflectionRequest.SerializeToString,
            reflection_pb2.ServerReflectionResponse.FromString,
        )
        questions = [
            reflection_pb2.ServerReflectionRequest(list_services=""),
            reflection_pb2.ServerReflectionRequest(file_containing_symbol=SERVICES[name]),
            reflection_pb2.ServerReflectionRequest(file_containing_symbol="google.rpc.BadRequest"),
            reflection_pb2.ServerReflectionRequest(file_by_filename="google/rpc/status.proto"),
            reflection_pb2.ServerReflectionRequest(file_containing_symbol="no.such.Symbol"),
        ]
        services, files, details, status, missing = call(iter(questions), timeout=5)
        listed = {service.name for service in services.list_services_response.service}
        assert {SERVICES[name], "grpc.health.v1.Health", f"grpc.reflection.{version}.ServerReflection"} <= listed
        assert files.file_descriptor_response.file_descriptor_proto
        # What grpcurl looks up to show an error's details.
        for answer, name_of_file in [(details, "google/rpc/error_details.proto"), (status, "google/rpc/status.proto")]:
            files_of_answer = [descriptor_pb2.FileDescriptorProto.FromString(file)
                               for file in answer.file_descriptor_response.file_descriptor_proto]
            assert name_of_file in [file.name for file in files_of_answer]
        assert missing.error_response.error_code == grpc.StatusCode.NOT_FOUND.value[0]


@every_service
def test_grpcio_unknown_method_is_unimplemented(suite, name):
    with grpc.insecure_channel(suite.address(name)) as channel:
        with pytest.raises(grpc.RpcError) as refusal:
            channel.unary_unary("/no.such.Service/Method")(b"", timeout=5)
        assert refusal.value.code() == grpc.StatusCode.UNIMPLEMENTED


@every_service
@pytest.mark.parametrize("connections,streams", [(1, 1), (1, 100), (16, 32)])
def test_h2load(suite, name, body, connections, streams):
    output = subprocess.run(
        ["h2load", "-n", "2000", "-c", str(connections), "-m", str(streams), "-d", body,
         "-H", "content-type: application/grpc", "-H", "te: trailers", f"http://{suite.address(name)}{HEALTH}"],
        capture_output=True, text=True, timeout=120,
    ).stdout
    assert re.search(r"2000 total, 2000 started, 2000 done, 2000 succeeded, 0 failed", output), output


@every_service
def test_nghttp(suite, name, body):
    output = subprocess.run(
        ["nghttp", "-v", "-n", "-d", str(body), "-H", "content-type: application/grpc", "-H", "te: trailers",
         f"http://{suite.address(name)}{HEALTH}"],
        capture_output=True, text=True, timeout=30,
    ).stdout
    output = re.sub(r"\x1b\[[0-9;]*m", "", output)
    assert "recv (stream_id=13) grpc-status: 0" in output, output


@every_service
def test_curl(suite, name, body):
    output = subprocess.run(
        ["curl", "-s", "--http2-prior-knowledge", "--data-binary", f"@{body}", "-D", "-", "-o", "/dev/null",
         "-H", "content-type: application/grpc", "-H", "te: trailers", f"http://{suite.address(name)}{HEALTH}"],
        capture_output=True, text=True, timeout=30,
    ).stdout
    assert "HTTP/2 200" in output and "grpc-status: 0" in output, output


@every_service
def test_curl_without_the_grpc_content_type_is_415(suite, name):
    output = subprocess.run(
        ["curl", "-s", "--http2-prior-knowledge", "-X", "POST", "-o", "/dev/null", "-w", "%{http_code}",
         "-H", "content-type: text/plain", f"http://{suite.address(name)}{HEALTH}"],
        capture_output=True, text=True, timeout=30,
    ).stdout
    assert output == "415"


@every_service
def test_metrics_and_readiness_on_the_admin_port(suite, name):
    def get(path):
        return subprocess.run(
            ["curl", "-s", "-w", "\n%{http_code}", f"http://{suite.admin_address(name)}{path}"],
            capture_output=True, text=True, timeout=30,
        ).stdout

    assert get("/readyz").endswith("\n200")
    metrics = get("/metrics")
    assert metrics.endswith("\n200")
    assert "process_cpu_seconds_total" in metrics
    # gRFC A66: seconds, in buckets from 10 microseconds on.
    assert re.search(r'^grpc_server_call_duration_seconds_bucket\{.*le="1e-05"\} \d+$', metrics, re.MULTILINE), metrics
    assert re.search(r'^grpc_server_call_rcvd_total_compressed_message_size_bytes_bucket\{.*le="1024"\} \d+$',
                     metrics, re.MULTILINE), metrics
    assert "# TYPE grpc_server_call_duration_seconds histogram" in metrics
