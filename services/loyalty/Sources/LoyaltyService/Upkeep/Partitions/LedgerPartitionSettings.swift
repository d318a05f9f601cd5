public import ServiceKit

/// How far ahead the ledger's partitions are made, and how long entries are kept in it.
public struct LedgerPartitionSettings: SettingsGroup {
  /// How many months after the running one have a partition.
  public var monthsAhead: Int
  /// How many months before the running one stay in the ledger; 0 for all.
  public var retentionMonths: Int
  /// The pause between two turns.
  public var interval: Duration

  /// The documented defaults: 3 months, kept for ever, 1 h.
  public init() {
    monthsAhead = 3
    retentionMonths = 0
    interval = .seconds(3_600)
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = LedgerPartitionSettings()
    monthsAhead = settings.value(
      "ledger.partitionsAhead",
      default: defaults.monthsAhead,
      in: 1...24,
      "How many months after the running one have a partition for their entries."
    )
    retentionMonths = settings.value(
      "ledger.retentionMonths",
      default: defaults.retentionMonths,
      in: 0...1_200,
      "How many months before the running one stay in the ledger; older ones are archived. 0 keeps all for ever."
    )
    interval = settings.value(
      "ledger.partitionInterval",
      default: defaults.interval,
      in: .seconds(1) ... .seconds(86_400),
      "How long to wait between making partitions, archiving old ones, and looking again."
    )
  }
}
