import Basics

/// One request to PostgreSQL, from the call to its answer.
///
/// The constants are set by the caller. Everything else belongs to the loop's thread.
final class Request: DeadlineHolder, @unchecked Sendable {
  /// The kinds of work.
  enum Work {
    /// Only the controls and the ending.
    case nothing
    case query(SQL)
    /// Several statements under one Sync.
    case batch([SQL])
    /// Statements separated by semicolons, without parameters and results.
    case script(String)
    case copyIn(String)
    case copyData([UInt8])
    /// Ends a COPY FROM. With a message it fails.
    case copyEnd(failure: String?)
    case copyOut(String)
    case copyRead
    /// Discards the rest of a COPY TO.
    case copyDiscard
    /// Subscribes to the notifications of a channel.
    case listen(Subscription)
  }

  /// What happens to the lease afterwards.
  enum Ending {
    case none
    case commit
    case rollback
    /// Releases the connection as it is.
    case release
    /// Closes the connection, because its session was changed.
    case discard
  }

  enum Phase {
    case created
    case waiting
    case sent
    case finished
  }

  let work: Work
  let lease: Lease?
  /// Statements before this one in the same segment, such as BEGIN.
  var controls: [String]
  let ending: Ending
  /// Whether a lost connection rolls everything back: true for a statement inside a transaction, and for a commit of
  /// nothing.
  let isHarmless: Bool
  let deadline: Moment
  let submitted: Moment

  var phase = Phase.created
  var isCancelledEarly = false
  /// Whether a timer refers to it.
  var deadlineIndex = -1
  /// Whether a cancel request for another statement may have hit it.
  var isExposedToCancel = false
  var attempts = 0
  var rows: Rows?
  var moreRows: [Rows] = []
  /// The server's error.
  var refusal: PostgresError?
  var hasEndingSucceeded = false
  var result: Result<Reply, PostgresError>?
  var continuation: UnsafeContinuation<Result<Reply, PostgresError>, Never>?
  /// The connection it was sent on, until it has its answer.
  var connection: Connection?
  /// Receives the result on the loop's thread, for the library's own requests.
  var observer: ((Result<Reply, PostgresError>) -> Void)?

  init(
    _ work: Work,
    lease: Lease? = nil,
    controls: [String] = [],
    ending: Ending = .none,
    isHarmless: Bool = false,
    submitted: Moment,
    deadline: Moment
  ) {
    self.work = work
    self.lease = lease
    self.controls = controls
    self.ending = ending
    self.isHarmless = isHarmless
    self.submitted = submitted
    self.deadline = deadline
  }

  var isFinished: Bool { phase == .finished }

  /// Whether losing the connection now leaves the outcome unknown. Precondition: it was sent.
  var isOutcomeInDoubt: Bool {
    if isHarmless { return false }
    switch work {
    case .nothing: return ending == .commit
    case .query(let sql): return lease == nil ? sql.mayWrite : ending == .commit
    case .batch(let statements): return lease == nil ? statements.contains { $0.mayWrite } : ending == .commit
    case .copyEnd(let failure): return failure == nil
    case .script: return true
    case .copyIn, .copyData, .copyOut, .copyRead, .copyDiscard, .listen: return false
    }
  }

  /// Whether it needs the connection out of pipeline mode.
  var isPlain: Bool {
    switch work {
    case .script, .copyIn, .copyOut: true
    default: false
    }
  }

  /// Whether it belongs to the current COPY.
  var isPartOfCopy: Bool {
    switch work {
    case .copyData, .copyEnd, .copyRead, .copyDiscard: true
    default: false
    }
  }

  /// Clears the results of an earlier attempt.
  func resetForRetry() {
    attempts += 1
    isExposedToCancel = false
    rows = nil
    moreRows = []
    refusal = nil
    hasEndingSucceeded = false
  }
}

/// The answer to a request.
enum Reply: Sendable {
  case nothing
  case rows(Rows)
  case batch([Rows])
  case affected(Int)
  case bytes([UInt8]?)
}
