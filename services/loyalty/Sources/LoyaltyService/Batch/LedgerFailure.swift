import Postgres
import ServiceKit

/// Why the ledger did not do a request, for a reason that has nothing to do with what was asked. What the callers of a batch
/// get is one of these; the error behind it is logged once for all of them.
enum LedgerFailure: LoggableError, Hashable {
  /// The service is stopping: the request was not taken.
  case closed
  /// Nobody waited for the answer any more when its turn came: nothing was done.
  case abandoned
  /// The database failed its batch: nothing was done.
  case unavailable
  /// The connection was lost, or the time over, while its batch was written: it may have been done.
  case outcomeUnknown
  /// Others changed what its batch was computed from, again and again: nothing was done.
  case conflict
  /// The tables refused it, or something was found that cannot be: nothing was done.
  case broken

  /// What became of a batch that failed with `error`.
  init(_ error: any Error) {
    guard let error = error as? PostgresError else {
      self = .broken
      return
    }
    switch error.kind {
    case _ where error.mayHaveTakenEffect: self = .outcomeUnknown
    case .server: self = Self.refused(error.sqlState)
    case .decoding, .invalidUse, .transactionAborted, .migration: self = .broken
    default: self = .unavailable
    }
  }

  private static func refused(_ state: SQLState?) -> LedgerFailure {
    if state == .statementCompletionUnknown { return .outcomeUnknown }
    switch state?.errorClass {
    case "22", "23": return .broken
    case "40": return .conflict
    default: return .unavailable
    }
  }

  /// Whether sending the same request again may succeed.
  var isRetryable: Bool {
    switch self {
    case .closed, .abandoned, .unavailable, .outcomeUnknown, .conflict: true
    case .broken: false
    }
  }

  var description: String {
    switch self {
    case .closed: "the ledger takes no more requests"
    case .abandoned: "nobody waits for the answer any more"
    case .unavailable: "the database failed the batch"
    case .outcomeUnknown: "the batch may or may not have been written"
    case .conflict: "others changed the same accounts again and again"
    case .broken: "the request could not be carried out"
    }
  }
}

extension PostgresError {
  /// Somebody else changed what the batch was computed from, or wrote the same at the same moment.
  var isConflict: Bool {
    sqlState == .serializationFailure || sqlState == .uniqueViolation || sqlState == .deadlockDetected
  }

  /// Whether a row of the statement is to blame: its values (class 22), or what a table demands of them (class 23).
  /// Everything else would befall each part of the batch as well.
  var blamesARow: Bool {
    sqlState?.errorClass == "22" || sqlState?.isIntegrityViolation == true
  }
}

/// The ledger has more to do than it takes: nothing was done, and the caller may come back.
struct LedgerOverload: Error, Sendable, Hashable {
  enum Cause: Sendable, Hashable {
    /// As many requests as are allowed wait in the member's lane.
    case laneIsFull(limit: Int)
    /// The request waited too long for its turn.
    case waitedTooLong(limit: Duration)
  }

  var cause: Cause
  /// When the caller may come back.
  var retryAfter: Duration
}

/// What a request did cannot be encoded, so its batch was not written. Callers learn only that the call failed.
struct EncodingFailure: LoggableError {
  let cause: any Error

  var description: String { "what a batch did cannot be encoded: \(ErrorText.of(cause))" }
}
