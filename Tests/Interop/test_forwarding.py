"""The gateway passes the services' exposed methods on to their owners, for every protocol, when the back office is open."""

import contextlib
import json
import re
import secrets
import socket
import subprocess
import threading
import time
import urllib.request

import grpc
import pytest
from conftest import BINARIES, CATALOGUE, OFFSETS
from google.protobuf import json_format, message_factory
from patron_client import PatronClient, new_request_id

from errors import error_info
from interop_api import ROOT
from test_story import APP, POS, phone
from web_clients import ConnectrpcClient, CurlClient, Refused

OWNERS = {CATALOGUE[name]["apis"][0]: name for name in ("members", "loyalty", "campaigns", "feedback")}
MEMBERS, LOYALTY = "patron.members.v1.MembersService", "patron.loyalty.v1.LoyaltyService"
FEEDBACK = "patron.feedback.v1.FeedbackService"
# The tag of the option patron.access.v1.policy, field 50001 of MethodOptions, as bytes on the wire.
POLICY_TAG = b"\x8a\xb5\x18"


@contextlib.contextmanager
def gateway_process(suite, offset, **addresses):
    """A gateway of its own in front of the suite's services, with the back office open."""
    port, admin = suite.base + offset, suite.base + offset + 1
    flags = []
    for name in ("members", "loyalty", "campaigns", "feedback"):
        flags += [f"--{name}-address", addresses.get(name, f"ipv4:{suite.address(name)}")]
    process = subprocess.Popen(
        [BINARIES / "gateway", "--listen", f"127.0.0.1:{port}", "--admin-listen", f"127.0.0.1:{admin}", *flags,
         "--back-office", "open"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    log = []
    reader = threading.Thread(target=lambda: log.extend(process.stdout), daemon=True)
    reader.start()
    try:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert time.monotonic() < deadline and process.poll() is None, "".join(log)
            time.sleep(0.05)
        yield f"127.0.0.1:{port}", log
        with urllib.request.urlopen(f"http://127.0.0.1:{admin}/metrics", timeout=5) as answer:
            counted = re.search(r"^undeclared_reasons_total (\S+)$", answer.read().decode(), re.MULTILINE)
        assert counted and float(counted[1]) == 0, "".join(log)
    finally:
        process.terminate()
        assert process.wait(30) == 0
        reader.join(5)


@pytest.fixture(scope="module")
def office(suite):
    with gateway_process(suite, 60) as (address, log):
        with PatronClient(address) as client:
            client.address, client.log = address, log
            yield client


@pytest.fixture
def member(gateway):
    return gateway.call(
        f"{POS}/RegisterMember", {"request_id": new_request_id(), "name": "李雷", "phone": phone()}
    )["member"]


def is_exposed(method):
    options = method.GetOptions().SerializeToString()
    at = options.find(POLICY_TAG)
    assert at >= 0, f"{method.full_name} has no policy"
    # The length has one byte, or two when the policy names many errors.
    begin = at + 4 if options[at + 3] < 0x80 else at + 5
    return options[begin:].startswith(b"\x08\x01")


def methods(suite):
    for service, owner in OWNERS.items():
        for method in suite.client(owner).pool.FindServiceByName(service).methods:
            yield f"{service}/{method.name}", method


def test_exactly_the_exposed_methods_are_passed_on(suite, office):
    seen = {True: 0, False: 0}
    for name, method in methods(suite):
        seen[is_exposed(method)] += 1
        call = office.channel.stream_stream(f"/{name}")(iter([b""]), timeout=5)
        try:
            next(call)
            code = grpc.StatusCode.OK
        except grpc.RpcError as error:
            code = error.code()
        except StopIteration:
            code = grpc.StatusCode.OK
        call.cancel()
        # A stream that waits for something to happen is there too.
        assert (code != grpc.StatusCode.UNIMPLEMENTED) == is_exposed(method), f"{name}: {code}"
    assert seen[True] > 30 and seen[False] > 5, seen


def test_nothing_is_passed_on_by_default(gateway, suite):
    with pytest.raises(Refused) as refused:
        CurlClient(suite.address("gateway")).call(f"{MEMBERS}/GetMember", {})
    assert refused.value.code == "unimplemented"


def test_the_log_says_that_the_back_office_is_open(office):
    assert any("back office is open" in line for line in office.log), office.log


def test_an_answer_and_a_refusal_are_the_owners_own(suite, office, member):
    direct = suite.client("members")
    request = {"member_id": member["member_id"]}
    assert office.call(f"{MEMBERS}/GetMember", request) == direct.call(f"{MEMBERS}/GetMember", request)
    for wrong in ({"member_id": new_request_id()}, {"member_id": "x"}, {}):
        refusals = []
        for client in (office, direct):
            with pytest.raises(grpc.RpcError) as refusal:
                client.call(f"{MEMBERS}/GetMember", wrong)
            error = refusal.value
            refusals.append((error.code(), error.details(), error_info(error), sorted(error.trailing_metadata())))
        assert refusals[0] == refusals[1]


def test_json_is_converted_along_the_descriptors(suite, office, member):
    clients = [
        CurlClient(office.address, "--http1.1"), CurlClient(office.address, "--http2-prior-knowledge"),
        ConnectrpcClient(suite.client("members"), office.address),
        ConnectrpcClient(suite.client("members"), office.address, is_json=True),
    ]
    expected = suite.client("members").call(f"{MEMBERS}/GetMember", {"member_id": member["member_id"]})
    for client in clients:
        assert client.call(f"{MEMBERS}/GetMember", {"member_id": member["member_id"]}) == expected
        with pytest.raises(Refused) as refused:
            client.call(f"{MEMBERS}/GetMember", {"member_id": new_request_id()})
        assert (refused.value.code, refused.value.reason) == ("not_found", "MEMBER_NOT_FOUND")
    with pytest.raises(Refused) as refused:
        clients[0].call(f"{MEMBERS}/GetMember", {"memberId": 1})
    assert (refused.value.code, refused.value.reason) == ("invalid_argument", "MALFORMED_MESSAGE")
    assert "memberId" in refused.value.message


def test_a_read_is_a_get(suite, office, member):
    client = ConnectrpcClient(suite.client("members"), office.address)
    answer = client.call(f"{MEMBERS}/GetMember", {"member_id": member["member_id"]}, use_get=True)
    assert answer["member"]["member_id"] == member["member_id"]


def test_a_mutation_is_idempotent_through_the_gateway(office, member):
    request = {"request_id": new_request_id(), "member_id": member["member_id"], "text": "太慢了",
               "category": "FEEDBACK_CATEGORY_SERVICE"}
    first = office.call(f"{FEEDBACK}/SubmitFeedback", request)
    assert office.call(f"{FEEDBACK}/SubmitFeedback", request) == first


def test_a_stream_of_answers_goes_on_until_the_client_leaves(suite, office, member):
    with subprocess.Popen(
        ["curl", "--silent", "--no-buffer", "--max-time", "20", "--http2-prior-knowledge",
         "--header", "content-type: application/connect+json", "--data-binary", "@-",
         f"http://{office.address}/{FEEDBACK}/WatchFeedback"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as watch:
        watch.stdin.write(b"\0\0\0\0\x02{}")
        watch.stdin.close()
        time.sleep(0.5)
        content = f"走廊灯坏了 {secrets.token_hex(4)}"
        office.call(f"{FEEDBACK}/SubmitFeedback", {
            "request_id": new_request_id(), "member_id": member["member_id"], "text": content,
            "category": "FEEDBACK_CATEGORY_HYGIENE"})
        while True:
            header = watch.stdout.read(5)
            assert header[0] == 0
            change = json.loads(watch.stdout.read(int.from_bytes(header[1:], "big")))
            if content in json.dumps(change, ensure_ascii=False):
                break
        cancelled = suite.metric("feedback", "grpc_server_call_duration", 'grpc_status="CANCELLED"')
        watch.kill()
    suite.eventually(
        lambda: suite.metric("feedback", "grpc_server_call_duration", 'grpc_status="CANCELLED"'),
        lambda now: now > cancelled,
    )


def test_requests_and_answers_stream_side_by_side(suite, office, member):
    method = office.method(f"{LOYALTY}/StreamMovements")
    request_class = message_factory.GetMessageClass(method.input_type)
    response_class = message_factory.GetMessageClass(method.output_type)
    stream = office.channel.stream_stream(
        f"/{LOYALTY}/StreamMovements", request_class.SerializeToString, response_class.FromString)
    asked = []

    def requests():
        for _ in range(20):
            credit = {"request_id": new_request_id(), "member_id": member["member_id"], "amount": 3}
            asked.append(credit["request_id"])
            movement = {"number": len(asked), "credit": credit}
            yield json_format.ParseDict({"movements": [movement]}, request_class())

    answers = [json_format.MessageToDict(answer, preserving_proto_field_name=True)
               for answer in stream(requests(), timeout=20)]
    outcomes = [outcome for answer in answers for outcome in answer["outcomes"]]
    assert sorted(int(outcome["number"]) for outcome in outcomes) == list(range(1, 21))
    assert all("moved" in outcome for outcome in outcomes), outcomes[:1]
    balance = suite.client("gateway").call(f"{APP}/GetBalance", {"member_id": member["member_id"]})
    assert int(balance["points"]) == 60


def test_a_deadline_goes_on_to_the_owner(suite, office):
    with pytest.raises(grpc.RpcError) as refusal:
        list(office.stream(f"{FEEDBACK}/WatchFeedback", {}, timeout=0.3))
    assert refusal.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    suite.eventually(
        lambda: suite.metric("feedback", "grpc_server_call_duration", 'grpc_status="DEADLINE_EXCEEDED"')
        + suite.metric("feedback", "grpc_server_call_duration", 'grpc_status="CANCELLED"'),
        lambda count: count > 0,
    )


def test_an_owner_that_cannot_be_reached_is_named_and_nothing_else(suite):
    with gateway_process(suite, 62, feedback="ipv4:127.0.0.1:1") as (address, _):
        with pytest.raises(Refused) as refused:
            CurlClient(address).call(f"{FEEDBACK}/GetFeedback", {"feedback_id": new_request_id()})
    assert (refused.value.code, refused.value.reason) == ("unavailable", "UPSTREAM_UNAVAILABLE")
    assert not re.search(r"127\.0\.0\.1|refused", refused.value.message)


def test_every_proto_declares_a_policy_beside_every_method():
    for path in (ROOT / "proto" / "patron").rglob("*.proto"):
        text = path.read_text()
        if path.parts[-3] in ("access", "common", "testing"):
            continue
        calls = len(re.findall(r"^  rpc ", text, re.MULTILINE))
        assert calls == text.count("option (patron.access.v1.policy)"), path
