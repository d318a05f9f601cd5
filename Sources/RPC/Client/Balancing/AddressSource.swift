import Basics
import NIOCore

/// Resolves the addresses of a target: on first use, after a lost connection (at a limited rate), periodically if
/// configured, and with growing pauses after failures. Confined to its event loop.
final class AddressSource {
  private enum State {
    /// No addresses are needed.
    case suspended
    case resolving
    case resolved
    /// Pausing before the next look-up.
    case pausing(Scheduled<Void>)
    case stopped
  }

  private let target: ChannelTarget
  private let resolver: NameResolver
  private let eventLoop: any EventLoop
  private let configuration: ResolutionConfiguration
  private var backoff: Backoff
  private var state = State.suspended
  private var latestSuccess: NIODeadline?
  private var periodTimer: Scheduled<Void>?
  private var deliver: ((Result<[SocketAddress], RPCError>) -> Void)?
  private var random = RandomSource.system

  init(
    target: ChannelTarget,
    resolver: NameResolver,
    backoff: BackoffConfiguration,
    configuration: ResolutionConfiguration,
    eventLoop: any EventLoop
  ) {
    self.target = target
    self.resolver = resolver
    self.eventLoop = eventLoop
    self.configuration = configuration
    self.backoff = Backoff(backoff)
  }

  /// Starts unless it has started. `deliver` receives every later result.
  func startIfNeeded(_ deliver: @escaping (Result<[SocketAddress], RPCError>) -> Void) {
    guard case .suspended = state else { return }
    self.deliver = deliver
    guard latestSuccess != nil else { return resolve() }
    // After a suspension the old addresses serve until newer ones are found.
    settle()
    refresh()
  }

  /// Looks the addresses up again, because they may have changed.
  func refresh() {
    guard case .resolved = state, case .dns = target.kind else { return }
    let earliest = latestSuccess.map { $0 + TimeAmount(configuration.minimumInterval) } ?? eventLoop.now
    if earliest <= eventLoop.now { resolve() } else { pause(until: earliest) }
  }

  /// Stops looking up addresses until ``startIfNeeded(_:)`` is called.
  func suspend() {
    if case .stopped = state { return }
    cancelTimers()
    state = .suspended
  }

  func stop() {
    cancelTimers()
    state = .stopped
    deliver = nil
  }

  private func cancelTimers() {
    if case .pausing(let timer) = state { timer.cancel() }
    periodTimer?.cancel()
  }

  private func resolve() {
    periodTimer?.cancel()
    state = .resolving
    resolver.resolve(target, on: eventLoop).assumeIsolated().whenComplete { result in
      guard case .resolving = self.state else { return }
      switch result {
      case .success(let addresses) where addresses.isEmpty: self.failed(NoAddresses())
      case .success(let addresses):
        self.backoff.succeeded()
        self.latestSuccess = self.eventLoop.now
        self.settle()
        self.deliver?(.success(addresses))
      case .failure(let cause): self.failed(cause)
      }
    }
  }

  private func failed(_ cause: any Error) {
    pause(until: eventLoop.now + TimeAmount(backoff.failed(using: &random)))
    let message = "finding the addresses of \(target) failed: \(cause)"
    deliver?(.failure(RPCError(.unavailable, .connectionFailed, message, cause: cause)))
  }

  /// Accepts the addresses until the next period or loss.
  private func settle() {
    state = .resolved
    guard case .dns = target.kind, let period = configuration.period else { return }
    periodTimer = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(period)) { [weak self] in self?.refresh() }
  }

  private func pause(until time: NIODeadline) {
    periodTimer?.cancel()
    let timer = eventLoop.assumeIsolated().scheduleTask(deadline: time) { [weak self] in
      guard let self, case .pausing = self.state else { return }
      self.resolve()
    }
    state = .pausing(timer)
  }

  private struct NoAddresses: Error, CustomStringConvertible {
    var description: String { "the name has no addresses" }
  }
}
