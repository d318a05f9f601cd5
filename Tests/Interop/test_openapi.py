"""The gateway's description of itself: a valid OpenAPI document that says what the gateway does, and nothing else."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest
from conftest import CATALOGUE
from openapi_spec_validator import validate

from test_forwarding import gateway_process, is_exposed, methods

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
SECONDS = 60


@pytest.fixture(scope="module")
def office(suite):
    with gateway_process(suite, 64) as (address, _):
        yield address


@pytest.fixture(scope="module")
def document(suite):
    with urllib.request.urlopen(f"http://{suite.address('gateway')}/openapi.json", timeout=5) as answer:
        assert answer.headers["content-type"] == "application/json"
        return json.load(answer)


def test_the_document_is_valid_openapi(document):
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_it_describes_what_the_gateway_serves_and_passes_on(suite, document):
    wanted = {f"/{name}" for name, method in methods(suite) if is_exposed(method)}
    for api in CATALOGUE["gateway"]["apis"]:
        wanted |= {f"/{api}/{method.name}" for method in suite.client("gateway").pool.FindServiceByName(api).methods}
    assert set(document["paths"]) == wanted


def test_everything_has_a_comment_and_an_example(document):
    for path, item in document["paths"].items():
        operation = item["post"]
        assert operation["summary"] and operation["description"], path
        for content in (operation["requestBody"], operation["responses"]["200"]):
            for media in content["content"].values():
                assert "example" in media, path
    for name, schema in document["components"]["schemas"].items():
        assert schema["description"], name
        if name.startswith("patron."):
            for field, described in schema.get("properties", {}).items():
                assert described.get("description"), f"{name}.{field}"


def test_every_reason_has_a_status_and_a_meaning(document):
    named = 0
    for path, item in document["paths"].items():
        for error in item["post"]["x-patron-errors"]:
            named += 1
            assert error["httpStatus"] >= 400 and error["description"], f"{path}: {error}"
            response = item["post"]["responses"][str(error["httpStatus"])]
            assert f"`{error['reason']}`" in response["description"], f"{path}: {error}"
    assert named > 150
    common = {error["reason"] for error in document["components"]["x-patron-errors"]}
    assert {"REQUEST_ID_REUSED", "PAGE_TOKEN_INVALID", "INVALID_FIELDS", "UPSTREAM_UNAVAILABLE", "OVERLOADED"} <= common


def test_what_is_called_at_random_answers_as_described(document, office, tmp_path):
    streams = "|".join(path.rsplit("/", 1)[1] for path, item in document["paths"].items() if item["post"].get("x-patron-stream"))
    run = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"http://{office}/openapi.json", "--checks", CHECKS,
         "--phases", "examples,coverage,fuzzing", "--max-time", str(SECONDS), "--workers", "2", "--seed", "1",
         "--request-timeout", "10", "--suppress-health-check", "all", "--no-color",
         "--exclude-path-regex", f"/({streams}|UpdateProgramme)$"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=3 * SECONDS,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert int(re.search(r"(\d+) generated", run.stdout)[1]) > 1_000, run.stdout[-3000:]
