/// A time in whole microseconds since 1970-01-01 00:00 UTC: the exact value of a `timestamptz` column.
public struct UnixMicroseconds: RawRepresentable, Sendable, Hashable, Comparable {
  /// Microseconds since 1970-01-01 00:00 UTC.
  public var rawValue: Int64

  public init(rawValue: Int64) {
    self.rawValue = rawValue
  }

  public init(_ microseconds: Int64) {
    self.rawValue = microseconds
  }

  public static func < (left: UnixMicroseconds, right: UnixMicroseconds) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The time that PostgreSQL counts from, 2000-01-01 00:00 UTC.
  static let postgresEpoch: Int64 = 946_684_800_000_000

  /// PostgreSQL's `infinity` and `-infinity`.
  static let distantFuture = UnixMicroseconds(.max)
  static let distantPast = UnixMicroseconds(.min)
}

extension UnixMicroseconds: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .timestamptz }
  public static var postgresArrayType: PostgresType { .timestamptzArray }

  public func encode(into buffer: inout PostgresBuffer) {
    guard self != .distantFuture, self != .distantPast else { return buffer.append(rawValue) }
    let (microseconds, overflow) = rawValue.subtractingReportingOverflow(Self.postgresEpoch)
    buffer.append(overflow ? Int64.min : microseconds)
  }

  /// Reads `timestamptz`, or `timestamp` as UTC. The infinities become the extreme values.
  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .timestamptz || field.type == .timestamp else { throw field.mismatch(Self.self) }
    let microseconds = try field.integer(Int64.self)
    guard microseconds != .max, microseconds != .min else {
      rawValue = microseconds
      return
    }
    let (unix, overflow) = microseconds.addingReportingOverflow(Self.postgresEpoch)
    rawValue = overflow ? .max : unix
  }
}
