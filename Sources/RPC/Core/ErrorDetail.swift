/// One machine-readable detail of a status: the standard payloads of `google.rpc` (error_details.proto).
public enum ErrorDetail: Sendable, Hashable {
  /// The failure under a stable name.
  case errorInfo(ErrorInfo)
  /// The invalid fields of the request.
  case badRequest(BadRequest)
  /// When to try again.
  case retryInfo(RetryInfo)
  /// The exhausted quotas.
  case quotaFailure(QuotaFailure)
  /// The conditions that do not hold.
  case preconditionFailure(PreconditionFailure)
  /// Any other message, as its type URL and bytes.
  case other(typeURL: String, value: [UInt8])
}

/// The cause of an error under a stable name (`google.rpc.ErrorInfo`).
public struct ErrorInfo: Sendable, Hashable {
  /// UPPER_SNAKE_CASE, unique within the domain.
  public var reason: String
  /// The domain that defines the reason, such as `loyalty.patron`.
  public var domain: String
  /// Further facts by name.
  public var metadata: [String: String]

  /// Makes the detail.
  public init(reason: String, domain: String, metadata: [String: String] = [:]) {
    self.reason = reason
    self.domain = domain
    self.metadata = metadata
  }
}

/// Invalid fields of a request (`google.rpc.BadRequest`).
public struct BadRequest: Sendable, Hashable {
  /// One invalid field.
  public struct FieldViolation: Sendable, Hashable {
    /// The path of the field, such as `lines[2].quantity`.
    public var field: String
    /// Why the value is refused.
    public var description: String
    /// The stable name of the rule, if any.
    public var reason: String

    /// Makes the violation.
    public init(field: String, description: String, reason: String = "") {
      self.field = field
      self.description = description
      self.reason = reason
    }
  }

  /// All invalid fields.
  public var fieldViolations: [FieldViolation]

  /// Makes the detail.
  public init(fieldViolations: [FieldViolation]) { self.fieldViolations = fieldViolations }
}

/// When to try again (`google.rpc.RetryInfo`).
public struct RetryInfo: Sendable, Hashable {
  /// The shortest time to wait.
  public var retryDelay: Duration

  /// Makes the detail.
  public init(retryDelay: Duration) { self.retryDelay = retryDelay }
}

/// Exhausted quotas (`google.rpc.QuotaFailure`).
public struct QuotaFailure: Sendable, Hashable {
  /// One exhausted quota.
  public struct Violation: Sendable, Hashable {
    /// The owner of the quota.
    public var subject: String
    /// Which quota, and how it was exhausted.
    public var description: String

    /// Makes the violation.
    public init(subject: String, description: String) {
      self.subject = subject
      self.description = description
    }
  }

  /// All exhausted quotas.
  public var violations: [Violation]

  /// Makes the detail.
  public init(violations: [Violation]) { self.violations = violations }
}

/// Conditions that do not hold (`google.rpc.PreconditionFailure`).
public struct PreconditionFailure: Sendable, Hashable {
  /// One condition.
  public struct Violation: Sendable, Hashable {
    /// The kind of condition, UPPER_SNAKE_CASE.
    public var type: String
    /// The subject of the condition.
    public var subject: String
    /// How the condition fails.
    public var description: String

    /// Makes the violation.
    public init(type: String, subject: String, description: String) {
      self.type = type
      self.subject = subject
      self.description = description
    }
  }

  /// All failing conditions.
  public var violations: [Violation]

  /// Makes the detail.
  public init(violations: [Violation]) { self.violations = violations }
}
