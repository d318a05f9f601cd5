public import CProtobufC

// Copies fields out of protobuf-c structures, for generated code.

extension String {
  /// Copies a string field.
  ///
  /// - Parameters:
  ///   - c: The bytes on the wire.
  ///   - field: The field's full proto name, for the error.
  /// - Throws: ``MessageError`` when the bytes are not UTF-8.
  public init(copying c: ProtobufCBinaryData, field: StaticString) throws(MessageError) {
    if c.len == 0 {
      self = ""
      return
    }
    do {
      let text = try UTF8Span(validating: UnsafeBufferPointer(start: c.data, count: c.len).span)
      self.init(copying: text)
    } catch {
      throw MessageError(.invalidUTF8, field.description)
    }
  }
}

extension [UInt8] {
  /// Copies a bytes field.
  ///
  /// - Parameter c: The bytes on the wire.
  @inlinable
  public init(copying c: ProtobufCBinaryData) {
    self.init(UnsafeBufferPointer(start: c.data, count: c.data == nil ? 0 : c.len))
  }
}

extension OpenEnum {
  /// Copies an enum field.
  ///
  /// - Parameter c: The C enum.
  @inlinable
  public init<CEnum: RawRepresentable>(copying c: CEnum) where CEnum.RawValue: FixedWidthInteger {
    self.init(rawValue: Int32(truncatingIfNeeded: c.rawValue))
  }
}

extension Optional where Wrapped: Message {
  /// Copies a message field.
  ///
  /// - Parameter c: The structure, or nil when the field is not set.
  /// - Throws: ``MessageError`` when a string in it is not UTF-8.
  @inlinable
  public init<Structure>(copying c: UnsafeMutablePointer<Structure>?) throws(MessageError) {
    self = if let c { try Wrapped(copying: c) } else { nil }
  }
}

extension Array {
  /// Copies a repeated field of numbers.
  ///
  /// - Parameters:
  ///   - elements: The C array.
  ///   - count: How many elements it has.
  @inlinable
  public init(copying elements: UnsafeMutablePointer<Element>?, count: Int) where Element: BitwiseCopyable {
    self.init(UnsafeBufferPointer(start: elements, count: elements == nil ? 0 : count))
  }

  /// Copies a repeated field of messages.
  ///
  /// - Parameters:
  ///   - elements: The C array of pointers to structures.
  ///   - count: How many elements it has.
  /// - Throws: ``MessageError`` when a string in one of them is not UTF-8.
  @inlinable
  public init<Structure>(
    copying elements: UnsafeMutablePointer<UnsafeMutablePointer<Structure>?>?,
    count: Int
  ) throws(MessageError) where Element: Message {
    self.init()
    guard count > 0, let elements else { return }
    reserveCapacity(count)
    for index in 0..<count {
      guard let element = elements[index] else { continue }
      append(try Element(copying: element))
    }
  }

  /// Copies a repeated enum field.
  ///
  /// - Parameters:
  ///   - elements: The C array.
  ///   - count: How many elements it has.
  @inlinable
  public init<CEnum: RawRepresentable>(
    copying elements: UnsafeMutablePointer<CEnum>?,
    count: Int
  ) where Element: OpenEnum, CEnum.RawValue: FixedWidthInteger {
    self = UnsafeBufferPointer(start: elements, count: elements == nil ? 0 : count).map { Element(copying: $0) }
  }
}

extension [Bool] {
  /// Copies a repeated boolean field.
  ///
  /// - Parameters:
  ///   - elements: The C array.
  ///   - count: How many elements it has.
  public init(copying elements: UnsafeMutablePointer<protobuf_c_boolean>?, count: Int) {
    self = UnsafeBufferPointer(start: elements, count: elements == nil ? 0 : count).map { $0 != 0 }
  }
}

extension [String] {
  /// Copies a repeated string field.
  ///
  /// - Parameters:
  ///   - elements: The C array.
  ///   - count: How many elements it has.
  ///   - field: The field's full proto name, for the error.
  /// - Throws: ``MessageError`` when one of them is not UTF-8.
  public init(
    copying elements: UnsafeMutablePointer<ProtobufCBinaryData>?,
    count: Int,
    field: StaticString
  ) throws(MessageError) {
    self.init()
    guard count > 0, let elements else { return }
    reserveCapacity(count)
    for index in 0..<count {
      append(try String(copying: elements[index], field: field))
    }
  }
}

extension [[UInt8]] {
  /// Copies a repeated bytes field.
  ///
  /// - Parameters:
  ///   - elements: The C array.
  ///   - count: How many elements it has.
  public init(copying elements: UnsafeMutablePointer<ProtobufCBinaryData>?, count: Int) {
    self = UnsafeBufferPointer(start: elements, count: elements == nil ? 0 : count).map { [UInt8](copying: $0) }
  }
}

extension Dictionary {
  /// Copies a map field. The last of several entries with the same key wins.
  ///
  /// - Parameters:
  ///   - entries: The C array of pointers to entries.
  ///   - count: How many entries it has.
  ///   - keyAndValue: Copies one entry.
  /// - Throws: ``MessageError`` when a string in one of them is not UTF-8.
  @inlinable
  public init<Entry>(
    copying entries: UnsafeMutablePointer<UnsafeMutablePointer<Entry>?>?,
    count: Int,
    _ keyAndValue: (UnsafeMutablePointer<Entry>) throws(MessageError) -> (Key, Value)
  ) throws(MessageError) {
    self.init()
    guard count > 0, let entries else { return }
    reserveCapacity(count)
    for index in 0..<count {
      guard let entry = entries[index] else { continue }
      let (key, value) = try keyAndValue(entry)
      self[key] = value
    }
  }
}
