import CLibPQ
import DequeModule

/// How far the cancelling of a connection's running statement has come.
enum CancelState {
  case none
  /// The running statement has been abandoned; it is cancelled when it still runs then.
  case due(Moment)
  /// A thread is sending the request for this statement.
  case sending(Request, until: Moment)
  /// The request has been sent; the statement must end before the connection is used further.
  case sent(until: Moment)
}

/// PostgreSQL cancels whatever a connection runs when the request arrives, so it is sent only while the abandoned
/// statement runs, nothing new is sent until it has arrived, and a neighbour that it hit all the same is sent again.
extension Connection {
  /// Whether cancelling forbids sending.
  var isPaused: Bool {
    switch cancelState {
    case .none, .due: false
    case .sending, .sent: true
    }
  }

  /// When to look at the cancelling again.
  var nextCheck: Moment? {
    switch cancelState {
    case .none: nil
    case .due(let moment), .sending(_, let moment), .sent(let moment): moment
    }
  }

  /// Nobody waits for a request any more that has been sent; its `phase` says so already.
  func abandon(_ request: Request, now: Moment) {
    if conversation == nil { abandoned += 1 }
    scheduleCancel(now: now)
  }

  /// The server has gone on to another statement.
  func headChanged() {
    switch cancelState {
    case .none, .sending: break
    case .due: cancelState = .none
    case .sent:
      cancelState = .none
      owner.pauseChanged(self)
    }
    if abandoned > 0 { scheduleCancel(now: Moment.now) }
  }

  /// The time of ``nextCheck`` has come.
  func check(now: Moment) {
    guard let moment = nextCheck, moment <= now else { return }
    switch cancelState {
    case .none: break
    case .due: startCancelling(now: now)
    case .sending, .sent: fail("PostgreSQL did not end a cancelled statement in time")
    }
  }

  /// Cancels what runs at once, whether or not anybody waits for it.
  func startCancelling(now: Moment) {
    guard let running, !isPaused else { return }
    guard let cancel = PQgetCancel(handle) else { return fail("libpq is out of memory") }
    for case .sync(let request?) in expectations where request !== running { request.isExposedToCancel = true }
    cancelState = .sending(running, until: now + cancellation.timeout.wholeNanoseconds)
    owner.pauseChanged(self)
    owner.send(CancelHandle(pointer: cancel), for: self)
  }

  /// The cancel request has reached the server, or could not.
  func cancelRequestEnded() {
    guard case .sending(let request, let until) = cancelState else { return }
    if request === running {
      cancelState = .sent(until: until)
      return
    }
    cancelState = .none
    owner.pauseChanged(self)
    headChanged()
    pump()
  }

  /// The request the server works on now.
  private var running: Request? {
    conversation.map(\.current) ?? expectations.first?.request
  }

  private func scheduleCancel(now: Moment) {
    guard case .none = cancelState, let running, running.isFinished else { return }
    cancelState = .due(now + cancellation.delay.wholeNanoseconds)
  }
}
