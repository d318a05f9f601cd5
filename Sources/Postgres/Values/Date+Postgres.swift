public import FoundationEssentials

/// `timestamptz`. A `Date` within centuries of today distinguishes microseconds, so a stored value is read back
/// exactly.
extension Date: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .timestamptz }
  public static var postgresArrayType: PostgresType { .timestamptzArray }

  /// 2001-01-01 00:00 UTC, the epoch of `Date`, in PostgreSQL's microseconds.
  private static let reference: Int64 = 31_622_400_000_000

  public func encode(into buffer: inout PostgresBuffer) {
    let seconds = timeIntervalSinceReferenceDate.rounded(.down)
    // Beyond PostgreSQL's range (4713 BC to 294276 AD) an infinity is sent.
    guard abs(seconds) < 9_000_000_000_000 else { return buffer.append(seconds < 0 ? Int64.min : Int64.max) }
    let microseconds = ((timeIntervalSinceReferenceDate - seconds) * 1_000_000).rounded()
    buffer.append(Int64(seconds) * 1_000_000 + Int64(microseconds) + Self.reference)
  }

  /// Reads `timestamptz`, or `timestamp` as UTC. The infinities become the distant dates.
  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .timestamptz || field.type == .timestamp else { throw field.mismatch(Self.self) }
    let microseconds = try field.integer(Int64.self)
    switch microseconds {
    case .max: self = .distantFuture
    case .min: self = .distantPast
    default: self.init(timeIntervalSinceReferenceDate: Self.seconds(microseconds))
    }
  }

  /// Converts to seconds. Splits whole seconds off before dividing, so that rounding happens once.
  private static func seconds(_ microseconds: Int64) -> Double {
    let (difference, overflow) = microseconds.subtractingReportingOverflow(reference)
    guard !overflow else { return Double(microseconds) / 1_000_000 }
    let (whole, part) = difference.quotientAndRemainder(dividingBy: 1_000_000)
    return Double(whole) + Double(part) / 1_000_000
  }
}
