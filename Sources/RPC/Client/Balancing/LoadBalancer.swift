import Basics
import NIOCore

/// Chooses the address for each call. A value that turns events into actions, so that a policy is tested without
/// sockets. A channel owns one; pick_first is the default.
protocol LoadBalancer: Sendable {
  var state: ConnectivityState { get }

  /// The greatest number of different subchannels that successive picks return.
  var choices: Int { get }

  /// Replaces the addresses by the resolver's, in the order of preference. Precondition: not empty.
  mutating func update(addresses: [SocketAddress]) -> [LoadBalancerAction]

  /// Records that the resolver found no addresses and there are no earlier ones.
  mutating func resolutionFailed(_ error: RPCError)

  /// Leaves the idle state, because a call wants to start.
  mutating func exitIdle() -> [LoadBalancerAction]

  /// Enters the idle state after a long time without calls: closes everything and connects nothing until the next call.
  mutating func enterIdle() -> [LoadBalancerAction]

  mutating func subchannel(_ id: SubchannelID, is state: SubchannelUpdate) -> [LoadBalancerAction]

  /// Returns the subchannel for a call. Runs for every call, so it must be cheap.
  mutating func pick() -> LoadBalancerPick
}

/// Identifies one subchannel within its channel. Never reused.
struct SubchannelID: Hashable, Sendable {
  var rawValue: Int
}

/// A change of a subchannel.
enum SubchannelUpdate: Sendable {
  /// It may connect: its pause ended, or its connection was lost or is draining.
  case idle
  case ready
  case failed(RPCError)
}

enum LoadBalancerAction: Sendable, Equatable {
  case create(SubchannelID, SocketAddress)
  case connect(SubchannelID)
  /// Close the subchannel's connection. It may connect again later.
  case disconnect(SubchannelID)
  /// Remove the subchannel. Its running calls end normally.
  case remove(SubchannelID)
  /// Look the addresses up again.
  case resolve
}

enum LoadBalancerPick: Sendable {
  case use(SubchannelID)
  /// Wait for the next change of state.
  case wait
  /// Fail calls that do not wait for readiness.
  case fail(RPCError)
}

/// How a channel distributes its calls over the addresses of its target.
public enum LoadBalancingPolicy: Sendable, Equatable {
  /// Sends all calls to the first address that answers.
  case pickFirst
  /// Sends calls to all ready addresses in turn.
  case roundRobin
}

extension LoadBalancingPolicy {
  func makeBalancer(using random: RandomSource) -> any LoadBalancer {
    switch self {
    case .pickFirst: PickFirst()
    case .roundRobin: RoundRobin(start: Int(random.next() >> 40))
    }
  }
}

/// The state of a channel, or of one address of it (grpc/grpc doc/connectivity-semantics-and-api.md).
enum ConnectivityState: Sendable, Hashable {
  /// Not connected and not connecting. The next call starts an attempt.
  case idle
  case connecting
  case ready
  /// The last attempt failed, and another follows after a pause. Calls that do not wait for readiness fail.
  case transientFailure
}
