/// Named values sent beside a call's messages, in order, including duplicates.
///
/// A name ending in `-bin` has bytes (base64 on the wire), any other name has text. Names are lower case. Names
/// starting with `grpc-` or `:` and the names of HTTP/2 itself are reserved. Such fields, and invalid names or texts,
/// are never sent (see ``Field/isSendable``).
public struct Metadata: Sendable, Hashable {
  /// One name with its value.
  public struct Field: Sendable, Hashable {
    /// The lower-case name.
    public var key: String
    /// The value, binary exactly when the name ends in `-bin`.
    public var value: Value
  }

  /// A text or bytes.
  public enum Value: Sendable, Hashable, ExpressibleByStringLiteral {
    /// Printable ASCII.
    case string(String)
    /// Any bytes.
    case binary([UInt8])

    /// Makes a text.
    public init(stringLiteral value: String) { self = .string(value) }
  }

  private var fields: [Field]

  /// No fields.
  public init() { fields = [] }

  /// Appends a text. Precondition: `key` does not end in `-bin`.
  public mutating func add(_ key: String, _ value: String) {
    fields.append(Field(key: key.lowercasedIfNeeded, value: .string(value)))
  }

  /// Appends bytes. Precondition: `key` ends in `-bin`.
  public mutating func add(_ key: String, _ value: [UInt8]) {
    fields.append(Field(key: key.lowercasedIfNeeded, value: .binary(value)))
  }

  /// Appends every field of `other`.
  public mutating func add(_ other: Metadata) { fields.append(contentsOf: other.fields) }

  mutating func add(_ field: Field) { fields.append(field) }

  /// Removes every value of `key` and appends `value`.
  public mutating func replace(_ key: String, _ value: String) {
    removeAll(key)
    add(key, value)
  }

  /// Removes every value of `key` and appends `value`.
  public mutating func replace(_ key: String, _ value: [UInt8]) {
    removeAll(key)
    add(key, value)
  }

  /// Removes every value of `key`.
  public mutating func removeAll(_ key: String) {
    let key = key.lowercasedIfNeeded
    fields.removeAll { $0.key == key }
  }

  /// Returns all values of `key` in order.
  public func values(for key: String) -> [Value] {
    let key = key.lowercasedIfNeeded
    return fields.compactMap { $0.key == key ? $0.value : nil }
  }

  /// The first text under `key`, if any.
  public subscript(key: String) -> String? {
    let key = key.lowercasedIfNeeded
    for field in fields where field.key == key {
      if case .string(let text) = field.value { return text }
    }
    return nil
  }

  /// The first bytes under `key` (a `-bin` name), if any.
  public subscript(binary key: String) -> [UInt8]? {
    let key = key.lowercasedIfNeeded
    for field in fields where field.key == key {
      if case .binary(let bytes) = field.value { return bytes }
    }
    return nil
  }
}

extension Metadata: RandomAccessCollection {
  /// The first position.
  public var startIndex: Int { 0 }
  /// The position after the last.
  public var endIndex: Int { fields.count }
  /// The field at a position.
  public subscript(position: Int) -> Field { fields[position] }
}

extension Metadata: ExpressibleByDictionaryLiteral {
  /// Makes metadata from fields in order, including duplicates.
  public init(dictionaryLiteral elements: (String, Value)...) {
    self.init()
    for (key, value) in elements { add(Field(key: key.lowercasedIfNeeded, value: value)) }
  }
}

extension String {
  fileprivate var lowercasedIfNeeded: String {
    utf8.contains { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") } ? lowercased() : self
  }
}
