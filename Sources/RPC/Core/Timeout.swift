import Basics

/// The value of `grpc-timeout`: one to eight digits and a unit (grpc doc/PROTOCOL-HTTP2.md, "Timeout").
enum Timeout {
  private static let digitsMaximum = 8
  private static let valueMaximum: Int64 = 99_999_999

  /// The units, finest first, with their length in nanoseconds.
  private static let units: [(symbol: UInt8, nanoseconds: Int64)] = [
    (UInt8(ascii: "n"), 1),
    (UInt8(ascii: "u"), 1_000),
    (UInt8(ascii: "m"), 1_000_000),
    (UInt8(ascii: "S"), 1_000_000_000),
    (UInt8(ascii: "M"), 60_000_000_000),
    (UInt8(ascii: "H"), 3_600_000_000_000),
  ]

  /// Encodes a time-out in the finest unit that fits in eight digits, rounded up so that the peer never gives up early.
  static func encode(nanoseconds: Int64) -> String {
    let nanoseconds = max(nanoseconds, 0)
    for unit in units {
      let value = nanoseconds / unit.nanoseconds + (nanoseconds % unit.nanoseconds == 0 ? 0 : 1)
      if value <= valueMaximum { return "\(value)\(Character(UnicodeScalar(unit.symbol)))" }
    }
    return "\(valueMaximum)H"
  }

  static func encode(_ timeout: Duration) -> String { encode(nanoseconds: timeout.wholeNanoseconds) }

  /// The greatest decoded time-out, a hundred years, so that adding it to a clock never overflows.
  static let nanosecondsMaximum: Int64 = 100 * 365 * 24 * 3_600_000_000_000

  /// - Returns: Nanoseconds, at most ``nanosecondsMaximum``. Nil when the text is not a time-out.
  static func decode(_ text: UnsafeRawBufferPointer) -> Int64? {
    guard text.count >= 2, text.count <= digitsMaximum + 1, let symbol = text.last else { return nil }
    guard let unit = units.first(where: { $0.symbol == symbol }) else { return nil }
    var value: Int64 = 0
    for digit in text.dropLast() {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    let (nanoseconds, overflow) = value.multipliedReportingOverflow(by: unit.nanoseconds)
    return overflow ? nanosecondsMaximum : min(nanoseconds, nanosecondsMaximum)
  }

  static func decode(_ text: String) -> Int64? {
    var text = text
    return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
  }
}
