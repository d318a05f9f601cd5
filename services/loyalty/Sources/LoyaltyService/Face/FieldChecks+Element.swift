import RPC
import ServiceKit

extension FieldChecks {
  /// Checks one element of a repeated field by checks that name its fields only; the path is put in front of a name when
  /// something is refused, so that a long list of good elements costs no text.
  mutating func element<Value>(
    _ list: String,
    _ index: Int,
    _ checks: (inout FieldChecks) -> Value
  ) -> Value {
    var element = FieldChecks(domain: LoyaltyReason.domain)
    let value = checks(&element)
    for violation in element.violations {
      refuse("\(list)[\(index)].\(violation.field)", reason: violation.reason, violation.description)
    }
    return value
  }
}
