/// The types of `google.protobuf` with a JSON form of their own.
///
/// `Empty` is not among them, because an empty object is the JSON of any message without fields.
enum WellKnownType: String, Sendable {
  case any = "Any"
  case timestamp = "Timestamp"
  case duration = "Duration"
  case fieldMask = "FieldMask"
  case structure = "Struct"
  case value = "Value"
  case listValue = "ListValue"
  case doubleValue = "DoubleValue"
  case floatValue = "FloatValue"
  case int64Value = "Int64Value"
  case uint64Value = "UInt64Value"
  case int32Value = "Int32Value"
  case uint32Value = "UInt32Value"
  case boolValue = "BoolValue"
  case stringValue = "StringValue"
  case bytesValue = "BytesValue"

  /// The enum whose only value is JSON's null.
  static let nullValue = "google.protobuf.NullValue"

  /// The type that accepts any JSON value, including null.
  static let anyValue = "google.protobuf.Value"

  init?(fullName: String) {
    let package = "google.protobuf."
    guard fullName.hasPrefix(package) else { return nil }
    self.init(rawValue: String(fullName.dropFirst(package.count)))
  }
}
