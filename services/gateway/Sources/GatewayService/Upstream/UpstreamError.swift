import RPC
import ServiceKit

/// Translates errors of upstream services for callers: refusals keep their status, reason, facts and message, with the
/// caller's own field paths. Other errors reveal only which service failed.
struct UpstreamError {
  /// The service's name, as in its domain: "loyalty".
  let service: String
  let fields: FieldNames

  /// Returns the error for the caller.
  func translated(_ error: RPCError) -> RPCError {
    switch error.code {
    case .cancelled: RPCError(code: .cancelled, message: "The call was cancelled.", cause: error)
    case .deadlineExceeded: failure(.upstreamTimeout, error)
    case .unavailable: failure(.upstreamUnavailable, error)
    default: isRefusal(error) ? refusal(error) : failure(.upstreamFailed, error)
    }
  }

  /// Returns whether an error is a refusal. An error without a reason of the service itself is not meant for callers.
  private func isRefusal(_ error: RPCError) -> Bool {
    let codes: [StatusCode] = [
      .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .resourceExhausted, .failedPrecondition, .aborted,
      .outOfRange, .unauthenticated,
    ]
    guard codes.contains(error.code), let domain = error.info?.domain else { return false }
    return domain == "\(service).patron" || domain == CommonReason.domain
  }

  private func refusal(_ error: RPCError) -> RPCError {
    if let reason = error.info?.reason, let own = UpstreamReasons.replacement(of: reason, from: service) {
      return failure(own, error)
    }
    let violations = error.details.flatMap { detail -> [BadRequest.FieldViolation] in
      if case .badRequest(let request) = detail { request.fieldViolations } else { [] }
    }
    let own = violations.compactMap { violation in
      fields.callerPath(of: violation.field).map {
        BadRequest.FieldViolation(field: $0, description: violation.description, reason: violation.reason)
      }
    }
    // Only fields that the gateway itself filled in are invalid.
    if own.isEmpty, !violations.isEmpty { return failure(.upstreamFailed, error) }
    let message = own.prefix(5).map { "\($0.field): \($0.description)" }.joined(separator: "; ")
    return RPCError(
      code: error.code,
      message: own.isEmpty ? UpstreamReasons.sentence(of: error.info?.reason, error.message) : message,
      details: error.details.compactMap { detail($0, own) },
      cause: error
    )
  }

  private func detail(_ detail: ErrorDetail, _ violations: [BadRequest.FieldViolation]) -> ErrorDetail? {
    switch detail {
    case .errorInfo(let info):
      let reasons = Set(violations.map(\.reason))
      let isMixed = info.reason == FieldChecks.mixedReason && reasons.count == 1
      let reason = isMixed ? reasons.first ?? info.reason : info.reason
      return .errorInfo(ErrorInfo(reason: reason, domain: info.domain, metadata: facts(info.metadata, violations)))
    case .badRequest: return .badRequest(BadRequest(fieldViolations: violations))
    case .retryInfo, .quotaFailure, .preconditionFailure: return detail
    case .other: return nil
    }
  }

  /// Returns facts about the refusal with the caller's own field paths.
  private func facts(_ facts: [String: String], _ violations: [BadRequest.FieldViolation]) -> [String: String] {
    var own = facts.filter { !UpstreamReasons.hiddenFacts.contains($0.key) }
    own["field"] = facts["field"].flatMap { fields.callerPath(of: $0) ?? violations.first?.field }
    own["fields"] = facts["fields"].map { names in
      names.split(separator: ",").compactMap { fields.callerPath(of: String($0)) }.joined(separator: ",")
    }
    return own
  }

  /// Returns the error of a call that was passed on as it came: the service's own, unless it did not come from the
  /// service.
  static func passedOn(_ error: RPCError, from service: String) -> RPCError {
    let isOwn = error.info.map { $0.domain != RuntimeReason.domain } ?? false
    let isAboutTheRequest = [.invalidArgument, .resourceExhausted, .unimplemented].contains(error.code)
    if isOwn || isAboutTheRequest { return error }
    return UpstreamError(service: service, fields: FieldNames([])).translated(error)
  }

  private func failure(_ reason: GatewayReason, _ error: RPCError) -> RPCError {
    var failure = reason.error(metadata: ["service": service])
    failure.details += error.details.filter { if case .retryInfo = $0 { true } else { false } }
    failure.cause = error
    return failure
  }
}
