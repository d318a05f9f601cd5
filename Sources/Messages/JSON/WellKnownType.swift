/// The types of `google.protobuf` that have a JSON form of their own.
///
/// `Empty` is not among them: an empty object is what any message without fields looks like.
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

  /// The type that any JSON value fits, null too.
  static let anyValue = "google.protobuf.Value"

  init?(fullName: String) {
    let package = "google.protobuf."
    guard fullName.hasPrefix(package) else { return nil }
    self.init(rawValue: String(fullName.dropFirst(package.count)))
  }
}
