"""Writes protobuf messages from plain values along their descriptors, also values that no protobuf library would write."""

from google.protobuf.descriptor import FieldDescriptor as Field

VARINT, FIXED_64, DELIMITED, FIXED_32 = 0, 1, 2, 5
WORD = (1 << 64) - 1


class Raw(bytes):
    """Bytes to be written as they are in place of a text, such as invalid UTF-8."""


def is_repeated(field):
    return field.is_repeated if hasattr(field, "is_repeated") else field.label == Field.LABEL_REPEATED


def is_map(field):
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def varint(number):
    number &= WORD
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def encode(descriptor, values):
    """The bytes of a message whose fields are given by name; lists for repeated fields, dictionaries for maps."""
    out = bytearray()
    for name, value in values.items():
        field = descriptor.fields_by_name[name]
        if value is None:
            continue
        if is_map(field):
            items = [{"key": key, "value": element} for key, element in value.items()]
        else:
            items = value if is_repeated(field) else [value]
        for item in items:
            out += encode_one(field, item)
    return bytes(out)


def encode_one(field, value):
    def tagged(wire_type, payload):
        return varint(field.number << 3 | wire_type) + payload

    if field.message_type is not None:
        body = value if isinstance(value, Raw) else encode(field.message_type, value)
        return tagged(DELIMITED, varint(len(body)) + body)
    if field.type in (Field.TYPE_STRING, Field.TYPE_BYTES):
        body = value if isinstance(value, bytes) else value.encode()
        return tagged(DELIMITED, varint(len(body)) + body)
    if field.type in (Field.TYPE_DOUBLE, Field.TYPE_FIXED64, Field.TYPE_SFIXED64):
        return tagged(FIXED_64, (value & WORD).to_bytes(8, "little"))
    if field.type in (Field.TYPE_FLOAT, Field.TYPE_FIXED32, Field.TYPE_SFIXED32):
        return tagged(FIXED_32, (value & WORD >> 32).to_bytes(4, "little"))
    if field.type in (Field.TYPE_SINT32, Field.TYPE_SINT64):
        return tagged(VARINT, varint(value << 1 ^ value >> 63))
    return tagged(VARINT, varint(int(value)))
