internal import RPC
internal import ServiceKit

/// Turns errors of the services behind the gateway into what its callers may see: refusals keep their status, reason
/// and message, with fields named as in the caller's own request; everything else says no more than which service
/// failed.
struct UpstreamError {
  /// The service's name, as in its domain: "loyalty".
  let service: String
  let fields: FieldNames

  /// What the caller is told.
  func translated(_ error: RPCError) -> RPCError {
    switch error.code {
    case .cancelled: RPCError(code: .cancelled, message: "The call was cancelled.", cause: error)
    case .deadlineExceeded: failure(.upstreamTimeout, error)
    case .unavailable: failure(.upstreamUnavailable, error)
    default: isRefusal(error) ? refusal(error) : failure(.upstreamFailed, error)
    }
  }

  /// A refusal says whose it is; what has no reason of the service itself was not meant for callers.
  private func isRefusal(_ error: RPCError) -> Bool {
    let codes: [StatusCode] = [
      .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .resourceExhausted, .failedPrecondition, .aborted,
      .outOfRange, .unauthenticated,
    ]
    guard codes.contains(error.code), let domain = error.info?.domain else { return false }
    return domain == "\(service).patron" || domain == CommonReason.domain
  }

  private func refusal(_ error: RPCError) -> RPCError {
    let details = error.details.compactMap(detail)
    return RPCError(code: error.code, message: message(of: error, details), details: details, cause: error)
  }

  /// The message of a refusal of fields names the fields, so it is put together anew.
  private func message(of error: RPCError, _ details: [ErrorDetail]) -> String {
    guard error.details.contains(where: { if case .badRequest = $0 { true } else { false } }) else {
      return error.message
    }
    for case .badRequest(let request) in details {
      return request.fieldViolations.prefix(5).map { "\($0.field): \($0.description)" }.joined(separator: "; ")
    }
    return "The request was refused."
  }

  private func detail(_ detail: ErrorDetail) -> ErrorDetail? {
    switch detail {
    case .errorInfo(let info):
      return .errorInfo(ErrorInfo(reason: info.reason, domain: info.domain, metadata: metadata(info.metadata)))
    case .badRequest(let request):
      let violations = request.fieldViolations.compactMap { violation -> BadRequest.FieldViolation? in
        guard let field = fields.own(violation.field) else { return nil }
        return BadRequest.FieldViolation(field: field, description: violation.description, reason: violation.reason)
      }
      return violations.isEmpty ? nil : .badRequest(BadRequest(fieldViolations: violations))
    case .retryInfo, .quotaFailure, .preconditionFailure:
      return detail
    case .other:
      return nil
    }
  }

  /// Facts about the refusal, with fields under their own names. Whose order or reservation stands in the way is not the
  /// caller's business.
  private func metadata(_ facts: [String: String]) -> [String: String] {
    var metadata: [String: String] = [:]
    for (name, value) in facts where name != "order_id" && name != "reservation_id" {
      switch name {
      case "field": metadata[name] = fields.own(value)
      case "fields":
        metadata[name] = value.split(separator: ",").compactMap { fields.own(String($0)) }.joined(separator: ",")
      default: metadata[name] = value
      }
    }
    return metadata
  }

  private func failure(_ reason: GatewayReason, _ error: RPCError) -> RPCError {
    var failure = reason.error(metadata: ["service": service])
    failure.details += error.details.filter { if case .retryInfo = $0 { true } else { false } }
    failure.cause = error
    return failure
  }
}

/// Calls a service behind the gateway and translates its errors.
func calling<Response: Sendable>(
  _ service: String,
  fields: FieldNames = .same,
  _ call: () async throws -> Response
) async throws -> Response {
  do {
    return try await call()
  } catch let error as RPCError {
    throw UpstreamError(service: service, fields: fields).translated(error)
  }
}
