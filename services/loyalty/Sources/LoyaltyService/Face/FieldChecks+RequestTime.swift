import Foundation
import ServiceKit

extension FieldChecks {
  /// Refuses a request id of version 7 whose first 48 bits, milliseconds since 1970, are later than a date.
  ///
  /// The ledger keeps requests apart by that time: one that is dated far ahead would be where nobody looks for it.
  mutating func requestTime(_ id: UUID, latest: Date) {
    let milliseconds = withUnsafeBytes(of: id.uuid) { $0.prefix(6).reduce(0 as Int64) { $0 << 8 | Int64($1) } }
    check(
      Double(milliseconds) <= latest.timeIntervalSince1970 * 1_000,
      "request_id",
      reason: FieldReason.requestIdInFuture,
      "give an id that is not dated in the future"
    )
  }
}
