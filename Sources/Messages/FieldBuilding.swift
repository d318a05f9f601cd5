public import CProtobufC

// Copies fields into protobuf-c structures, for generated code. An empty value has no memory and no address.

extension Arena {
  /// How deeply recursive messages may be nested when encoding. A decoder with the same limits accepts as much.
  private static let buildDepthMaximum = DecodingLimits.defaults.depth + 1

  /// Copies a string.
  ///
  /// - Throws: ``MessageError`` when the budget is spent.
  public func copy(_ text: String) throws(MessageError) -> ProtobufCBinaryData {
    let count = text.utf8.count
    guard count > 0 else { return ProtobufCBinaryData() }
    let memory = try allocate(byteCount: count)
    let isCopied: Void? = text.utf8.withContiguousStorageIfAvailable {
      memory.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: count)
    }
    let bytes = memory.bindMemory(to: UInt8.self, capacity: count)
    if isCopied == nil {
      for (offset, byte) in text.utf8.enumerated() { bytes[offset] = byte }
    }
    return ProtobufCBinaryData(len: count, data: bytes)
  }

  /// Copies bytes.
  ///
  /// - Throws: ``MessageError`` when the budget is spent.
  @inlinable
  public func copy(_ bytes: [UInt8]) throws(MessageError) -> ProtobufCBinaryData {
    ProtobufCBinaryData(len: bytes.count, data: try copy(numbers: bytes))
  }

  /// Copies a repeated field of numbers.
  ///
  /// - Throws: ``MessageError`` when the budget is spent.
  @inlinable
  public func copy<Number: BitwiseCopyable>(
    numbers: [Number]
  ) throws(MessageError) -> UnsafeMutablePointer<Number>? {
    guard !numbers.isEmpty else { return nil }
    let memory = try allocate(Number.self, count: numbers.count)
    _ = UnsafeMutableBufferPointer(start: memory, count: numbers.count).initialize(from: numbers)
    return memory
  }

  /// Copies a repeated boolean field.
  ///
  /// - Throws: ``MessageError`` when the budget is spent.
  public func copy(_ booleans: [Bool]) throws(MessageError) -> UnsafeMutablePointer<protobuf_c_boolean>? {
    guard !booleans.isEmpty else { return nil }
    let memory = try allocate(protobuf_c_boolean.self, count: booleans.count)
    for (index, value) in booleans.enumerated() { memory[index] = value ? 1 : 0 }
    return memory
  }

  /// Copies a repeated enum field.
  ///
  /// - Parameter type: The C enum.
  /// - Throws: ``MessageError`` when the budget is spent.
  @inlinable
  public func copy<Value: OpenEnum, CEnum: RawRepresentable & BitwiseCopyable>(
    _ values: [Value],
    as type: CEnum.Type
  ) throws(MessageError) -> UnsafeMutablePointer<CEnum>? where CEnum.RawValue: FixedWidthInteger {
    guard !values.isEmpty else { return nil }
    let memory = try allocate(CEnum.self, count: values.count)
    for (index, value) in values.enumerated() { memory[index] = cEnum(value) }
    return memory
  }

  /// Converts an enum to its C form.
  @inlinable
  public func cEnum<Value: OpenEnum, CEnum: RawRepresentable & BitwiseCopyable>(
    _ value: Value
  ) -> CEnum where CEnum.RawValue: FixedWidthInteger {
    // A C enum is an int and every number is a value of it.
    unsafeBitCast(value.rawValue, to: CEnum.self)
  }

  /// Copies a repeated string field.
  ///
  /// - Throws: ``MessageError`` when the budget is spent.
  public func copy(_ texts: [String]) throws(MessageError) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
    guard !texts.isEmpty else { return nil }
    let memory = try allocate(ProtobufCBinaryData.self, count: texts.count)
    for (index, text) in texts.enumerated() { memory[index] = try copy(text) }
    return memory
  }

  /// Copies a repeated bytes field.
  ///
  /// - Throws: ``MessageError`` when the budget is spent.
  public func copy(_ values: [[UInt8]]) throws(MessageError) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
    guard !values.isEmpty else { return nil }
    let memory = try allocate(ProtobufCBinaryData.self, count: values.count)
    for (index, value) in values.enumerated() { memory[index] = try copy(value) }
    return memory
  }

  /// Builds a repeated message field.
  ///
  /// - Parameters:
  ///   - messages: The elements.
  ///   - type: The C structure of an element.
  /// - Throws: ``MessageError`` when the budget is spent or an element nests too deeply.
  @inlinable
  public func build<Element: Message, Structure>(
    _ messages: [Element],
    as type: Structure.Type
  ) throws(MessageError) -> UnsafeMutablePointer<UnsafeMutablePointer<Structure>?>? {
    guard !messages.isEmpty else { return nil }
    let memory = try allocate(UnsafeMutablePointer<Structure>?.self, count: messages.count)
    for index in messages.indices {
      memory[index] = try messages[index].build(in: self).assumingMemoryBound(to: Structure.self)
    }
    return memory
  }

  /// Builds a map field, in the order of its keys so that equal maps have equal bytes.
  ///
  /// - Parameters:
  ///   - map: The entries.
  ///   - precedes: The order of keys.
  ///   - type: The C structure of an entry.
  ///   - entry: Builds one entry.
  /// - Throws: ``MessageError`` when the budget is spent or a value nests too deeply.
  @inlinable
  public func build<Key, Value, Entry>(
    _ map: [Key: Value],
    orderedBy precedes: (Key, Key) -> Bool,
    as type: Entry.Type,
    _ entry: (UnsafeMutablePointer<Entry>, Key, Value) throws(MessageError) -> Void
  ) throws(MessageError) -> UnsafeMutablePointer<UnsafeMutablePointer<Entry>?>? {
    guard !map.isEmpty else { return nil }
    let memory = try allocate(UnsafeMutablePointer<Entry>?.self, count: map.count)
    for (index, element) in map.sorted(by: { precedes($0.key, $1.key) }).enumerated() {
      let structure = try allocate(Entry.self)
      try entry(structure, element.key, element.value)
      memory[index] = structure
    }
    return memory
  }

  /// Builds a message of a recursive type and counts its depth.
  ///
  /// - Parameters:
  ///   - type: The message type, for the error.
  ///   - body: Builds the message.
  /// - Throws: ``MessageError`` of kind `tooDeep` beyond 100 levels, and what `body` throws.
  public func nested(
    _ type: MessageType,
    _ body: () throws(MessageError) -> UnsafeMutableRawPointer
  ) throws(MessageError) -> UnsafeMutableRawPointer {
    guard state.pointee.buildDepth < Self.buildDepthMaximum else { throw MessageError(.tooDeep, type.fullName) }
    state.pointee.buildDepth += 1
    defer { state.pointee.buildDepth -= 1 }
    return try body()
  }
}
