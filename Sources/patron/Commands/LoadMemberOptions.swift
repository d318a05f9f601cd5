import ArgumentParser
import TillSimulation

/// Who shops in a load.
struct LoadMemberOptions: ParsableArguments {
  /// How members are drawn.
  enum Shoppers: String, CaseIterable, ExpressibleByArgument {
    case uniform
    case zipf
    case hot
  }

  @Option(
    help: ArgumentHelp(
      "How many members there are. The profile's if not given; at most 10,000 through the gateway then.",
      discussion: "Those that are missing are made before the run; they are kept for the next one with the same seed."
    )
  )
  var members: Int?

  @Option(help: "Who shops: uniform, zipf or hot.")
  var shoppers = Shoppers.uniform

  @Option(help: "With zipf: the k-th member shops in proportion to 1 / k^exponent.")
  var zipfExponent = 0.99

  @Option(help: "With hot: how many members are hot.")
  var hotMembers = 10

  @Option(help: "With hot: their share of the sales, 0 to 1.")
  var hotShare = 0.5

  @Option(help: "The points that every member has to begin with.")
  var startingPoints: Int64 = 10_000

  @Option(help: "Tells these members from those of other loads on the same suite.")
  var memberSeed: UInt64 = 1

  func validate() throws {
    try LoadTrafficOptions.check("--members", Double(members ?? 1), 1...100_000_000)
    try LoadTrafficOptions.check("--zipf-exponent", zipfExponent, 0.01...10)
    try LoadTrafficOptions.check("--hot-members", Double(hotMembers), 1...100_000_000)
    try LoadTrafficOptions.check("--hot-share", hotShare, 0...1)
    try LoadTrafficOptions.check("--starting-points", Double(startingPoints), 0...1_000_000)
    if let members, shoppers == .hot, hotMembers >= members {
      throw ValidationError("--hot-members must be fewer than --members.")
    }
  }

  /// How members are drawn.
  var choice: MemberChoice {
    switch shoppers {
    case .uniform: .uniform
    case .zipf: .zipf(exponent: zipfExponent)
    case .hot: .hot(count: hotMembers, share: hotShare)
    }
  }

  /// The most members that are registered through the gateway unless more are asked for.
  private static let gatewayMembers = 10_000

  /// The members.
  func range(_ profile: LoadProfile, service: LoadService) -> MemberRange {
    let usual = service == .loyalty ? profile.memberCount : min(Self.gatewayMembers, profile.memberCount)
    return MemberRange(count: members ?? usual, seed: memberSeed, service: service, startingPoints: startingPoints)
  }
}
