"""A stopped suite ends when no call runs, whatever its clients keep open."""

import socket
import threading

import grpc
from conftest import CATALOGUE, OFFSETS, Suite
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2

REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
# With them each client has its own way to keep a service from ending; each was seen to do so.
OPEN_ENDED = ["/patron.loyalty.v1.LoyaltyService/StreamOrders", "/patron.loyalty.v1.LoyaltyService/StreamMovements"]
SUBSCRIPTIONS = [name for name, entry in CATALOGUE.items() if entry["ownsDatabase"]]


def test_nothing_that_clients_keep_open_outlives_the_drain():
    suite = Suite()
    # Whoever waits for the grace makes `stop` fail.
    suite.environment["PATRON_DRAIN_GRACE"] = "1h"
    over = threading.Event()
    kept = []

    def requests(*first):
        yield from first
        over.wait()

    try:
        suite.start()
        for name in OFFSETS:
            kept.append(socket.create_connection(("127.0.0.1", suite.base + OFFSETS[name])))
            idle = grpc.insecure_channel(suite.address(name))
            grpc.channel_ready_future(idle).result(30)
            watch = health_pb2_grpc.HealthStub(idle).Watch(health_pb2.HealthCheckRequest(service=""))
            next(watch)
            question = reflection_pb2.ServerReflectionRequest(list_services="").SerializeToString()
            reflection = idle.stream_stream(REFLECTION)(requests(question))
            next(reflection)
            kept += [idle, watch, reflection]
        for name in SUBSCRIPTIONS:
            channel = grpc.insecure_channel(suite.address(name))
            subscription = channel.unary_stream(f"/patron.{name}.v1.{name.capitalize()}Service/Subscribe")(b"")
            next(subscription)
            kept += [channel, subscription]
        loyalty = grpc.insecure_channel(suite.address("loyalty"))
        streams = [loyalty.stream_stream(method)(requests()) for method in OPEN_ENDED]
        # They have begun once a call that was made after them has ended.
        health_pb2_grpc.HealthStub(loyalty).Check(health_pb2.HealthCheckRequest(service=""), timeout=30)
        assert suite.stop() == 0, suite.log()
        for stream in streams:
            assert stream.code() == grpc.StatusCode.UNAVAILABLE
    finally:
        over.set()
        if suite.process and suite.process.poll() is None:
            suite.process.kill()
        suite.remove()
