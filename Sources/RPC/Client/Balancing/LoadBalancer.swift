import NIOCore

/// Chooses the address for each call: a value that sees events and answers with actions, so that a policy is tested
/// without sockets. A channel owns one; pick_first is the default.
protocol LoadBalancer: Sendable {
  var state: ConnectivityState { get }

  /// How many subchannels successive picks name, at most, before they repeat.
  var choices: Int { get }

  /// The resolver found these addresses, in the order of preference; never empty.
  mutating func update(addresses: [SocketAddress]) -> [LoadBalancerAction]

  /// The resolver found none, and there are none from before.
  mutating func resolutionFailed(_ error: RPCError)

  /// A call wants to start while the policy is idle.
  mutating func exitIdle() -> [LoadBalancerAction]

  /// The channel had no calls for long: nothing stays connected, and nothing connects, until a call asks.
  mutating func enterIdle() -> [LoadBalancerAction]

  mutating func subchannel(_ id: SubchannelID, is state: SubchannelUpdate) -> [LoadBalancerAction]

  /// Called for every call: cheap.
  mutating func pick() -> LoadBalancerPick
}

/// Names one subchannel within its channel; never used twice.
struct SubchannelID: Hashable, Sendable {
  var rawValue: Int
}

/// What happened to a subchannel.
enum SubchannelUpdate: Sendable {
  /// It may connect: its pause ended, or its connection was lost or is draining.
  case idle
  case ready
  case failed(RPCError)
}

enum LoadBalancerAction: Sendable, Equatable {
  case create(SubchannelID, SocketAddress)
  case connect(SubchannelID)
  /// Close its connection; it may connect again later.
  case disconnect(SubchannelID)
  /// Forget it: running calls end normally.
  case remove(SubchannelID)
  /// The addresses may be out of date.
  case resolve
}

enum LoadBalancerPick: Sendable {
  case use(SubchannelID)
  /// Wait for the next change of state.
  case wait
  /// Fail calls that do not wait for readiness.
  case fail(RPCError)
}

/// How a channel spreads its calls over the addresses of its target.
public enum LoadBalancingPolicy: Sendable, Equatable {
  /// All calls go to the first address that answers.
  case pickFirst
  /// Calls take turns over all addresses that are ready.
  case roundRobin
}

extension LoadBalancingPolicy {
  func makeBalancer(using random: InjectedRandom) -> any LoadBalancer {
    switch self {
    case .pickFirst: PickFirst()
    case .roundRobin: RoundRobin(start: Int(random.next() >> 40))
    }
  }
}

/// What a channel, or one address of it, can do for a call now (grpc/grpc doc/connectivity-semantics-and-api.md).
enum ConnectivityState: Sendable, Hashable {
  /// Not connected, and not trying: the next call starts an attempt.
  case idle
  case connecting
  case ready
  /// The last attempt failed; another follows after a pause. Calls that do not wait for readiness fail.
  case transientFailure
}
