extension TraceContext {
  /// The length of `traceparent`, version 00.
  static let traceparentLength = 55

  /// Parses `traceparent`. Returns nil when it is malformed, has version ff, or has a zero ID.
  ///
  /// Of a later version the fields of version 00 are parsed, as the recommendation requires (section 4.3).
  public init?(traceparent: String, state: String = "") {
    var text = traceparent
    let parsed = text.withUTF8 { Self.parse(UnsafeRawBufferPointer($0)) }
    guard var parsed else { return nil }
    parsed.state = state
    self = parsed
  }

  static func parse(_ text: UnsafeRawBufferPointer) -> TraceContext? {
    guard text.count >= traceparentLength, let version = hexadecimal(text, 0, 2), version != 0xff else { return nil }
    guard text.count == traceparentLength || (version > 0 && text[traceparentLength] == dash) else { return nil }
    guard text[2] == dash, text[35] == dash, text[52] == dash else { return nil }
    guard let high = hexadecimal(text, 3, 16), let low = hexadecimal(text, 19, 16),
      let span = hexadecimal(text, 36, 16), let flags = hexadecimal(text, 53, 2)
    else { return nil }
    guard high | low != 0, span != 0 else { return nil }
    return TraceContext(traceID: TraceID(high: high, low: low), spanID: span, flags: UInt8(flags))
  }

  /// The value of `traceparent` in version 00.
  public var traceparent: String {
    String(unsafeUninitializedCapacity: Self.traceparentLength) { buffer in
      Self.write(0, digits: 2, to: buffer, at: 0)
      buffer[2] = Self.dash
      Self.write(traceID.high, digits: 16, to: buffer, at: 3)
      Self.write(traceID.low, digits: 16, to: buffer, at: 19)
      buffer[35] = Self.dash
      Self.write(spanID, digits: 16, to: buffer, at: 36)
      buffer[52] = Self.dash
      Self.write(UInt64(flags), digits: 2, to: buffer, at: 53)
      return Self.traceparentLength
    }
  }

  private static let dash = UInt8(ascii: "-")

  private static func hexadecimal(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> UInt64? {
    var value: UInt64 = 0
    for index in start..<(start + count) {
      switch text[index] {
      case let digit where digit >= UInt8(ascii: "0") && digit <= UInt8(ascii: "9"):
        value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
      case let digit where digit >= UInt8(ascii: "a") && digit <= UInt8(ascii: "f"):
        value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return value
  }

  private static func write(_ value: UInt64, digits: Int, to buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
    for index in 0..<digits {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(4 * (digits - 1 - index)) & 0xf)
      buffer[start + index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
  }
}

extension TraceContext.TraceID: CustomStringConvertible {
  /// The trace's 32 hexadecimal digits in logs and collectors.
  public var description: String {
    let context = TraceContext(traceID: self, spanID: 1)
    return String(context.traceparent.dropFirst(3).prefix(32))
  }
}
