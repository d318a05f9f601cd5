/// One thing asked of PostgreSQL, from the call that asks to its answer.
///
/// The constants are set by the caller. Everything that changes belongs to the loop's thread.
final class Request: @unchecked Sendable {
  /// What is asked.
  enum Work {
    /// Nothing but the controls and the ending.
    case nothing
    case query(SQL)
    /// Several statements under one Sync.
    case batch([SQL])
    /// Statements separated by semicolons, without parameters and results.
    case script(String)
    case copyIn(String)
    case copyData([UInt8])
    /// Ends a COPY FROM; with a message it is given up.
    case copyEnd(failure: String?)
    case copyOut(String)
    case copyRead
    /// Gives up a COPY TO whose rest nobody wants.
    case copyDiscard
    /// Notifications of a channel.
    case listen(Subscription)
  }

  /// What becomes of the lease afterwards.
  enum Ending {
    case none
    case commit
    case rollback
    /// Gives the connection back as it is.
    case release
    /// Closes the connection, whose session has been changed.
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
  /// Statements that go ahead of this one in the same segment, such as BEGIN.
  var controls: [String]
  let ending: Ending
  /// Whether a lost connection rolls everything back whatever was sent: a statement inside a transaction, or a commit
  /// that has nothing to commit.
  let isHarmless: Bool
  let deadline: Moment
  let submitted: Moment

  var phase = Phase.created
  var isCancelledEarly = false
  /// Whether a timer still holds it.
  var hasTimer = false
  /// A cancel request for another statement may have hit this one.
  var isExposedToCancel = false
  var attempts = 0
  var rows: Rows?
  var moreRows: [Rows] = []
  /// The refusal it met.
  var refusal: PostgresError?
  var hasEndingSucceeded = false
  var result: Result<Reply, PostgresError>?
  var continuation: UnsafeContinuation<Result<Reply, PostgresError>, Never>?
  /// Where it was sent, until it has its answer.
  var connection: Connection?
  /// Told of the result on the loop's thread, for the library's own requests.
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

  /// Whether losing the connection now leaves it open if something was changed. Asked only once it was sent.
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

  /// Whether it belongs to a COPY that is under way.
  var isPartOfCopy: Bool {
    switch work {
    case .copyData, .copyEnd, .copyRead, .copyDiscard: true
    default: false
    }
  }

  /// Forgets what an earlier try brought.
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
