"""Sends every method of every service the extremes of every field, and finds answers that no caller should get.

    .venv/bin/python -m walk --seeds 20        (in Tests/Interop; `make fuzz` runs it)
"""

import argparse
import concurrent.futures
import copy
import dataclasses
import itertools
import random
import sys

import grpc
from conftest import CATALOGUE
from errors import details
from google.protobuf import message_factory

from . import extremes
from .requests import World, filled_in, owner, phone
from .wire import encode, is_map, is_repeated

# What a caller must never be answered: a fault of the suite, a crash, or nothing at all.
FAULTS = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DATA_LOSS,
          grpc.StatusCode.DEADLINE_EXCEEDED}
FAULT_NUMBERS = {code.value[0] for code in FAULTS}
SECONDS = 5
# Requests under way at a time.
CONCURRENCY = 4
DEPTH_MAXIMUM = 5


@dataclasses.dataclass
class Finding:
    """An answer that no caller should get, and its request."""

    method: str
    changes: list
    answer: str

    def __str__(self):
        changes = "; ".join(f"{'.'.join(map(str, path))} = {shown(value)}" for path, value in self.changes)
        return f"{self.method} with {changes or 'a good request'}: {self.answer}"


def shown(value):
    text = repr(value)
    return text if len(text) < 120 else f"{text[:100]}… ({len(text)} characters)"


def places(descriptor, values, path=(), depth=0):
    """The path and descriptor of every field of a message, also of those inside the messages that it has or could have."""
    for field in descriptor.fields:
        here = (*path, field.name)
        value = (values or {}).get(field.name)
        yield here, field, value
        nested = field.message_type
        if nested is None or is_map(field) or nested.full_name in extremes.WELL_KNOWN or depth == DEPTH_MAXIMUM:
            continue
        if is_repeated(field):
            yield from places(nested, value[0] if value else {}, (*here, 0), depth + 1)
        else:
            yield from places(nested, value, here, depth + 1)


def put(request, path, value):
    """Puts a value at a path, making what leads there; None takes the field away."""
    *way, last = path
    for step, following in zip(way, path[1:]):
        if isinstance(step, int):
            while len(request) <= step:
                request.append({})
            request = request[step]
        else:
            if not isinstance(request.get(step), (dict, list)):
                request[step] = [] if isinstance(following, int) else {}
            request = request[step]
    if value is None:
        request.pop(last, None)
    else:
        request[last] = value


def refusals(message):
    """The codes of refusals inside an answer, such as an outcome's of a stream."""
    for field, value in message.ListFields():
        if field.message_type is None or is_map(field):
            continue
        for element in value if is_repeated(field) else [value]:
            if field.message_type.name == "Refusal":
                yield element
            else:
                yield from refusals(element)


class Walk:
    """A walk through a running suite."""

    def __init__(self, suite, seed):
        self.suite = suite
        self.random = random.Random(seed)
        self.world = World(suite)
        self.findings = []
        self.calls = 0
        # Methods whose good request was done.
        self.done = set()
        self.methods = {}
        for process in CATALOGUE:
            client = suite.client(process)
            for service in client.services():
                if service.startswith("patron.") and not service.startswith("patron.testing."):
                    for method in client.pool.FindServiceByName(service).methods:
                        self.methods[f"{service}/{method.name}"] = method

    def singles(self, method):
        """Every field's every extreme, alone."""
        descriptor = self.methods[method].input_type
        good = filled_in(self.world, method, descriptor)
        for path, field, value in places(descriptor, good):
            for extreme in extremes.of_field(field, value):
                yield [(path, extreme)]

    def pairs(self, method, count):
        """Two fields at a time, chosen by the seed."""
        singles = list(self.singles(method))
        for _ in range(count if singles else 0):
            yield [self.random.choice(singles)[0], self.random.choice(singles)[0]]

    def number_pairs(self, method, count):
        """Two whole numbers at a time, each of them extreme: what adds and multiplies them must not trap."""
        descriptor = self.methods[method].input_type
        numbers = [path for path, field, _ in places(descriptor, filled_in(self.world, method, descriptor))
                   if field.type == field.TYPE_INT64 and "seconds" not in path and not is_repeated(field)]
        pairs = [[(first, one), (second, other)]
                 for first, second in itertools.combinations(numbers, 2)
                 for one in extremes.NUMBERS_64 for other in extremes.NUMBERS_64]
        return self.random.sample(pairs, min(count, len(pairs)))

    def walk(self, method, variants):
        """Sends a method its good request, then one with each of the changes."""
        with concurrent.futures.ThreadPoolExecutor(CONCURRENCY) as pool:
            if self.attempt(method, [])[0] == "OK":
                self.done.add(method)
            for _ in pool.map(lambda changes: self.attempt(method, changes), variants):
                pass

    def attempt(self, method, changes):
        descriptor = self.methods[method].input_type
        request = copy.deepcopy(filled_in(self.world, method, descriptor))
        for path, value in changes:
            put(request, path, value)
        answer, fault = self.send(method, encode(descriptor, request))
        self.calls += 1
        if fault:
            self.findings.append(Finding(method, changes, answer))
        return answer, fault

    def send(self, method, body):
        """Sends the bytes of a request. Returns the answer in words, and whether no caller should get it."""
        described = self.methods[method]
        client = self.suite.client(owner(method))
        response = message_factory.GetMessageClass(described.output_type)
        kind = "_".join("stream" if streams else "unary"
                        for streams in (described.client_streaming, described.server_streaming))
        call = getattr(client.channel, kind)(f"/{method}", lambda data: data, response.FromString)
        argument = iter([body]) if described.client_streaming else body
        # A stream of events goes on for ever: its silence is no fault.
        is_endless = described.server_streaming and not described.client_streaming
        try:
            answer = call(argument, timeout=1 if is_endless else SECONDS)
            if not described.server_streaming:
                return self.judge([answer])
            if not is_endless:
                return self.judge(list(answer))
            first = next(answer, None)
            answer.cancel()
            return self.judge([first] if first is not None else [])
        except grpc.RpcError as error:
            if is_endless and error.code() == grpc.StatusCode.DEADLINE_EXCEEDED:
                return "OK", False
            text = f"{error.code().name}: {error.details()[:300]}"
            if error.code() in FAULTS:
                return text, True
            if not details(error, "ErrorInfo"):
                return f"{text} (without ErrorInfo)", True
            return text, False

    def judge(self, answers):
        text = "OK"
        for refusal in (refusal for answer in answers for refusal in refusals(answer)):
            text = f"a refusal inside: {refusal.code} {refusal.reason}: {refusal.message[:300]}"
            if refusal.code in FAULT_NUMBERS or not refusal.reason:
                return text, True
        return text, False


def order_of_methods(methods):
    """What changes the programme, or settles things for good, comes last."""
    return sorted(methods, key=lambda name: (name.endswith("/UpdateProgramme"), name))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=20, help="how many walks, each with a seed of its own (20)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--pairs", type=int, default=200, help="pairs of fields for each method and seed (200)")
    options = parser.parse_args()
    from conftest import Suite

    failed = 0
    for seed in range(options.seed, options.seed + options.seeds):
        suite = Suite().start()
        try:
            failed += not report(seed, walk_suite(suite, seed, options.pairs))
            if suite.stop() != 0:
                failed += 1
                print(suite.log())
        finally:
            suite.remove()
    print(f"{options.seeds - failed} of {options.seeds} walks without a finding")
    return 1 if failed else 0


def report(seed, problems):
    print(f"{'ok' if not problems else 'FAIL'}  walk with seed {seed}", flush=True)
    for problem in problems[:50]:
        print(f"      {problem}")
    return not problems


def walk_suite(suite, seed, pairs):
    """One whole walk: every field alone, pairs by the seed, and the suite's soundness after it. Returns the problems."""
    problems = []
    before = {name: suite.service_process(name) for name in CATALOGUE}
    walk = Walk(suite, seed)
    method = None
    try:
        for method in order_of_methods(walk.methods):
            walk.world.renew()
            walk.walk(method, [*walk.singles(method), *walk.pairs(method, pairs)])
        for method in order_of_methods(walk.methods):
            if owner(method) in ("gateway", "loyalty") and not method.endswith("/UpdateProgramme"):
                walk.world.renew()
                walk.world.owe()
                walk.walk(method, walk.number_pairs(method, 50 * pairs))
    except grpc.RpcError as error:
        problems.append(f"what {method} needs cannot be made any more: {error.code().name}: {error.details()[:300]}")
    problems += [str(finding) for finding in walk.findings]
    problems += [f"{method}: its good request was not done" for method in walk.methods if method not in walk.done]
    try:
        problems += soundness(suite, walk, before)
    except (grpc.RpcError, RuntimeError) as error:
        problems.append(f"the suite does not work any more: {error}")
    print(f"{walk.calls} calls of {len(walk.methods)} methods", flush=True)
    return problems


def soundness(suite, walk, before):
    """What must hold after whatever came over the wire: the same processes, a clean audit, consumers that go on."""
    for name, process in before.items():
        if suite.service_process(name) != process:
            yield f"{name} is another process than before"
    audit = suite.patron("audit", "--local", suite.folder / "local", "--chain")
    if audit.returncode != 0:
        yield f"the audit found something:\n{audit.stdout[-3000:]}{audit.stderr[-1000:]}"
    walk.world.member = member = walk.world.new_member(phone())
    walk.world.order()
    try:
        suite.eventually(
            lambda: walk.world.call("patron.members.v1.MembersService/ListPurchases", {"member_id": member}),
            lambda page: page.get("purchases"),
        )
    except AssertionError as error:
        yield f"a sale made after the walk does not reach members: {error}"
    for name in before:
        if not suite.ready(name):
            yield f"{name} is not ready"


if __name__ == "__main__":
    sys.exit(main())
