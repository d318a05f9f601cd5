import Messages

/// A value of a JSON configuration and its path, so that every error names its place.
struct ConfigValue {
  let value: JSONValue
  let place: String

  func error(_ reason: String) -> ServiceConfig.ParseError {
    ServiceConfig.ParseError(place: place, reason: reason)
  }

  /// Returns a member of an object. Nil when it is missing or null, which means the same (proto3's JSON mapping).
  func member(_ name: String) throws(ServiceConfig.ParseError) -> ConfigValue? {
    guard let value = try object()[name] else { return nil }
    if case .null = value { return nil }
    return ConfigValue(value: value, place: "\(place).\(name)")
  }

  /// Returns a required member.
  func required(_ name: String) throws(ServiceConfig.ParseError) -> ConfigValue {
    if let member = try member(name) { return member }
    throw ServiceConfig.ParseError(place: "\(place).\(name)", reason: "it is required and missing")
  }

  func object() throws(ServiceConfig.ParseError) -> [String: JSONValue] {
    guard case .object(let members) = value else { throw error("write an object here") }
    return members
  }

  func elements() throws(ServiceConfig.ParseError) -> [ConfigValue] {
    guard case .array(let elements) = value else { throw error("write a list here") }
    return elements.enumerated().map { ConfigValue(value: $0.element, place: "\(place)[\($0.offset)]") }
  }

  func string() throws(ServiceConfig.ParseError) -> String {
    guard case .string(let text) = value else { throw error("write a string here") }
    return text
  }

  func boolean() throws(ServiceConfig.ParseError) -> Bool {
    guard case .boolean(let value) = value else { throw error("write true or false here") }
    return value
  }

  /// Reads an integer, written as number or as string.
  func integer(_ range: ClosedRange<Int>) throws(ServiceConfig.ParseError) -> Int {
    guard let (isNegative, magnitude) = number?.integer, let value = Int(exactly: magnitude) else {
      throw error("write an integer here, \(Self.text(range))")
    }
    let signed = isNegative ? -value : value
    guard range.contains(signed) else { throw error("it is \(signed); write \(Self.text(range))") }
    return signed
  }

  /// Reads a positive number, written as number or as string.
  func positiveNumber() throws(ServiceConfig.ParseError) -> Double {
    guard let value = number?.floatingPoint(Double.self), value > 0 else {
      throw error("write a number greater than zero here")
    }
    return value
  }

  /// Reads a duration such as `"1.5s"`. gRFC A6 writes `".5s"` too.
  func duration() throws(ServiceConfig.ParseError) -> Duration {
    let advice = "write a time in seconds here, such as \"1.5s\""
    guard case .string(let text) = value else { throw error(advice) }
    let whole = text.hasPrefix(".") ? "0\(text)" : text
    guard let (seconds, nanos) = DurationText.decode(Array(whole.utf8)) else { throw error(advice) }
    guard seconds >= 0, nanos >= 0 else { throw error("the time must not be negative") }
    return .seconds(seconds) + .nanoseconds(Int64(nanos))
  }

  func positiveDuration() throws(ServiceConfig.ParseError) -> Duration {
    let duration = try duration()
    guard duration > .zero else { throw error("write a time greater than zero here") }
    return duration
  }

  /// Reads a status by its name, such as `UNAVAILABLE`, or by its number.
  func statusCode() throws(ServiceConfig.ParseError) -> StatusCode {
    if case .string(let name) = value, let code = StatusCode.defined.first(where: { $0.description == name }) {
      return code
    }
    if case .number(let number) = value, let (isNegative, magnitude) = number.integer, !isNegative,
      let code = StatusCode.defined.first(where: { UInt64($0.rawValue) == magnitude })
    {
      return code
    }
    throw error("this is not a status of gRPC; write a name such as \"UNAVAILABLE\" or a number from 0 to 16")
  }

  private var number: JSONNumber? {
    switch value {
    case .number(let number): number
    case .string(let text): JSONNumber(Array(text.utf8)[...])
    default: nil
    }
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }
}

extension StatusCode {
  fileprivate static var defined: [StatusCode] { (0..<definedCount).map { StatusCode(rawValue: $0) } }
}
