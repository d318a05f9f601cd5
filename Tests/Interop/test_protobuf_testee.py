"""What protobuf-testee reads and writes, beside what Google's Python library does with the same input."""

import json
import os
import pathlib
import random
import struct
import subprocess

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTEE = pathlib.Path(
    os.environ.get(
        "PROTOBUF_TESTEE",
        ROOT / ".build" / os.environ.get("PATRON_TEST_CONFIGURATION", "debug") / "protobuf-testee",
    )
)
TYPE = "protobuf_test_messages.proto3.TestAllTypesProto3"
PROTOBUF, JSON = 1, 2
IGNORE_UNKNOWN = 3
ANY = "type.googleapis.com/"


class RunningTestee:
    """The program under test and the messages to talk with it."""

    def __init__(self, folder):
        descriptors = folder / "set.binpb"
        subprocess.run(
            ["protoc", "-I", ROOT / "proto", "--include_imports", f"--descriptor_set_out={descriptors}",
             "conformance/conformance.proto", "protobuf_test_messages/proto3/test_messages_proto3.proto"],
            check=True,
        )
        self.pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(descriptors.read_bytes()).file:
            self.pool.Add(file)
        self.request = self.message_class("conformance.ConformanceRequest")
        self.response = self.message_class("conformance.ConformanceResponse")
        self.all_types = self.message_class(TYPE)
        self.process = subprocess.Popen([TESTEE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def message_class(self, name):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))

    def ask(self, output, **fields):
        request = self.request(message_type=TYPE, requested_output_format=output, **fields).SerializeToString()
        self.process.stdin.write(struct.pack("<I", len(request)) + request)
        self.process.stdin.flush()
        (size,) = struct.unpack("<I", self.process.stdout.read(4))
        response = self.response.FromString(self.process.stdout.read(size))
        return response.WhichOneof("result"), getattr(response, response.WhichOneof("result"))

    def parse_json(self, text):
        return json_format.Parse(text, self.all_types(), descriptor_pool=self.pool)

    def print_json(self, message):
        return json_format.MessageToJson(message, descriptor_pool=self.pool)

    def agree(self, message):
        """Both formats of a message mean the same to both sides, in both directions."""
        kind, payload = self.ask(JSON, protobuf_payload=message.SerializeToString())
        assert kind == "json_payload", payload
        assert json.loads(payload).keys() == json.loads(self.print_json(message)).keys()
        assert canonical(self.parse_json(payload)) == canonical(message)
        kind, payload = self.ask(PROTOBUF, json_payload=self.print_json(message))
        assert kind == "protobuf_payload", payload
        assert canonical(self.all_types.FromString(payload)) == canonical(message)


def canonical(message):
    return message.SerializeToString(deterministic=True)


@pytest.fixture(scope="module")
def testee(tmp_path_factory):
    testee = RunningTestee(tmp_path_factory.mktemp("testee"))
    yield testee
    testee.process.stdin.close()
    assert testee.process.wait(timeout=10) == 0


# Without negative zero, which protobuf-c does not write to fields without presence.
SCALARS = {
    "int32": lambda r: r.choice([0, -1, 2**31 - 1, -(2**31), r.randint(-1000, 1000)]),
    "int64": lambda r: r.choice([0, -1, 2**63 - 1, -(2**63), r.randint(-(2**53), 2**53)]),
    "uint32": lambda r: r.choice([0, 2**32 - 1, r.randint(0, 1000)]),
    "uint64": lambda r: r.choice([0, 2**64 - 1, r.randint(0, 2**53)]),
    "float": lambda r: r.choice([0.0, 1.5, 1e10, -3.4e38, 1.401298464324817e-45, r.random()]),
    "double": lambda r: r.choice([0.0, 0.1, 1e300, 5e-324, 1e22, r.uniform(-1e9, 1e9), float("inf")]),
    "bool": lambda r: r.random() < 0.5,
    "string": lambda r: "".join(r.choice('aZ "\\/\n\t\x00\x1f\x7fäß谷歌😁') for _ in range(r.randint(0, 8))),
    "bytes": lambda r: r.randbytes(r.randint(0, 8)),
    "enum": lambda r: r.choice([0, 1, 2, -1, 123]),
}
KINDS = ["double", "float", "int64", "uint64", "int32", "uint64", "uint32", "bool", "string", None, None, "bytes",
         "uint32", "enum", "int32", "int64", "int32", "int64"]


def fill(message, rng, depth=0):
    """Sets some fields of a message to something."""
    for field in message.DESCRIPTOR.fields:
        if rng.random() > (0.15 if depth == 0 else 0.03):
            continue
        if field.message_type and field.message_type.GetOptions().map_entry:
            fill_map(getattr(message, field.name), field.message_type, rng, depth)
        elif field.is_repeated:
            for _ in range(rng.randint(0, 3)):
                if field.message_type:
                    fill_message(getattr(message, field.name).add(), rng, depth)
                else:
                    getattr(message, field.name).append(scalar(field, rng))
        elif field.message_type:
            if depth < 3:
                fill_message(getattr(message, field.name), rng, depth)
        else:
            setattr(message, field.name, scalar(field, rng))


def fill_map(target, entry, rng, depth):
    for _ in range(rng.randint(0, 3)):
        key = scalar(entry.fields_by_name["key"], rng)
        if entry.fields_by_name["value"].message_type:
            fill_message(target[key], rng, depth)
        else:
            target[key] = scalar(entry.fields_by_name["value"], rng)


def fill_message(message, rng, depth):
    message.SetInParent()
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        message.seconds = rng.randint(-62135596800, 253402300799)
        message.nanos = rng.choice([0, 1, 10_000, 500_000_000, 999_999_999])
    elif name == "google.protobuf.Duration":
        sign = rng.choice([1, -1])
        message.seconds = sign * rng.randint(0, 315576000000)
        message.nanos = sign * rng.choice([0, 1, 10_000, 500_000_000, 999_999_999])
    elif name == "google.protobuf.FieldMask":
        message.paths.extend(rng.choices(["foo", "foo_bar", "a.b_c"], k=rng.randint(0, 3)))
    elif name == "google.protobuf.Struct":
        json_format.ParseDict(json_value(rng, kind=dict), message)
    elif name == "google.protobuf.ListValue":
        json_format.ParseDict(json_value(rng, kind=list), message)
    elif name == "google.protobuf.Value":
        json_format.ParseDict(json_value(rng), message)
    elif name == "google.protobuf.Any":
        message.type_url = ANY + "google.protobuf.Int32Value"
        message.value = b"\x08\x07"
    else:
        fill(message, rng, depth + 1)


def json_value(rng, depth=0, kind=None):
    kind = kind or rng.choice([dict, list] * (depth < 3) + [type(None), bool, float, str])
    if kind is dict:
        return {f"k{i}": json_value(rng, depth + 1) for i in range(rng.randint(0, 3))}
    if kind is list:
        return [json_value(rng, depth + 1) for _ in range(rng.randint(0, 3))]
    return {type(None): None, bool: rng.random() < 0.5, float: rng.uniform(-10, 10), str: SCALARS["string"](rng)}[kind]


def scalar(field, rng):
    if field.enum_type and field.enum_type.full_name == "google.protobuf.NullValue":
        return 0
    return SCALARS[KINDS[field.type - 1]](rng)


@pytest.mark.parametrize("seed", range(300))
def test_random_messages_mean_the_same_to_both(testee, seed):
    message = testee.all_types()
    fill(message, random.Random(seed))
    testee.agree(message)


GOOD = [
    '{"optionalInt32":1e5,"optionalUint32":"4.294967295e9","optionalInt64":9223372036854774784}',
    '{"optionalBytes":"-_","optionalString":"\\uD83D\\uDE01","optionalAliasedEnum":"moo"}',
    '{"oneofUint32":null,"oneofNullValue":null,"optionalValue":null,"optionalInt32":null}',
    '{"field_name2":2,"_field_name3":3,"FIELDNAME11":11,"FieldName14":14}',
    '{"repeatedTimestamp":["1970-01-01T08:00:01+08:00","0001-01-01T00:00:00Z"],"repeatedDuration":["-0.5s","3.000s"]}',
    '{"optionalAny":{"value":"1.5s","@type":"%sgoogle.protobuf.Duration"}}' % ANY,
    '{"optionalAny":{"optionalInt32":5,"@type":"%s%s"}}' % (ANY, TYPE),
    '{"optionalAny":{"@type":"%sgoogle.protobuf.Any","value":{"@type":"%sgoogle.protobuf.Value","value":[1]}}}' % (ANY, ANY),
]


@pytest.mark.parametrize("text", GOOD)
def test_json_is_read_alike(testee, text):
    kind, payload = testee.ask(PROTOBUF, json_payload=text)
    assert kind == "protobuf_payload", payload
    assert canonical(testee.all_types.FromString(payload)) == canonical(testee.parse_json(text))


BAD = [
    "null", "{} {}", '{"optionalInt32":0.5}', '{"optionalInt32":2147483648}', '{"optionalUint64":-1}',
    '{"optionalBool":1}', '{"optionalString":1}', '{"optionalString":"\\uD800x"}', '{"optionalFloat":3.502823e+38}',
    '{"oneofUint32":1,"oneofString":"x"}', '{"fieldName2":1,"fieldName2":1}', '{"unknown":1}',
    '{"repeatedInt32":[1,null]}', '{"mapInt32Int32":{"0":null}}', '{"optionalTimestamp":"0001-01-01T00:00:00"}',
    '{"optionalDuration":"1"}', '{"optionalFieldMask":"foo,bar_bar"}', '{"optionalNestedEnum":"QUX"}',
    '{"optionalAny":{"@type":"%sunknown.Type"}}' % ANY,
]


@pytest.mark.parametrize("text", BAD)
def test_json_is_refused_alike(testee, text):
    assert testee.ask(PROTOBUF, json_payload=text)[0] == "parse_error"
    with pytest.raises(json_format.ParseError):
        testee.parse_json(text)


def test_unknown_fields_are_ignored_when_asked_to(testee):
    text = '{"unknown":[{}],"repeatedNestedEnum":["FOO","QUX"],"optionalInt32":1}'
    kind, payload = testee.ask(PROTOBUF, json_payload=text, test_category=IGNORE_UNKNOWN)
    assert kind == "protobuf_payload", payload
    expected = json_format.Parse(text, testee.all_types(), ignore_unknown_fields=True, descriptor_pool=testee.pool)
    assert canonical(testee.all_types.FromString(payload)) == canonical(expected)


@pytest.mark.parametrize("seed", range(300))
def test_broken_bytes_are_taken_or_refused_alike(testee, seed):
    rng = random.Random(seed)
    message = testee.all_types()
    fill(message, rng)
    for field in message.DESCRIPTOR.fields:
        # An unknown field in a map's entry is dropped here and keeps the entry out of the map there; both are allowed.
        if field.message_type and field.message_type.GetOptions().map_entry:
            message.ClearField(field.name)
    data = bytearray(canonical(message) or b"\x08\x01")
    data[rng.randrange(len(data))] = rng.randrange(256)
    try:
        expected = canonical(testee.all_types.FromString(bytes(data)))
    except Exception:
        expected = None
    kind, payload = testee.ask(PROTOBUF, protobuf_payload=bytes(data))
    if expected is None:
        assert kind == "parse_error", data.hex()
    else:
        assert kind == "protobuf_payload", (payload, data.hex())
        assert canonical(testee.all_types.FromString(payload)) == expected, data.hex()
