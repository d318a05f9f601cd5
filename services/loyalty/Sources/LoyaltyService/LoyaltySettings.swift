import Foundation
public import ServiceKit

/// The settings of loyalty.
public struct LoyaltySettings: SettingsGroup {
  /// The currency of the programme when it is first created, ISO 4217.
  public var programmeCurrency: String
  /// How far ahead of this service's clock a sale may claim to have happened.
  public var occurredAheadMaximum: Duration
  /// Where the programme's days begin and end: the IANA name of a time zone.
  public var timeZone: String
  /// How requests to the ledger are gathered into batches.
  public var ledger: LedgerEngineSettings
  /// How entries are sealed.
  public var seals: LedgerSealSettings

  /// The documented defaults: CNY, 5 minutes, Asia/Shanghai.
  public init() {
    programmeCurrency = "CNY"
    occurredAheadMaximum = .seconds(300)
    timeZone = "Asia/Shanghai"
    ledger = LedgerEngineSettings()
    seals = LedgerSealSettings()
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = LoyaltySettings()
    programmeCurrency = settings.value(
      "programme.currency",
      default: defaults.programmeCurrency,
      "ISO 4217 code of the programme's currency when it is first created; change it later by UpdateProgramme."
    )
    occurredAheadMaximum = settings.value(
      "order.aheadMaximum",
      default: defaults.occurredAheadMaximum,
      in: .zero ... .seconds(86_400),
      "How far ahead of this service's clock a sale may claim to have happened."
    )
    timeZone = settings.value(
      "programme.timeZone",
      default: defaults.timeZone,
      "Where the programme's days begin and end, by which points expire: the IANA name of a time zone."
    )
    ledger = LedgerEngineSettings(settings)
    seals = LedgerSealSettings(settings)
    if TimeZone(identifier: timeZone) == nil {
      settings.report("programme.timeZone must be the IANA name of a time zone, not \"\(timeZone)\"")
    }
    if programmeCurrency.wholeMatch(of: /[A-Z]{3}/) == nil {
      settings.report("programme.currency must be three capital letters, not \"\(programmeCurrency)\"")
    }
  }
}
