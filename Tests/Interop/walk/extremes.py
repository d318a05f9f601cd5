"""What is sent in place of a good value: the extremes of a field's type, and values in disguise."""

from google.protobuf.descriptor import FieldDescriptor as Field

from .wire import Raw, is_map, is_repeated

MAX_64, MIN_64 = (1 << 63) - 1, -(1 << 63)
MAX_32, MIN_32 = (1 << 31) - 1, -(1 << 31)
# The contract's ceiling of an amount, and the first number above it.
CEILING = 10**12

NUMBERS_64 = [0, 1, -1, MAX_64, MAX_64 - 7, MIN_64, CEILING, CEILING + 1, -CEILING, MAX_32 + 1]
NUMBERS_32 = [0, 1, -1, MAX_32, MIN_32, 501]
TEXTS = [
    "", "x", " ", "\u00a0", "x ", "\u200bx", "\u202ex", "a\u0301", "x\n", "x\0", "\U0001F600" * 16, "9" * 40, "-1", "x" * 100_000,
    "00000000-0000-0000-0000-000000000000", "9999-12-31", "0000-00-00", "10000-01-01", "2026-02-30", "CNY", "XXX",
    "+4401234567890", "points", "stored_cny",
    Raw(b"\xff\xfe"), Raw(b"\xed\xa0\x80"), Raw(b"ok\xc3"),
]
# Seconds of 0001-01-01, of the last second of 9999, and of what lies just outside.
YEAR_1, YEAR_9999 = -62_135_596_800, 253_402_300_799
TIMESTAMPS = [
    {}, {"seconds": YEAR_1}, {"seconds": YEAR_9999, "nanos": 999_999_999}, {"seconds": YEAR_9999 + 1},
    {"seconds": YEAR_1 - 1}, {"seconds": MAX_64}, {"seconds": MIN_64}, {"seconds": 1, "nanos": -1},
    {"seconds": 1, "nanos": 1_000_000_000}, {"seconds": 1, "nanos": MIN_32}, {"seconds": 4_102_444_800},
]
DURATIONS = [
    {}, {"seconds": 1}, {"seconds": -1}, {"seconds": 315_576_000_000}, {"seconds": -315_576_000_000},
    {"seconds": 315_576_000_001}, {"seconds": MAX_64}, {"seconds": MIN_64, "nanos": MIN_32},
    {"seconds": 1, "nanos": -1}, {"seconds": -1, "nanos": 1}, {"nanos": 1_000_000_000}, {"nanos": 1},
]
MASKS = [{}, {"paths": [""]}, {"paths": ["*"]}, {"paths": ["x" * 100_000]}, {"paths": ["name"] * 1_000}]

WELL_KNOWN = {
    "google.protobuf.Timestamp": TIMESTAMPS,
    "google.protobuf.Duration": DURATIONS,
    "google.protobuf.FieldMask": MASKS,
}


def of_type(field):
    """The extremes of one value of a field's type."""
    if field.message_type is not None:
        return WELL_KNOWN.get(field.message_type.full_name, [{}])
    if field.type in (Field.TYPE_STRING, Field.TYPE_BYTES):
        return TEXTS
    if field.type == Field.TYPE_BOOL:
        return [0, 1]
    if field.type == Field.TYPE_ENUM:
        return [0, -1, MAX_32, *(value.number for value in field.enum_type.values)]
    if field.type in (Field.TYPE_INT32, Field.TYPE_UINT32, Field.TYPE_SINT32):
        return NUMBERS_32
    return NUMBERS_64


def of_field(field, value):
    """The extremes of a whole field whose good value is given (None if it is left out): absent, each extreme of the type,
    and of a repeated field or a map none, the same twice, and very many."""
    yield None
    if is_map(field):
        yield {}
        for text in TEXTS:
            yield {text: "value"}
            yield {"key": text}
        yield {f"key-{number}": "value" for number in range(2_000)}
    elif is_repeated(field):
        good = value[0] if value else None
        for extreme in of_type(field):
            yield [extreme]
        if good is not None:
            yield [good, good]
            yield [good] * 1_001
    else:
        yield from of_type(field)
