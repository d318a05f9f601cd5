import NIOCore

/// Keeps the addresses of a target up to date: looks them up when first needed, again when a connection is lost (but not
/// more often than every 30 seconds), and with growing pauses while that fails. Confined to its event loop.
final class AddressSource {
  /// As in other gRPC implementations: a lost connection may mean that a host moved, a hundred mean no more.
  static let minimumInterval = TimeAmount.seconds(30)

  private enum State {
    case idle
    case resolving
    case resolved(NIODeadline)
    /// Waiting before looking again.
    case pausing(Scheduled<Void>)
    case stopped
  }

  private let target: ChannelTarget
  private let resolver: NameResolver
  private let eventLoop: any EventLoop
  private var backoff: ConnectionBackoff
  private var state = State.idle
  private var deliver: ((Result<[SocketAddress], RPCError>) -> Void)?
  private var random = InjectedRandom.system

  init(target: ChannelTarget, resolver: NameResolver, backoff: BackoffConfiguration, eventLoop: any EventLoop) {
    self.target = target
    self.resolver = resolver
    self.eventLoop = eventLoop
    self.backoff = ConnectionBackoff(backoff)
  }

  /// Begins, the first time that it is called; `deliver` is called with every result from then on.
  func startIfNeeded(_ deliver: @escaping (Result<[SocketAddress], RPCError>) -> Void) {
    guard case .idle = state else { return }
    self.deliver = deliver
    resolve()
  }

  /// The addresses may have changed.
  func refresh() {
    guard case .resolved(let time) = state, case .dns = target.kind else { return }
    let earliest = time + Self.minimumInterval
    if earliest <= .now() { resolve() } else { pause(until: earliest) }
  }

  func stop() {
    if case .pausing(let timer) = state { timer.cancel() }
    state = .stopped
    deliver = nil
  }

  private func resolve() {
    state = .resolving
    resolver.resolve(target, on: eventLoop).assumeIsolated().whenComplete { result in
      guard case .resolving = self.state else { return }
      switch result {
      case .success(let addresses):
        self.backoff.reset()
        self.state = .resolved(.now())
        self.deliver?(.success(addresses))
      case .failure(let cause):
        self.pause(until: .now() + TimeAmount(self.backoff.next(using: &self.random)))
        let message = "finding the addresses of \(self.target) failed: \(cause)"
        self.deliver?(.failure(RPCError(.unavailable, .connectionFailed, message, cause: cause)))
      }
    }
  }

  private func pause(until time: NIODeadline) {
    let timer = eventLoop.assumeIsolated().scheduleTask(deadline: time) { [weak self] in
      guard let self, case .pausing = self.state else { return }
      self.resolve()
    }
    state = .pausing(timer)
  }
}
