import NIOCore

/// The policy `pick_first`: tries the addresses in order and uses the first that connects, for every call.
///
/// After all have failed it reports transient failure until one connects (gRFC A62), and tries each again after its
/// pause. After losing its connection it is idle, and connects again with the next call.
struct PickFirst: LoadBalancer {
  private struct Candidate: Sendable {
    let id: SubchannelID
    let address: SocketAddress
    /// Cleared by a failure, set when the pause after it has ended.
    var mayConnect = true
  }

  private enum Phase: Sendable {
    case idle
    /// The first pass over the addresses. The index is that of the current attempt.
    case connecting(Int)
    case ready(SubchannelID)
    case failed(RPCError)
  }

  private var phase = Phase.idle
  private var candidates: [Candidate] = []
  private var nextID = 0

  var state: ConnectivityState {
    switch phase {
    case .idle: .idle
    case .connecting: .connecting
    case .ready: .ready
    case .failed: .transientFailure
    }
  }

  var choices: Int { 1 }

  mutating func pick() -> LoadBalancerPick {
    switch phase {
    case .ready(let id): .use(id)
    case .idle, .connecting: .wait
    case .failed(let error): .fail(error)
    }
  }

  mutating func update(addresses: [SocketAddress]) -> [LoadBalancerAction] {
    if addresses == candidates.map(\.address) { return [] }
    let old = candidates
    let kept = Dictionary(old.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    var actions: [LoadBalancerAction] = []
    candidates = []
    for address in addresses where !candidates.contains(where: { $0.address == address }) {
      if let candidate = kept[address] {
        candidates.append(candidate)
      } else {
        candidates.append(Candidate(id: SubchannelID(rawValue: nextID), address: address))
        actions.append(.create(SubchannelID(rawValue: nextID), address))
        nextID += 1
      }
    }
    for candidate in old where !candidates.contains(where: { $0.id == candidate.id }) {
      actions.append(.remove(candidate.id))
    }
    switch phase {
    case .idle:
      break
    case .connecting, .failed:
      actions += startPass()
    case .ready(let id):
      if !candidates.contains(where: { $0.id == id }) { phase = .idle }
    }
    return actions
  }

  mutating func resolutionFailed(_ error: RPCError) {
    if candidates.isEmpty { phase = .failed(error) }
  }

  mutating func exitIdle() -> [LoadBalancerAction] {
    guard case .idle = phase, !candidates.isEmpty else { return [] }
    return startPass()
  }

  mutating func enterIdle() -> [LoadBalancerAction] {
    phase = .idle
    return candidates.map { .disconnect($0.id) }
  }

  mutating func subchannel(_ id: SubchannelID, is update: SubchannelUpdate) -> [LoadBalancerAction] {
    guard let index = candidates.firstIndex(where: { $0.id == id }) else { return [] }
    switch update {
    case .ready:
      candidates[index].mayConnect = true
      // A second attempt in progress is not needed.
      if case .ready = phase { return [.disconnect(id)] }
      phase = .ready(id)
      return []
    case .idle:
      candidates[index].mayConnect = true
      switch phase {
      case .ready(id):
        phase = .idle
        return [.resolve]
      case .failed:
        return [.connect(id)]
      case .idle, .connecting, .ready:
        return []
      }
    case .failed(let error):
      candidates[index].mayConnect = false
      switch phase {
      case .connecting(index):
        return tryNext(after: index, error: error)
      case .failed:
        phase = .failed(error)
        return [.resolve]
      case .idle, .connecting, .ready:
        return []
      }
    }
  }

  private mutating func startPass() -> [LoadBalancerAction] {
    tryNext(after: -1, error: RPCError(code: .unavailable, message: "every address is waiting to be tried again"))
  }

  private mutating func tryNext(after index: Int, error: RPCError) -> [LoadBalancerAction] {
    for next in candidates.indices.dropFirst(index + 1) where candidates[next].mayConnect {
      phase = .connecting(next)
      return [.connect(candidates[next].id)]
    }
    phase = .failed(error)
    // Those whose pause ended during the pass.
    return [.resolve] + candidates.filter(\.mayConnect).map { .connect($0.id) }
  }
}
