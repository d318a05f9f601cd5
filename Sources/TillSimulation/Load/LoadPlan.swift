/// Everything that a process needs to know to play its part of a load. Goes to child processes as JSON.
package struct LoadPlan: Codable, Hashable, Sendable {
  /// Whom to call.
  package var service: LoadService
  /// Where it is, as `host:port` or any form of ``RPC/ChannelTarget``.
  package var target: String
  /// How many requests are offered when, by all processes together.
  var curve: RateCurve
  var spacing: ArrivalSpacing
  /// Decides members, baskets and the order of kinds. Request ids are new in every run.
  var seed: UInt64
  /// Tells the receipts of this run from those of every other.
  var run: String
  var mix: LoadMix
  var members: MemberRange
  var choice: MemberChoice
  /// Coupons to use, in a file of ``CouponSupply``; for the gateway.
  var couponFile: String?
  var storeCount: Int
  var curves: BasketCurves
  /// The currency and the worth of points, as the service says.
  var programme: LoadProgramme
  /// How many requests may be unanswered at once, in each process; what would be more is not sent and counts as failed.
  package var outstandingMaximum: Int
  /// How long an answer may take.
  var timeoutMilliseconds: Int
  /// When it starts, in microseconds since 1970.
  var startsAtUnixMicroseconds: Int64 = 0
  /// The folder for what is acknowledged.
  var journalDirectory: String
  /// Which of the processes this is.
  var process = ProcessShare()

  package init(
    service: LoadService,
    target: String,
    curve: RateCurve,
    spacing: ArrivalSpacing,
    seed: UInt64,
    run: String,
    mix: LoadMix,
    members: MemberRange,
    choice: MemberChoice,
    storeCount: Int,
    curves: BasketCurves,
    programme: LoadProgramme,
    outstandingMaximum: Int,
    timeoutMilliseconds: Int,
    journalDirectory: String
  ) {
    self.service = service
    self.target = target
    self.curve = curve
    self.spacing = spacing
    self.seed = seed
    self.run = run
    self.mix = mix
    self.members = members
    self.choice = choice
    self.storeCount = storeCount
    self.curves = curves
    self.programme = programme
    self.outstandingMaximum = outstandingMaximum
    self.timeoutMilliseconds = timeoutMilliseconds
    self.journalDirectory = journalDirectory
  }

  /// How long it lasts.
  var seconds: Double { curve.seconds }
}

/// Whom the load calls.
package enum LoadService: String, Codable, Sendable, CaseIterable {
  /// The points service: what a checkout costs at its commit point, without members and campaigns.
  case loyalty
  /// The gateway, as tills do.
  case gateway
}

/// What keeps a load from being run, in words for the operator: what is wrong and what to change.
package struct LoadError: Error, Hashable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) {
    self.description = description
  }
}
