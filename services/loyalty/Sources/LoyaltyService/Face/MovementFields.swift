import Foundation
import ServiceKit

/// The fields that every request has which moves something of one member.
struct MovementFields {
  var checks: FieldChecks
  let requestId: UUID
  let memberId: UUID

  init(_ requestId: String, _ memberId: String, _ times: RequestTimes) {
    checks = FieldChecks(domain: LoyaltyReason.domain)
    self.requestId = checks.requestID(requestId, times)
    self.memberId = checks.uuid("member_id", memberId)
  }
}

extension FieldChecks {
  /// A day of the programme's calendar; empty means never.
  mutating func day(_ field: String, _ text: String, earliest: Day) -> Day {
    guard !text.isEmpty else { return .never }
    let day = Day(text)
    check(day != nil, field, reason: FieldReason.notADay, "give a day as 2027-12-31, or leave it empty")
    check(day ?? earliest >= earliest, field, reason: FieldReason.dayIsOver, "give today or a later day")
    return day ?? .never
  }
}
