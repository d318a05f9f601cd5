import Basics
import CLibPQ
import DequeModule

/// The progress of cancelling a connection's running statement.
enum CancelState {
  case none
  /// The running statement is abandoned, and is cancelled if it still runs at this moment.
  case due(Moment)
  /// A thread is sending the cancel request for this statement.
  case sending(Request, until: Moment)
  /// The request has been sent. The statement must end before the connection is used again.
  case sent(until: Moment)
}

/// PostgreSQL cancels whatever a connection runs when the request arrives. So the request is sent only while the
/// abandoned statement runs, and nothing new is sent until it has arrived. Another statement that it cancelled is sent
/// again.
extension Connection {
  /// Whether a cancellation forbids sending.
  var isPaused: Bool {
    switch cancelState {
    case .none, .due: false
    case .sending, .sent: true
    }
  }

  /// When to check the cancellation again.
  var nextCheck: Moment? {
    switch cancelState {
    case .none: nil
    case .due(let moment), .sending(_, let moment), .sent(let moment): moment
    }
  }

  /// Abandons a request that has been sent. Precondition: its `phase` says so already.
  func abandon(_ request: Request, now: Moment) {
    if conversation == nil { abandoned += 1 }
    scheduleCancel(now: now)
  }

  /// Follows the server to its next statement.
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

  /// Continues the cancellation at ``nextCheck``.
  func check(now: Moment) {
    guard let moment = nextCheck, moment <= now else { return }
    switch cancelState {
    case .none: break
    case .due: startCancelling(now: now)
    case .sending, .sent: fail("PostgreSQL did not end a cancelled statement in time")
    }
  }

  /// Cancels the running statement at once, abandoned or not.
  func startCancelling(now: Moment) {
    guard let running, !isPaused else { return }
    guard let cancel = PQgetCancel(handle) else { return fail("libpq is out of memory") }
    for case .sync(let request?) in expectations where request !== running { request.isExposedToCancel = true }
    cancelState = .sending(running, until: now + cancellation.timeout.wholeNanoseconds)
    owner.pauseChanged(self)
    owner.send(CancelHandle(pointer: cancel), for: self)
  }

  /// Continues after the cancel request has reached the server, or has failed to.
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

  /// The request that the server executes now.
  private var running: Request? {
    conversation.map(\.current) ?? expectations.first?.request
  }

  private func scheduleCancel(now: Moment) {
    guard case .none = cancelState, let running, running.isFinished else { return }
    cancelState = .due(now + cancellation.delay.wholeNanoseconds)
  }
}
