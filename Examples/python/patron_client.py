"""Calls any method of a running Patron process with plain Python values and no generated code.

The server describes itself by gRPC reflection; requests and responses are dictionaries in proto3 JSON's shape.
"""

import json
import os
import secrets
import time
import uuid

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


# Calls are spread over all addresses of the gateway. One that was UNAVAILABLE is sent again: everything that changes
# something is idempotent by its request_id.
SERVICE_CONFIG = json.dumps({
    "loadBalancingConfig": [{"round_robin": {}}],
    "methodConfig": [{"name": [{}], "retryPolicy": {
        "maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"]}}],
})


def new_request_id(now_milliseconds=None):
    """A UUIDv7: what Patron wants as the request_id of everything that changes something."""
    milliseconds = int(time.time() * 1000) if now_milliseconds is None else now_milliseconds
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return str(uuid.UUID(int=value))


class PatronClient:
    """A connection to one Patron process; encrypted when credentials (grpc.ssl_channel_credentials) are given."""

    def __init__(self, address=None, credentials=None):
        address = address or os.environ.get("PATRON_GATEWAY", "127.0.0.1:7400")
        options = [("grpc.service_config", SERVICE_CONFIG)]
        self.channel = (
            grpc.secure_channel(address, credentials, options) if credentials else grpc.insecure_channel(address, options)
        )
        self.database = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = descriptor_pool.DescriptorPool(self.database)

    def close(self):
        self.channel.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def services(self):
        """The full names of the services that the process offers."""
        return sorted(self.database.get_services())

    def method(self, name):
        """The descriptor of a method given as "package.Service/Method"."""
        service, method = name.split("/")
        return self.pool.FindServiceByName(service).methods_by_name[method]

    def _prepare(self, name, request):
        method = self.method(name)
        request_class = message_factory.GetMessageClass(method.input_type)
        response_class = message_factory.GetMessageClass(method.output_type)
        message = json_format.ParseDict(request or {}, request_class())
        return f"/{name}", message, request_class.SerializeToString, response_class.FromString

    def call(self, name, request=None, timeout=10, metadata=None):
        """Calls a unary method and returns the response as a dictionary. Raises grpc.RpcError."""
        path, message, serializer, deserializer = self._prepare(name, request)
        response = self.channel.unary_unary(path, serializer, deserializer)(
            message, timeout=timeout, metadata=metadata
        )
        return as_dictionary(response)

    def stream(self, name, request=None, timeout=None, metadata=None):
        """Calls a server-streaming method; returns the call, whose messages come through as_dictionary()."""
        path, message, serializer, deserializer = self._prepare(name, request)
        return self.channel.unary_stream(path, serializer, deserializer)(message, timeout=timeout, metadata=metadata)


def as_dictionary(message):
    return json_format.MessageToDict(message, preserving_proto_field_name=True)
