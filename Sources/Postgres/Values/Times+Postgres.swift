public import Basics
public import FoundationEssentials

/// `date`. What never comes is PostgreSQL's infinity.
extension Day: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .date }
  public static var postgresArrayType: PostgresType { .dateArray }

  /// PostgreSQL counts days from 2000-01-01.
  private static let postgresEpoch: Int32 = 10_957

  public func encode(into buffer: inout PostgresBuffer) {
    guard self != .never else { return buffer.append(Int32.max) }
    let (days, overflow) = rawValue.subtractingReportingOverflow(Self.postgresEpoch)
    buffer.append(overflow ? Int32.min : days)
  }

  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .date else { throw field.mismatch(Self.self) }
    let days = try field.integer(Int32.self)
    let (sum, overflow) = days.addingReportingOverflow(Self.postgresEpoch)
    self.init(rawValue: overflow ? .max : sum)
  }
}

/// `timestamptz`. What never happens is PostgreSQL's infinity.
extension Instant: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .timestamptz }
  public static var postgresArrayType: PostgresType { .timestamptzArray }

  /// PostgreSQL counts from 2000-01-01 00:00 UTC.
  private static let postgresEpoch: Int64 = 946_684_800_000_000

  public func encode(into buffer: inout PostgresBuffer) {
    guard self != .never, self != .distantPast else { return buffer.append(rawValue) }
    let (microseconds, overflow) = rawValue.subtractingReportingOverflow(Self.postgresEpoch)
    buffer.append(overflow ? Int64.min : microseconds)
  }

  /// Reads `timestamptz`, and `timestamp` taken as UTC; the infinities become the extreme values.
  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .timestamptz || field.type == .timestamp else { throw field.mismatch(Self.self) }
    let microseconds = try field.integer(Int64.self)
    guard microseconds != .max, microseconds != .min else {
      self.init(rawValue: microseconds)
      return
    }
    let (unix, overflow) = microseconds.addingReportingOverflow(Self.postgresEpoch)
    self.init(rawValue: overflow ? .max : unix)
  }
}

/// `timestamptz`. A `Date` within centuries of today tells microseconds apart, so a value stored and read again is the
/// same to the microsecond.
extension Date: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .timestamptz }
  public static var postgresArrayType: PostgresType { .timestamptzArray }

  /// 2001-01-01 00:00 UTC, where a `Date` counts from, as PostgreSQL counts.
  private static let reference: Int64 = 31_622_400_000_000

  public func encode(into buffer: inout PostgresBuffer) {
    let seconds = timeIntervalSinceReferenceDate.rounded(.down)
    // Beyond PostgreSQL's range (4713 BC to 294276 AD) the server gets an infinity.
    guard abs(seconds) < 9_000_000_000_000 else { return buffer.append(seconds < 0 ? Int64.min : Int64.max) }
    let microseconds = ((timeIntervalSinceReferenceDate - seconds) * 1_000_000).rounded()
    buffer.append(Int64(seconds) * 1_000_000 + Int64(microseconds) + Self.reference)
  }

  /// Reads `timestamptz`, and `timestamp` taken as UTC; the infinities become the distant dates.
  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .timestamptz || field.type == .timestamp else { throw field.mismatch(Self.self) }
    let microseconds = try field.integer(Int64.self)
    switch microseconds {
    case .max: self = .distantFuture
    case .min: self = .distantPast
    default: self.init(timeIntervalSinceReferenceDate: Self.seconds(microseconds))
    }
  }

  /// Splits whole seconds off before dividing, so that no digit is lost to rounding twice.
  private static func seconds(_ microseconds: Int64) -> Double {
    let (difference, overflow) = microseconds.subtractingReportingOverflow(reference)
    guard !overflow else { return Double(microseconds) / 1_000_000 }
    let (whole, part) = difference.quotientAndRemainder(dividingBy: 1_000_000)
    return Double(whole) + Double(part) / 1_000_000
  }
}
