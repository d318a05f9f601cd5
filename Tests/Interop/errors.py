"""Reads google.rpc.Status and its details from a failed call, without generated code.

The few fields that are needed are declared here; the numbers are google/rpc's published ones.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def _build():
    file = descriptor_pb2.FileDescriptorProto(name="interop/errors.proto", package="interop", syntax="proto3")
    field = descriptor_pb2.FieldDescriptorProto

    def message(name, *fields, nested=()):
        declared = file.message_type.add(name=name)
        for number, field_name, kind, repeated, type_name in fields:
            declared.field.add(
                name=field_name, number=number, type=kind, type_name=type_name,
                label=field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL,
            )
        for entry in nested:
            declared.nested_type.append(entry)

    entry = descriptor_pb2.DescriptorProto(name="MetadataEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, type=field.TYPE_STRING, label=field.LABEL_OPTIONAL)
    entry.field.add(name="value", number=2, type=field.TYPE_STRING, label=field.LABEL_OPTIONAL)

    message("AnyValue", (1, "type_url", field.TYPE_STRING, False, None), (2, "value", field.TYPE_BYTES, False, None))
    message(
        "Status",
        (1, "code", field.TYPE_INT32, False, None),
        (2, "message", field.TYPE_STRING, False, None),
        (3, "details", field.TYPE_MESSAGE, True, ".interop.AnyValue"),
    )
    message(
        "ErrorInfo",
        (1, "reason", field.TYPE_STRING, False, None),
        (2, "domain", field.TYPE_STRING, False, None),
        (3, "metadata", field.TYPE_MESSAGE, True, ".interop.ErrorInfo.MetadataEntry"),
        nested=[entry],
    )
    message(
        "FieldViolation",
        (1, "field", field.TYPE_STRING, False, None),
        (2, "description", field.TYPE_STRING, False, None),
        (3, "reason", field.TYPE_STRING, False, None),
    )
    message("BadRequest", (1, "field_violations", field.TYPE_MESSAGE, True, ".interop.FieldViolation"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file) if hasattr(pool, "Add") else pool.AddSerializedFile(file.SerializeToString())
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"interop.{name}"))
        for name in ("Status", "ErrorInfo", "BadRequest")
    }


_TYPES = _build()


def details(error, type_name):
    """The details of the named type that came with a failed call."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            status = _TYPES["Status"].FromString(value)
            assert status.code == error.code().value[0]
            return [
                _TYPES[type_name].FromString(detail.value)
                for detail in status.details
                if detail.type_url == f"type.googleapis.com/google.rpc.{type_name}"
            ]
    return []


def error_info(error):
    (info,) = details(error, "ErrorInfo")
    return info


def reason_of(error_info_bytes):
    """The reason in an encoded ErrorInfo."""
    return _TYPES["ErrorInfo"].FromString(error_info_bytes).reason


def field_violations(error):
    return [violation for bad in details(error, "BadRequest") for violation in bad.field_violations]
