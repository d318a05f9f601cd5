public import ServiceKit

/// How often entries are sealed, and how many at a time.
public struct LedgerSealSettings: SettingsGroup {
  /// The pause between two turns.
  public var interval: Duration
  /// The most entries that one statement seals, of all lanes together.
  public var entriesMaximum: Int

  /// The documented defaults: 10 s, 50,000 entries.
  public init() {
    interval = .seconds(10)
    entriesMaximum = 50_000
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = LedgerSealSettings()
    interval = settings.value(
      "ledger.sealInterval",
      default: defaults.interval,
      in: .milliseconds(100) ... .seconds(86_400),
      "How long to wait between sealing new entries and looking for more; what is not sealed yet is not proven by hash."
    )
    entriesMaximum = settings.value(
      "ledger.sealEntriesMaximum",
      default: defaults.entriesMaximum,
      in: 1...100_000,
      "The most entries that are sealed at a time; what is more is sealed right after."
    )
  }
}
