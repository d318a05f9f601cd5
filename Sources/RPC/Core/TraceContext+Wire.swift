import Basics

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
      Hex.write(0, digits: 2, to: buffer, at: 0)
      buffer[2] = Self.dash
      Hex.write(traceID.high, digits: 16, to: buffer, at: 3)
      Hex.write(traceID.low, digits: 16, to: buffer, at: 19)
      buffer[35] = Self.dash
      Hex.write(spanID, digits: 16, to: buffer, at: 36)
      buffer[52] = Self.dash
      Hex.write(UInt64(flags), digits: 2, to: buffer, at: 53)
      return Self.traceparentLength
    }
  }

  private static let dash = UInt8(ascii: "-")

  /// A number of lower-case digits, as the recommendation writes them; nil when one of them is none.
  private static func hexadecimal(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> UInt64? {
    Hex.word(text[start..<start + count], isLowercase: true)
  }
}

extension TraceContext.TraceID: CustomStringConvertible {
  /// The trace's 32 hexadecimal digits in logs and collectors.
  public var description: String {
    let context = TraceContext(traceID: self, spanID: 1)
    return String(context.traceparent.dropFirst(3).prefix(32))
  }
}
