import NIOCore

/// The policy `round_robin`: connects to every address and sends calls to the ready ones in turn.
///
/// A failed address counts as failed until it is ready again, however often it is tried, so calls fail at once only
/// when every address has failed and none has recovered. A lost connection is re-established without waiting for a
/// call. Each address pauses between its own attempts.
struct RoundRobin: LoadBalancer {
  private enum Condition: Sendable {
    /// Not tried, or connecting for the first time since it was ready.
    case pending
    case ready
    case failed(RPCError)
  }

  private struct Candidate: Sendable {
    let id: SubchannelID
    let address: SocketAddress
    var condition = Condition.pending
  }

  private var candidates: [Candidate] = []
  /// Indices of the ready candidates, ascending.
  private var ready: [Int] = []
  /// The next index of `ready`.
  private var turn = 0
  /// The candidate of the latest pick, after which the turns continue when the ready ones change.
  private var lastUsed: Int
  /// Whether nothing connects until the next call.
  private var isIdle = true
  private var latestFailure: RPCError?
  private var nextID = 0

  /// - Parameter start: The address of the first turn. Random, so that many clients which start together do not all
  ///   send their first calls to the same server.
  init(start: Int = 0) {
    lastUsed = start - 1
  }

  var state: ConnectivityState {
    if !ready.isEmpty { return .ready }
    if candidates.isEmpty, latestFailure != nil { return .transientFailure }
    if isIdle { return .idle }
    return allFailed ? .transientFailure : .connecting
  }

  var choices: Int { ready.count }

  private var allFailed: Bool {
    !candidates.isEmpty && candidates.allSatisfy { if case .failed = $0.condition { true } else { false } }
  }

  mutating func pick() -> LoadBalancerPick {
    if !ready.isEmpty {
      lastUsed = ready[turn]
      turn = turn + 1 < ready.count ? turn + 1 : 0
      return .use(candidates[lastUsed].id)
    }
    guard let latestFailure, state == .transientFailure else { return .wait }
    return .fail(latestFailure)
  }

  mutating func update(addresses: [SocketAddress]) -> [LoadBalancerAction] {
    let old = candidates
    let kept = Dictionary(old.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    var known = Set<SocketAddress>()
    var actions: [LoadBalancerAction] = []
    candidates = []
    for address in addresses where known.insert(address).inserted {
      if let candidate = kept[address] {
        candidates.append(candidate)
      } else {
        let id = SubchannelID(rawValue: nextID)
        nextID += 1
        candidates.append(Candidate(id: id, address: address))
        actions.append(.create(id, address))
        if !isIdle { actions.append(.connect(id)) }
      }
    }
    for candidate in old where !known.contains(candidate.address) { actions.append(.remove(candidate.id)) }
    if old.isEmpty { latestFailure = nil }
    if old.indices.contains(lastUsed), let index = candidates.firstIndex(where: { $0.id == old[lastUsed].id }) {
      lastUsed = index
    } else {
      lastUsed %= candidates.count
    }
    refreshReady()
    return actions
  }

  mutating func resolutionFailed(_ error: RPCError) {
    if candidates.isEmpty { latestFailure = error }
  }

  mutating func exitIdle() -> [LoadBalancerAction] {
    guard isIdle, !candidates.isEmpty else { return [] }
    isIdle = false
    return candidates.map { .connect($0.id) }
  }

  mutating func enterIdle() -> [LoadBalancerAction] {
    guard !isIdle || latestFailure != nil else { return [] }
    isIdle = true
    if candidates.isEmpty { latestFailure = nil }
    for index in candidates.indices {
      if case .ready = candidates[index].condition { candidates[index].condition = .pending }
    }
    refreshReady()
    return candidates.map { .disconnect($0.id) }
  }

  mutating func subchannel(_ id: SubchannelID, is update: SubchannelUpdate) -> [LoadBalancerAction] {
    guard let index = candidates.firstIndex(where: { $0.id == id }) else { return [] }
    switch update {
    case .ready:
      // One that connects after the channel became idle is not needed.
      if isIdle { return [.disconnect(id)] }
      candidates[index].condition = .ready
      refreshReady()
      return []
    case .idle:
      if isIdle {
        candidates[index].condition = .pending
        return []
      }
      guard case .ready = candidates[index].condition else { return [.connect(id)] }
      candidates[index].condition = .pending
      refreshReady()
      return [.connect(id), .resolve]
    case .failed(let error):
      candidates[index].condition = .failed(error)
      latestFailure = error
      refreshReady()
      return isIdle ? [] : [.resolve]
    }
  }

  private mutating func refreshReady() {
    ready = candidates.indices.filter { if case .ready = candidates[$0].condition { true } else { false } }
    turn = ready.firstIndex { $0 > lastUsed } ?? 0
  }
}
