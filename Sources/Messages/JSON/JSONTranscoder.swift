/// Converts the messages of one type between JSON and wire format along its descriptor, without a Swift type for it.
public struct JSONTranscoder: Sendable {
  private let types: TypeRegistry
  private let description: MessageDescription

  /// Returns nil when the registry does not have the type.
  ///
  /// - Parameters:
  ///   - type: The full name, such as `patron.members.v1.Member`.
  ///   - types: The registry of the type, and of all that a `google.protobuf.Any` in it may hold.
  public init?(_ type: String, types: TypeRegistry) {
    guard let description = types.message(type) else { return nil }
    self.types = types
    self.description = description
  }

  /// Converts JSON to wire format.
  ///
  /// - Throws: ``MessageError`` when the text is not JSON, does not fit the type, or exceeds a limit.
  public func wire(_ json: [UInt8]) throws(MessageError) -> [UInt8] {
    var reader = try JSONReader(json, options: .defaults, types: types)
    return try reader.read(description)
  }

  /// Converts wire format to JSON.
  ///
  /// - Throws: ``MessageError`` when the bytes are not a message of the type, or a value has no JSON form.
  public func json(_ wire: [UInt8]) throws(MessageError) -> [UInt8] {
    try wire.withUnsafeBufferPointer { bytes throws(MessageError) in
      var writer = JSONWriter(options: .defaults, types: types)
      try writer.write(description, UnsafeRawBufferPointer(bytes))
      return writer.json
    }
  }
}
