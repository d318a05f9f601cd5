/// The types of google.protobuf that JSON writes in ways of their own.
enum WellKnownSchema {
  /// Returns the schema of a message by its full name, nil for an ordinary message.
  static func schema(of message: String) -> JSONNode? {
    switch message {
    case "google.protobuf.Timestamp": text(("format", .text("date-time")))
    case "google.protobuf.Duration": text(("pattern", .text("^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$")))
    case "google.protobuf.FieldMask":
      text(("x-patron-field-mask", .text("Names of fields in camelCase, separated by commas.")))
    case "google.protobuf.Struct": .object([("type", .text("object"))])
    case "google.protobuf.Any": .object([("type", .text("object")), ("properties", .object([("@type", text())]))])
    case "google.protobuf.Empty": .object([("type", .text("object")), ("additionalProperties", .bool(false))])
    case "google.protobuf.StringValue": text()
    case "google.protobuf.BoolValue": .object([("type", .text("boolean"))])
    case "google.protobuf.Int32Value": .object([("type", .text("integer"))])
    case "google.protobuf.Int64Value": text(("format", .text("int64")))
    default: nil
    }
  }

  private static func text(_ further: (String, JSONNode)...) -> JSONNode {
    .object([("type", .text("string"))] + further)
  }
}
