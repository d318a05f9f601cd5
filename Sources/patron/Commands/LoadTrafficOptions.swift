import ArgumentParser
import LocalSuite
import TillSimulation

extension LoadService: ExpressibleByArgument {}
extension ArrivalSpacing: ExpressibleByArgument {}

/// How much is asked of the service, when, and of what kind.
struct LoadTrafficOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The peak of a chain by its size: \(LoadProfile.all.map { "\($0.name) (\(Text.count(Int($0.rate)))/s)" }.joined(separator: ", ")).",
      discussion: "Sets rate, stores and members; each can be given as well."
    )
  )
  var profile = "stores-100"

  @Option(help: "Whom to call: loyalty (the points service alone) or gateway.")
  var service = LoadService.loyalty

  @Option(help: "Requests a second. The profile's if not given.")
  var rate: Double?

  @Option(help: "How many seconds the load lasts.")
  var seconds = 60.0

  @Option(help: "How arrivals lie: poisson or even.")
  var arrivals = ArrivalSpacing.poisson

  @Flag(
    help: "Squeeze a day into the time: the rate follows the hours of the grocery data, --rate is the busiest hour's."
  )
  var day = false

  @Flag(help: "Look for the knee: raise the rate until requests fail or p99 passes --limit, then narrow it down.")
  var ramp = false

  @Option(help: "The rate that a ramp begins with. A tenth of the rate if not given.")
  var rampFrom: Double?

  @Option(help: "How many seconds a ramp stays at each rate.")
  var stepSeconds = 10.0

  @Option(help: "The most milliseconds that 99 of 100 requests of a ramp may take.")
  var limit = 50.0

  @Option(
    help: ArgumentHelp(
      "The share of each kind, as in earn=70,redeem=20,refund=10.",
      discussion: LoadTrafficOptions.kinds
    )
  )
  var mix: String?

  @Option(help: "How many processes send. Each sends its share.")
  var processes = 1

  @Option(help: "How many requests may be unanswered in each process; what would be more counts as failed.")
  var outstanding = 100_000

  @Option(help: "How many seconds an answer may take.")
  var timeout = 30.0

  @Option(help: "Decides members, baskets and the order of kinds.")
  var seed: UInt64 = 1

  @Option(help: "How many stores there are. The profile's if not given.")
  var stores: Int?

  func validate() throws {
    let chosen: LoadProfile
    do {
      chosen = try LoadProfile.named(profile)
      _ = try mixture()
    } catch {
      throw ValidationError(error.description)
    }
    try Self.check("--rate", rate ?? chosen.rate, 0.1...1_000_000)
    try Self.check("--seconds", seconds, 1...86_400)
    try Self.check("--step-seconds", stepSeconds, 1...3_600)
    try Self.check("--limit", limit, 1...60_000)
    try Self.check("--timeout", timeout, 0.1...600)
    try Self.check("--processes", Double(processes), 1...64)
    try Self.check("--outstanding", Double(outstanding), 1...10_000_000)
    try Self.check("--stores", Double(stores ?? chosen.storeCount), 1...1_000_000)
    if let rampFrom { try Self.check("--ramp-from", rampFrom, 0.1...1_000_000) }
    if ramp, day { throw ValidationError("--ramp and --day each decide the rate: choose one.") }
    if rampFrom != nil, !ramp { throw ValidationError("--ramp-from needs --ramp.") }
  }

  /// The profile that was named.
  var chosenProfile: LoadProfile {
    get throws { try LoadProfile.named(profile) }
  }

  /// The kinds' shares.
  func mixture() throws(LoadError) -> LoadMix {
    guard let mix else { return LoadMix.standard(service) }
    return try LoadMix(mix, service: service)
  }

  /// The rates.
  func curve(_ curves: BasketCurves) throws -> RateCurve {
    let peak = try rate ?? chosenProfile.rate
    return day
      ? .day(curves.basketsByHour, peak: peak, seconds: seconds)
      : .constant(peak, seconds: seconds)
  }

  /// The search for the knee, if it is wanted.
  var climb: LoadSession.Climb? {
    get throws {
      guard ramp else { return nil }
      let first = try rampFrom ?? max(1, (rate ?? chosenProfile.rate) / 10)
      return LoadSession.Climb(first: first, stepSeconds: stepSeconds, limit: .milliseconds(1) * limit)
    }
  }

  static func check(_ name: String, _ value: Double, _ range: ClosedRange<Double>) throws {
    guard range.contains(value) else {
      throw ValidationError(
        "\(name) must be from \(Text.trimmed(range.lowerBound)) to \(Text.trimmed(range.upperBound))."
      )
    }
  }

  private static let kinds: String = {
    let kinds = LoadKind.all.map { kind in
      let services = LoadService.allCases.filter(kind.services.contains)
      let only = services.count == 1 ? " (\(services[0].rawValue) only)" : ""
      return "\(kind.name): \(kind.summary)\(only)"
    }
    return kinds.joined(separator: ";\n") + ".\nIf not given: \(LoadMix.standard(.loyalty).text) for loyalty, "
      + "\(LoadMix.standard(.gateway).text) for the gateway."
  }()
}
