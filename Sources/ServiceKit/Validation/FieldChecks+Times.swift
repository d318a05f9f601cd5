public import Foundation
public import Messages

extension FieldChecks {
  /// A moment that must be there, from year 1 to 9999 (google/protobuf/timestamp.proto), cut to the microsecond.
  ///
  /// - Parameter latest: The latest moment that is taken; any if left out.
  public mutating func timestamp<Timestamp: TimestampMessage>(
    _ field: String,
    _ timestamp: Timestamp?,
    latest: Date? = nil
  ) -> Date {
    guard let timestamp = required(field, timestamp), isMoment(field, timestamp) else {
      return Date(timeIntervalSince1970: 0)
    }
    let date = timestamp.date
    if let latest, date > latest { refuse(field, reason: .inFuture, "give a moment that is not in the future") }
    return date
  }

  /// When a sale happened: neither further ahead than clocks may be, nor longer ago than sales are taken.
  public mutating func occurredAt<Timestamp: TimestampMessage>(
    _ field: String,
    _ timestamp: Timestamp?,
    _ times: RequestTimes
  ) -> Date {
    guard let timestamp = required(field, timestamp), isMoment(field, timestamp) else {
      return Date(timeIntervalSince1970: 0)
    }
    let microseconds = timestamp.unixMicroseconds
    if microseconds > times.latest {
      refuse(field, reason: .inFuture, "give a moment that is not in the future")
    } else if microseconds < times.oldestSale {
      refuse(field, reason: .tooOld, "give a moment at most \(times.settings.saleAgeMaximum.settingText) ago")
    }
    return timestamp.date
  }

  /// A span of time in a range, or nil when the field is empty.
  public mutating func duration(
    _ field: String,
    _ duration: (some DurationMessage)?,
    _ range: ClosedRange<Duration>
  ) -> Duration? {
    guard let duration else { return nil }
    guard duration.isValid else {
      refuse(
        field,
        reason: .notDuration,
        "give seconds and nanos of the same sign, nanos from -999999999 to 999999999, at most 10,000 years"
      )
      return nil
    }
    let (least, most) = (range.lowerBound.settingText, range.upperBound.settingText)
    check(range.contains(duration.duration), field, reason: .outOfRange, "give a time from \(least) to \(most)")
    return duration.duration
  }

  private mutating func isMoment(_ field: String, _ timestamp: some TimestampMessage) -> Bool {
    guard timestamp.isValid else {
      refuse(field, reason: .notTimestamp, "give a moment from year 1 to 9999, with nanos from 0 to 999999999")
      return false
    }
    return true
  }
}
