/// A JSON value read as a whole, for small texts that are not messages, such as configuration.
package indirect enum JSONValue: Sendable {
  case null
  case boolean(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Parses one value. A duplicate member is an error.
  ///
  /// - Parameters:
  ///   - json: The text, UTF-8.
  ///   - bytesMaximum: How many bytes are accepted.
  ///   - depthMaximum: How many levels of objects and lists may be nested.
  package init(parsing json: [UInt8], bytesMaximum: Int, depthMaximum: Int) throws(MessageError) {
    var scanner = try JSONScanner(json, bytesMaximum: bytesMaximum)
    self = try JSONValue(&scanner, depth: depthMaximum)
    try scanner.readEnd()
  }

  private init(_ scanner: inout JSONScanner, depth: Int) throws(MessageError) {
    switch try scanner.kind() {
    case .object: self = .object(try Self.members(&scanner, depth))
    case .array: self = .array(try Self.elements(&scanner, depth))
    case .string: self = .string(try scanner.readString())
    case .number: self = .number(try scanner.readNumber())
    case .boolean: self = .boolean(try scanner.readBoolean())
    case .null:
      try scanner.readNull()
      self = .null
    }
  }

  private static func members(_ scanner: inout JSONScanner, _ depth: Int) throws(MessageError) -> [String: JSONValue] {
    guard depth > 0 else { throw scanner.path.error(.tooDeep) }
    var members: [String: JSONValue] = [:]
    try scanner.enterObject()
    var isFirst = true
    while let name = try scanner.nextName(&isFirst) {
      scanner.path.enter(field: name)
      let value = try JSONValue(&scanner, depth: depth - 1)
      guard members.updateValue(value, forKey: name) == nil else { throw scanner.path.error(.duplicateField) }
      scanner.path.leave()
    }
    return members
  }

  private static func elements(_ scanner: inout JSONScanner, _ depth: Int) throws(MessageError) -> [JSONValue] {
    guard depth > 0 else { throw scanner.path.error(.tooDeep) }
    var elements: [JSONValue] = []
    try scanner.enterArray()
    var isFirst = true
    while try scanner.nextElement(&isFirst) {
      scanner.path.enter(index: elements.count)
      elements.append(try JSONValue(&scanner, depth: depth - 1))
      scanner.path.leave()
    }
    return elements
  }
}
