import NIOCore

// Accepts and refuses calls.

extension ServerConnection {
  /// Starts a call's handler after the bytes at hand have been read, or soon when there are none.
  func startWhenRead(_ stream: ServerStream) {
    ready.append(stream)
    if !isReading { startReadySoon() }
  }

  /// Starts the handlers of the ready calls. While the client reads too slowly, calls with a complete request wait too,
  /// because they could only add answers.
  func startReady() {
    var index = 0
    while index < ready.count {
      let stream = ready[index]
      if !state.isWritable, stream.mayStartLater {
        heldBack.append(stream)
      } else if stream.requestEncoding == .gzip, stream.mayStartLater, loop.unpacking.isPausing(loop.now) {
        waitingToUnpack.append(stream)
      } else {
        stream.start()
      }
      index += 1
    }
    ready.removeAll(keepingCapacity: true)
    if !waitingToUnpack.isEmpty, !isStartingLater { startWhenUnpackingResumes() }
  }

  private func startWhenUnpackingResumes() {
    isStartingLater = true
    afterOthers {
      self.isStartingLater = false
      self.ready += self.waitingToUnpack
      self.waitingToUnpack.removeAll()
      self.startReady()
    }
  }

  /// Runs `body` and flushes after this thread has served its other connections. The event loop
  /// serves them only once no task is due, so the delay counts from now.
  func afterOthers(_ body: @escaping () -> Void) {
    loop.executor.eventLoop.assumeIsolated().scheduleTask(in: UnpackingPace.pause) {
      body()
      self.flush()
    }
  }

  private func startHeldBack() {
    guard !heldBack.isEmpty else { return }
    ready.insert(contentsOf: heldBack, at: 0)
    heldBack.removeAll()
    startReadySoon()
  }

  /// Starts an abandoned call that is held back, so that it can end.
  func startIfHeldBack(_ stream: ServerStream) {
    guard !heldBack.isEmpty, let index = heldBack.firstIndex(where: { $0 === stream }) else { return }
    ready.append(heldBack.remove(at: index))
    startReadySoon()
  }

  private func startReadySoon() {
    loop.executor.eventLoop.assumeIsolated().execute { self.startReady() }
  }

  /// - Returns: Why one more call is refused, nil when it is accepted.
  func admit(_ method: RegisteredMethod?, client: IPAddress?) -> RPCError? {
    if let refusal = state.begin() { return error(refusal) }
    guard core.admission.admitCall(upTo: method?.callsMaximum ?? core.methods.unknownCallsMaximum) else {
      state.end()
      return overloaded(.overloaded, "the server has as many calls in flight as it takes")
    }
    if let rates = core.site?.rates, let address = client ?? address, !address.isLoopback,
      let wait = rates.take(address, now: now)
    {
      state.end()
      core.admission.callEnded()
      return tooFast(wait)
    }
    return nil
  }

  private func tooFast(_ wait: Duration) -> RPCError {
    var error = RPCError(
      .resourceExhausted,
      .tooManyCalls,
      "the address makes more calls than it may; wait and try again"
    )
    error.details.append(.retryInfo(RetryInfo(retryDelay: max(wait, .milliseconds(1)))))
    return error
  }

  /// Returns whom a request of a trusted proxy comes from. Nil when it comes from the peer itself.
  func client(of head: borrowing RequestHead) -> IPAddress? {
    guard let site = core.site, let address, site.proxies.isTrusted(address) else { return nil }
    return head.client(site.proxies)
  }

  /// Returns the peer of a call: the connection's, or the client that its proxy reports.
  func peer(_ client: IPAddress?) -> Peer {
    guard let client else { return peer }
    return Peer(address: client.text, identity: nil)
  }

  func leave() {
    state.end()
    core.admission.callEnded()
    endIfDone()
  }

  func error(_ refusal: ServerConnectionState.Refusal) -> RPCError {
    switch refusal {
    case .tooManyRunningCalls: overloaded(.tooManyRunningCalls, "too many handlers run for this connection")
    case .tooManyBufferedBytes: overloaded(.tooManyBufferedBytes, "too many request bytes wait on this connection")
    }
  }

  private func overloaded(_ reason: RuntimeReason, _ message: String) -> RPCError {
    var error = RPCError(.resourceExhausted, reason, message)
    error.details.append(.retryInfo(RetryInfo(retryDelay: core.limits.retryPushback)))
    return error
  }

  /// Resumes everything that waits for the connection's outbound budget.
  func wakeAllWriters() {
    for case let stream as ServerStream in session?.streams ?? [] { stream.wakeWriters() }
    startHeldBack()
  }
}
