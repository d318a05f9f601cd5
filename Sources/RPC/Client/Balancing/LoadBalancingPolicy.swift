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
