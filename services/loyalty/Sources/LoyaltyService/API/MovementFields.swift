import Basics
import Foundation
import RPC
import ServiceKit

/// The fields of every request that moves something of one member.
struct MovementFields {
  var checks: FieldChecks
  let requestID: UUID
  let memberID: UUID

  init(_ requestID: String, _ memberID: String, _ times: RequestTimes) {
    checks = FieldChecks(domain: LoyaltyReason.domain)
    self.requestID = checks.requestID(requestID, times)
    self.memberID = checks.uuid("member_id", memberID)
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

extension FieldChecks {
  /// Validates one element of a repeated field by checks that name its fields only; the path is put in front of a name when
  /// something is refused, so that a long list of good elements costs no text.
  mutating func element<Value>(
    _ list: String,
    _ index: Int,
    _ checks: (inout FieldChecks) -> Value
  ) -> Value {
    var element = FieldChecks(domain: LoyaltyReason.domain)
    let value = checks(&element)
    if !element.violations.isEmpty { add(element, at: "\(list)[\(index)]") }
    return value
  }
}
