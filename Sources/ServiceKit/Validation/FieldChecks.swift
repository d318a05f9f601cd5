public import RPC

/// Checks the fields of one request and collects everything that is wrong, so that the caller learns it at once.
///
/// Every check returns the checked value; a wrong one is replaced by something harmless (zero, empty), so nothing
/// checked may be used before ``throwIfAny()`` has returned.
///
/// ```swift
/// var fields = FieldChecks(domain: LoyaltyReason.domain)
/// let memberID = fields.uuid("member_id", request.memberID)
/// let points = fields.number("points", request.points, 1...1_000_000)
/// try fields.throwIfAny()
/// ```
public struct FieldChecks: Sendable {
  /// The `ErrorInfo.reason` when the fields are wrong for different reasons.
  public static let mixedReason = "INVALID_FIELDS"

  /// What was found so far.
  public private(set) var violations: [BadRequest.FieldViolation] = []
  /// Why the request is refused although nothing is wrong with its fields.
  private var refusal: CommonReason?
  private let domain: String

  /// Checks for a service with this `ErrorInfo.domain`.
  public init(domain: String) {
    self.domain = domain
  }

  /// Refuses a field.
  ///
  /// - Parameters:
  ///   - field: Its path in the request, such as `lines[2].quantity`.
  ///   - reason: The rule that it breaks.
  ///   - sentence: What to change, such as "give a quantity of 1 or more".
  public mutating func refuse(_ field: String, reason: some FieldRefusalReason, _ sentence: String) {
    violations.append(BadRequest.FieldViolation(field: field, description: sentence, reason: reason.rawValue))
  }

  /// Refuses a field by a rule of several services.
  public mutating func refuse(_ field: String, reason: CommonFieldReason, _ sentence: String) {
    violations.append(BadRequest.FieldViolation(field: field, description: sentence, reason: reason.rawValue))
  }

  /// Refuses a field unless a condition holds.
  public mutating func check(
    _ condition: Bool,
    _ field: String,
    reason: some FieldRefusalReason,
    _ sentence: @autoclosure () -> String
  ) {
    if !condition { refuse(field, reason: reason, sentence()) }
  }

  /// Refuses a field by a rule of several services unless a condition holds.
  public mutating func check(
    _ condition: Bool,
    _ field: String,
    reason: CommonFieldReason,
    _ sentence: @autoclosure () -> String
  ) {
    if !condition { refuse(field, reason: reason, sentence()) }
  }

  /// Refuses the fields of a part of the request that were refused by `checks`.
  ///
  /// - Parameters:
  ///   - checks: What was found in the part.
  ///   - path: Where the part is in the request, such as `lines[2]`.
  public mutating func add(_ checks: FieldChecks, at path: String) {
    violations += checks.violations.map { violation in
      BadRequest.FieldViolation(
        field: "\(path).\(violation.field)",
        description: violation.description,
        reason: violation.reason
      )
    }
  }

  /// Refuses the request as a whole, unless a field is refused.
  mutating func refuseAll(_ reason: CommonReason) {
    refusal = reason
  }

  /// Throws one `INVALID_ARGUMENT` that names every field that was refused, or what refuses the request as a whole; does
  /// nothing when nothing is.
  ///
  /// `ErrorInfo.reason` is the fields' own reason when they share one, otherwise ``mixedReason``.
  public func throwIfAny() throws(RPCError) {
    guard let first = violations.first else {
      if let refusal { throw refusal.error(domain: domain) }
      return
    }
    let isOneReason = violations.allSatisfy { $0.reason == first.reason }
    let info = ErrorInfo(
      reason: isOneReason ? first.reason : Self.mixedReason,
      domain: domain,
      metadata: ["field": first.field]
    )
    let list = violations.prefix(5).map { "\($0.field): \($0.description)" }.joined(separator: "; ")
    let rest = violations.count > 5 ? "; and \(violations.count - 5) more" : ""
    throw RPCError(
      code: .invalidArgument,
      message: list + rest,
      details: [.errorInfo(info), .badRequest(BadRequest(fieldViolations: violations))]
    )
  }
}
