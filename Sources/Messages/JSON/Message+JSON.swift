// The JSON mapping of protocol buffers: https://protobuf.dev/programming-guides/json

extension Message {
  /// Writes the message as JSON, fields in the order of their numbers, without white space.
  ///
  /// - Parameters:
  ///   - options: What the JSON looks like.
  ///   - types: Where types are looked up, also those inside of a `google.protobuf.Any`. The types of the message's own
  ///     module if none are given.
  /// - Returns: UTF-8.
  /// - Throws: ``MessageError`` when a value has no JSON form, an `Any` holds a message of an unknown type, or the message
  ///   exceeds a limit.
  public func jsonBytes(
    options: JSONEncodingOptions = .defaults,
    types: TypeRegistry? = nil
  ) throws(MessageError) -> [UInt8] {
    let types = types ?? Self.types
    let type = Self.messageType.fullName
    guard let description = types.message(type) else { throw MessageError(.unknownType, type) }
    let bytes = try serializedBytes()
    return try bytes.withUnsafeBufferPointer { bytes throws(MessageError) in
      var writer = JSONWriter(options: options, types: types)
      try writer.write(description, UnsafeRawBufferPointer(bytes))
      return writer.json
    }
  }

  /// Reads a message from JSON.
  ///
  /// - Parameters:
  ///   - jsonBytes: One JSON value in UTF-8.
  ///   - options: What is accepted.
  ///   - types: Where types are looked up, also those inside of a `google.protobuf.Any`. The types of the message's own
  ///     module if none are given.
  /// - Throws: ``MessageError`` when the text is not JSON, does not fit the type, or exceeds a limit.
  public init(
    jsonBytes: [UInt8],
    options: JSONDecodingOptions = .defaults,
    types: TypeRegistry? = nil
  ) throws(MessageError) {
    let types = types ?? Self.types
    let type = Self.messageType.fullName
    guard let description = types.message(type) else { throw MessageError(.unknownType, type) }
    var reader = try JSONReader(jsonBytes, options: options, types: types)
    try self.init(serializedBytes: try reader.read(description), limits: options.limits)
  }
}
