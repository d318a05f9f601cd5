// The JSON mapping of protocol buffers: https://protobuf.dev/programming-guides/json

extension Message {
  /// Encodes the message as JSON, fields in the order of their numbers, without white space.
  ///
  /// - Parameters:
  ///   - options: The form of the JSON.
  ///   - types: The registry of all types, including those in a `google.protobuf.Any`. Default: that of the message's
  ///     module.
  /// - Returns: UTF-8.
  /// - Throws: ``MessageError`` when a value has no JSON form, an `Any` holds a message of an unknown type, or the
  ///   message exceeds a limit.
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

  /// Decodes a message from JSON.
  ///
  /// - Parameters:
  ///   - jsonBytes: One JSON value in UTF-8.
  ///   - options: What is accepted.
  ///   - types: The registry of all types, including those in a `google.protobuf.Any`. Default: that of the message's
  ///     module.
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
