public import RPC

/// Reasons that every service has. They are reported under the service's own domain where one is known, else `patron`.
public enum CommonReason: String, ErrorReason {
  /// `patron`: where no service's domain is known.
  public static let domain = "patron"

  /// The database cannot be reached, is overloaded, or is shutting down.
  case databaseUnavailable = "DATABASE_UNAVAILABLE"
  /// The connection was lost while the answer was on its way: it may or may not have taken effect.
  case outcomeUnknown = "OUTCOME_UNKNOWN"
  /// The database did not answer within the call's time.
  case databaseDeadlineExceeded = "DATABASE_DEADLINE_EXCEEDED"
  /// The call was given up while it waited for the database.
  case cancelled = "CANCELLED"
  /// Two calls changed the same thing at once.
  case conflict = "CONFLICT"
  /// The database refused something that the service should have refused itself.
  case databaseRefused = "DATABASE_REFUSED"
  /// The page token was not made by this service, or for other filters.
  case pageTokenInvalid = "PAGE_TOKEN_INVALID"
  /// The cursor of an event log is not one that this service gave out.
  case cursorInvalid = "CURSOR_INVALID"
  /// Events after the cursor have been removed already.
  case cursorExpired = "CURSOR_EXPIRED"
  /// The request id was used for another request before.
  case requestIDReused = "REQUEST_ID_REUSED"
  /// The request id is dated before all requests whose answers are kept.
  case requestTooOld = "REQUEST_TOO_OLD"
  /// There is no such member.
  case memberNotFound = "MEMBER_NOT_FOUND"
  /// Another service did not answer lately and is left alone for a moment. RetryInfo says for how long.
  case peerUnavailable = "PEER_UNAVAILABLE"
  /// Nothing has been heard of the member here, and members cannot be asked.
  case membersUnavailable = "MEMBERS_UNAVAILABLE"

  /// The status of each.
  public var code: StatusCode {
    switch self {
    case .databaseUnavailable, .outcomeUnknown, .membersUnavailable, .peerUnavailable: .unavailable
    case .databaseDeadlineExceeded: .deadlineExceeded
    case .cancelled: .cancelled
    case .conflict: .aborted
    case .databaseRefused: .internalError
    case .pageTokenInvalid, .cursorInvalid: .invalidArgument
    case .cursorExpired: .outOfRange
    case .requestIDReused, .requestTooOld: .failedPrecondition
    case .memberNotFound: .notFound
    }
  }

  /// What each means.
  public var sentence: String {
    switch self {
    case .databaseUnavailable: "The database cannot be reached just now; try again."
    case .outcomeUnknown:
      "The request may or may not have taken effect; send it again with the same request id to find out."
    case .databaseDeadlineExceeded: "The database did not answer in time."
    case .cancelled: "The call was cancelled."
    case .conflict: "Another request changed the same thing at the same moment; try again."
    case .databaseRefused: "The service could not carry the request out."
    case .pageTokenInvalid: "The page token is not one that this list gave out for these filters; start without it."
    case .cursorInvalid: "The cursor is not one that this service gave out."
    case .cursorExpired: "Events after this cursor have been removed; start anew with an empty cursor."
    case .requestIDReused: "The request id was used for another request; mint a new one for a new request."
    case .requestTooOld:
      "The request id is dated before all requests that are kept: it may have been done already. Look, then mint a new one."
    case .memberNotFound: "There is no such member."
    case .peerUnavailable: "A service that is needed did not answer lately; try again in a moment."
    case .membersUnavailable:
      "Whether there is such a member cannot be found out just now; send the same request again."
    }
  }
}

extension CommonReason {
  /// The error to throw, under a service's domain.
  public func error(domain: String, _ message: String? = nil, metadata: [String: String] = [:]) -> RPCError {
    let info = ErrorInfo(reason: rawValue, domain: domain, metadata: metadata)
    return RPCError(code: code, message: message ?? sentence, details: [.errorInfo(info)])
  }

  /// The error to throw when one field is at fault: it names the field, for programs and in `BadRequest`.
  public func error(domain: String, field: String) -> RPCError {
    var error = error(domain: domain, "\(field): \(sentence)", metadata: ["field": field])
    let violation = BadRequest.FieldViolation(field: field, description: sentence, reason: rawValue)
    error.details.append(.badRequest(BadRequest(fieldViolations: [violation])))
    return error
  }
}
