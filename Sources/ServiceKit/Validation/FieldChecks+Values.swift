public import Foundation
public import Messages

extension FieldChecks {
  /// A text whose number of characters (Unicode scalars, as PostgreSQL's `char_length` counts) is in a range, without
  /// control characters other than line breaks and tabs.
  public mutating func text(_ field: String, _ text: String, _ length: ClosedRange<Int>) -> String {
    let count = text.unicodeScalars.count
    if count == 0, length.lowerBound > 0 {
      refuse(field, reason: "REQUIRED", "fill this field in")
    } else if count < length.lowerBound {
      refuse(field, reason: "TOO_SHORT", "give at least \(length.lowerBound) characters; these are \(count)")
    } else if count > length.upperBound {
      refuse(field, reason: "TOO_LONG", "give at most \(length.upperBound) characters; these are \(count)")
    } else if text.unicodeScalars.contains(where: Self.isControl) {
      refuse(field, reason: "CONTROL_CHARACTER", "leave control characters out")
    }
    return text
  }

  /// A whole number in a range.
  public mutating func number<Number: BinaryInteger>(
    _ field: String,
    _ value: Number,
    _ range: ClosedRange<Number>
  ) -> Number {
    guard range.contains(value) else {
      refuse(
        field,
        reason: "OUT_OF_RANGE",
        "give a number from \(range.lowerBound) to \(range.upperBound), not \(value)"
      )
      return range.lowerBound
    }
    return value
  }

  /// The number of elements of a repeated field.
  public mutating func count(_ field: String, _ count: Int, _ range: ClosedRange<Int>) {
    check(
      range.contains(count),
      field,
      reason: count < range.lowerBound ? "TOO_FEW" : "TOO_MANY",
      "give \(range.lowerBound) to \(range.upperBound) of them, not \(count)"
    )
  }

  /// A message field, or a `oneof`, that must be there.
  public mutating func required<Value>(_ field: String, _ value: Value?) -> Value? {
    if value == nil { refuse(field, reason: "REQUIRED", "fill this field in") }
    return value
  }

  /// The number of an enum value; 0 means that none was given.
  public mutating func choice(_ field: String, _ rawValue: Int32, among allowed: some Collection<Int32>) -> Int32 {
    if rawValue == 0, !allowed.contains(0) {
      refuse(field, reason: "REQUIRED", "choose one of the defined values")
    } else if !allowed.contains(rawValue) {
      refuse(field, reason: "UNKNOWN_VALUE", "choose one of the defined values, not \(rawValue)")
    }
    return rawValue
  }

  /// A value of an enum that this version knows.
  ///
  /// - Parameter optional: Whether the caller may leave it out, which is the value 0.
  public mutating func choice<Value: OpenEnum>(_ field: String, _ value: Value, optional: Bool = false) {
    let known = Value.allKnownValues.map(\.rawValue)
    _ = choice(field, value.rawValue, among: optional ? known : known.filter { $0 != 0 })
  }

  /// An ISO 4217 currency code: three capital letters.
  public mutating func currency(_ field: String, _ code: String) -> String {
    let isCode = code.utf8.count == 3 && code.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    check(isCode, field, reason: "NOT_CURRENCY_CODE", "give an ISO 4217 code of three capital letters, such as CNY")
    return code
  }

  /// The paths of a field mask: at least one, each of them allowed.
  public mutating func mask(_ field: String, _ paths: [String]?, allowed: Set<String>) -> Set<String> {
    let paths = Set(paths ?? [])
    check(!paths.isEmpty, field, reason: "REQUIRED", "name the fields to change")
    for path in paths.subtracting(allowed).sorted() {
      let known = allowed.sorted().joined(separator: ", ")
      refuse(field, reason: "UNKNOWN_PATH", "\(path.prefix(64)) cannot be changed; these can: \(known)")
    }
    return paths.intersection(allowed)
  }

  /// A moment that must be there, at most `latest`. Valid from year 1 to 9999 (google/protobuf/timestamp.proto).
  public mutating func timestamp<Timestamp: TimestampMessage>(
    _ field: String,
    _ timestamp: Timestamp?,
    latest: Date? = nil
  ) -> Date {
    guard let timestamp = required(field, timestamp) else { return Date(timeIntervalSince1970: 0) }
    guard timestamp.isValid else {
      refuse(field, reason: "NOT_TIMESTAMP", "give a moment from year 1 to 9999, with nanos from 0 to 999999999")
      return Date(timeIntervalSince1970: 0)
    }
    let date = timestamp.date
    if let latest, date > latest { refuse(field, reason: "IN_FUTURE", "give a moment that is not in the future") }
    return date
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    (scalar.value < 0x20 && scalar != "\n" && scalar != "\t" && scalar != "\r") || scalar.value == 0x7F
  }
}
