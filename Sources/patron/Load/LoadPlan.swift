import ArgumentParser

/// Everything that a process needs to know to play its part of a load. Goes to child processes as JSON.
struct LoadPlan: Codable, Hashable, Sendable {
  /// Whom to call.
  var service: LoadService
  /// Where it is, as `host:port` or any form of ``RPC/ChannelTarget``.
  var target: String
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
  var outstandingMaximum: Int
  /// How long an answer may take.
  var timeoutMilliseconds: Int
  /// When it starts, in microseconds since 1970.
  var startsAtUnixMicroseconds: Int64 = 0
  /// The folder for what is acknowledged.
  var journalDirectory: String
  /// Which of the processes this is.
  var process = ProcessShare()

  /// How long it lasts.
  var seconds: Double { curve.seconds }
}

/// Whom the load calls.
enum LoadService: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
  /// The points service: what a checkout costs at its commit point, without members and campaigns.
  case loyalty
  /// The gateway, as tills do.
  case gateway
}

/// What keeps a load from being run, in words for the operator: what is wrong and what to change.
struct LoadError: Error, Hashable, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}
