import Foundation
public import ServiceKit

/// The settings of loyalty.
public struct LoyaltySettings: SettingsGroup {
  /// Where members is; its events say in which standing members are. Nil follows nobody: all are in good standing.
  public var members: PeerSettings?
  /// What suspended members may do.
  public var suspended: SuspensionRule
  /// The currency of the programme when it is first created, ISO 4217.
  public var programmeCurrency: String
  /// Where the programme's days begin and end: the IANA name of a time zone.
  public var timeZone: String
  /// How long a hold lasts whose caller does not say.
  public var holdTimeToLive: Duration
  /// How long a hold may last.
  public var holdTimeToLiveMaximum: Duration
  /// The largest correction that staff make without approval, in the asset's unit.
  public var adjustmentFreeMaximum: Int
  /// The largest correction that staff make with somebody else's approval, in the asset's unit.
  public var adjustmentApprovedMaximum: Int
  /// How many receipts or movements of one stream may be under way at a time.
  public var streamWindowMaximum: Int
  /// How requests to the ledger are gathered into batches.
  public var ledger: LedgerEngineSettings
  /// How entries are sealed.
  public var seals: LedgerSealSettings
  /// How what is due by time is done.
  public var expiry: ExpirySettings
  /// How entries are partitioned by month.
  public var partitions: LedgerPartitionSettings

  /// The documented defaults: CNY, Asia/Shanghai; holds of 15 minutes, at most 7 days; corrections up to 1,000
  /// without approval, up to 100,000 with it; 500 receipts of a stream under way.
  public init() {
    suspended = SuspensionRule()
    programmeCurrency = "CNY"
    timeZone = "Asia/Shanghai"
    holdTimeToLive = .seconds(900)
    holdTimeToLiveMaximum = .seconds(604_800)
    adjustmentFreeMaximum = 1_000
    adjustmentApprovedMaximum = 100_000
    streamWindowMaximum = 500
    ledger = LedgerEngineSettings()
    seals = LedgerSealSettings()
    expiry = ExpirySettings()
    partitions = LedgerPartitionSettings()
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = LoyaltySettings()
    members = PeerSettings(settings, peer: "members", defaultAddress: "dns:///localhost:7401")
    suspended = SuspensionRule(settings)
    programmeCurrency = settings.value(
      "programme.currency",
      default: defaults.programmeCurrency,
      "ISO 4217 code of the programme's currency when it is first created; change it later by UpdateProgramme."
    )
    timeZone = settings.value(
      "programme.timeZone",
      default: defaults.timeZone,
      "Where the programme's days begin and end, by which points expire: the IANA name of a time zone."
    )
    holdTimeToLive = settings.value(
      "hold.timeToLive",
      default: defaults.holdTimeToLive,
      in: .seconds(1) ... .seconds(2_592_000),
      "How long a hold lasts whose caller does not say; at most hold.timeToLiveMaximum."
    )
    holdTimeToLiveMaximum = settings.value(
      "hold.timeToLiveMaximum",
      default: defaults.holdTimeToLiveMaximum,
      in: .seconds(1) ... .seconds(2_592_000),
      "The longest that a hold may last."
    )
    adjustmentFreeMaximum = settings.value(
      "adjustment.freeMaximum",
      default: defaults.adjustmentFreeMaximum,
      in: 0...Int(ContractLimits.pointsMaximum),
      "The largest correction by hand that needs nobody's approval, in the asset's unit."
    )
    adjustmentApprovedMaximum = settings.value(
      "adjustment.approvedMaximum",
      default: defaults.adjustmentApprovedMaximum,
      in: 0...Int(ContractLimits.pointsMaximum),
      "The largest correction by hand that is taken with somebody else's approval, in the asset's unit."
    )
    streamWindowMaximum = settings.value(
      "stream.windowMaximum",
      default: defaults.streamWindowMaximum,
      in: 1...10_000,
      "How many receipts or movements of one stream may be under way at a time."
    )
    ledger = LedgerEngineSettings(settings)
    seals = LedgerSealSettings(settings)
    expiry = ExpirySettings(settings)
    if holdTimeToLive > holdTimeToLiveMaximum {
      settings.report("hold.timeToLive must be at most hold.timeToLiveMaximum")
    }
    partitions = LedgerPartitionSettings(settings)
    if TimeZone(identifier: timeZone) == nil {
      settings.report("programme.timeZone must be the IANA name of a time zone, not \"\(timeZone)\"")
    }
    if !Currencies.contains(programmeCurrency) {
      settings.report("programme.currency must be the ISO 4217 code of a currency in use, not \"\(programmeCurrency)\"")
    }
  }
}

extension SuspensionRule: SettingsGroup {
  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = SuspensionRule()
    spending = settings.value(
      "suspended.spending",
      default: defaults.spending,
      "Whether suspended members can spend points and stored value."
    )
    earning = settings.value(
      "suspended.earning",
      default: defaults.earning,
      "Whether suspended members are given points; withheld: their sales are posted and earn nothing."
    )
  }
}

extension SuspensionRule.Spending: SettingValue {}
extension SuspensionRule.Earning: SettingValue {}
