import DequeModule

extension Connection {
  /// Sends the requests of the lease that can be sent now.
  func pump() {
    while !isLost, !isPaused, conversation == nil, let lease, let request = lease.peek() {
      if request.isRelease {
        guard expectations.isEmpty else { return }
        lease.queue.removeFirst()
        owner.ended(request, with: .success(.nothing), on: self)
      } else if request.isPlain {
        guard expectations.isEmpty else { return }
        let controls = lease.takeControls(for: request)
        guard controls.isEmpty else {
          // The conversation begins when these have been answered.
          return sendControls(controls, for: request)
        }
        lease.queue.removeFirst()
        startConversation(request)
      } else {
        lease.queue.removeFirst()
        send(request, controls: lease.takeControls(for: request))
      }
    }
  }
}

extension Request {
  /// Whether it only releases the connection, which the server need not know.
  fileprivate var isRelease: Bool {
    switch ending {
    case .release, .discard: true
    case .none, .commit, .rollback: false
    }
  }
}
