"""Each service is restarted, one of two instances after the other, while it is called: no call fails."""

import collections
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import threading
import time

import grpc
import pytest
from conftest import BINARIES, CATALOGUE, environment_of, processes
from patron_client import PatronClient, new_request_id

from test_forwarding import gateway_process
from test_story import APP, POS, phone, sale

CALLERS = 4


class Instance:
    """One more process of a service, like the suite's own but for its ports."""

    def __init__(self, suite, name, port, extra=()):
        self.name, self.port = name, port
        pid = suite.service_process(name)
        self.environment = dict(entry.split("=", 1) for entry in environment_of(pid) if "=" in entry)
        (arguments,) = [arguments for process, arguments in processes() if process == pid]
        self.arguments = self.without_ports([argument for argument in arguments if argument]) + [
            "--listen", f"127.0.0.1:{port}", "--admin-listen", f"127.0.0.1:{port + 1}", *extra]
        for key in list(self.environment):
            if key.endswith(("_LISTEN", "_ADMIN_LISTEN")):
                del self.environment[key]
        self.process = None

    @staticmethod
    def without_ports(arguments):
        kept, skips = [], False
        for argument in arguments:
            if skips:
                skips = False
            elif argument in ("--listen", "--admin-listen"):
                skips = True
            elif not argument.startswith(("--listen=", "--admin-listen=")):
                kept.append(argument)
        return kept

    def start(self):
        self.log = open(f"/tmp/patron-rolling-{self.name}-{self.port}.log", "ab")
        self.process = subprocess.Popen(
            [BINARIES / self.name, *self.arguments[1:]], env=self.environment, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return self
            assert time.monotonic() < deadline and self.process.poll() is None, open(self.log.name).read()[-2000:]
            time.sleep(0.05)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(60) == 0
        self.log.close()
        with contextlib.suppress(OSError):
            os.remove(self.log.name)


class Load:
    """Calls without a pause from some threads, and counts how they end."""

    def __init__(self, call):
        self.call, self.outcomes, self.is_over = call, collections.Counter(), threading.Event()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(CALLERS)]

    def run(self):
        while not self.is_over.is_set():
            try:
                self.call()
                self.outcomes["OK"] += 1
            except grpc.RpcError as error:
                self.outcomes[f"{error.code()}: {error.details()}"] += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join(30)


def restart_one_after_the_other(instances, load):
    for instance in instances:
        time.sleep(1)
        before = load.outcomes["OK"]
        instance.stop()
        time.sleep(0.5)
        instance.start()
        time.sleep(1)
        assert load.outcomes["OK"] > before, "nothing was answered meanwhile"


def calls(client, member):
    """What the load does, by the service that is restarted."""
    def submit():
        client.call("patron.feedback.v1.FeedbackService/SubmitFeedback", {
            "request_id": new_request_id(), "member_id": member["member_id"], "text": "排队太久",
            "category": "FEEDBACK_CATEGORY_SERVICE"})

    return {
        "members": lambda: client.call(f"{POS}/RegisterMember", {
            "request_id": new_request_id(), "name": secrets.token_hex(4), "phone": phone()}),
        "loyalty": lambda: client.call(f"{POS}/Checkout", sale(member["member_id"], 1000)),
        "campaigns": lambda: client.call(f"{APP}/ListCoupons", {"member_id": member["member_id"]}),
        "feedback": submit,
    }


@pytest.mark.parametrize("name", ["members", "loyalty", "campaigns", "feedback"])
def test_a_service_behind_the_gateway(suite, gateway, name):
    member = gateway.call(
        f"{POS}/RegisterMember", {"request_id": new_request_id(), "name": "韩梅梅", "phone": phone()})["member"]
    instances = [Instance(suite, name, suite.base + 30 + 4 * number).start() for number in range(2)]
    try:
        both = "ipv4:" + ",".join(f"127.0.0.1:{instance.port}" for instance in instances)
        with gateway_process(suite, 64, **{name: both}) as (address, _), PatronClient(address) as client:
            call = calls(client, member)[name]
            call()
            with Load(call) as load:
                restart_one_after_the_other(instances, load)
    finally:
        for instance in instances:
            instance.stop()
    assert set(load.outcomes) == {"OK"}, load.outcomes


def test_the_gateway(suite, gateway):
    """A till that knows both addresses, with the configuration that docs/clients.md advises."""
    member = gateway.call(
        f"{POS}/RegisterMember", {"request_id": new_request_id(), "name": "韩梅梅", "phone": phone()})["member"]
    instances = [Instance(suite, "gateway", suite.base + 30 + 4 * number).start() for number in range(2)]
    client = PatronClient("ipv4:" + ",".join(f"127.0.0.1:{instance.port}" for instance in instances))
    try:
        def call():
            client.call(f"{APP}/GetBalance", {"member_id": member["member_id"]})

        call()
        with Load(call) as load:
            restart_one_after_the_other(instances, load)
    finally:
        client.close()
        for instance in instances:
            instance.stop()
    assert set(load.outcomes) == {"OK"}, load.outcomes


def test_every_service_is_restarted_here():
    assert set(CATALOGUE) == {"members", "loyalty", "campaigns", "feedback", "gateway"}
