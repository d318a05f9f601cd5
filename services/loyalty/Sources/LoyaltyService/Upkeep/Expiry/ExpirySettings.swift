public import ServiceKit

/// How what is due by time is done, and how long before members hear of it.
public struct ExpirySettings: SettingsGroup {
  /// The pause between two turns.
  public var interval: Duration
  /// How many accounts are settled at a time, among the requests of tills.
  public var batch: Int
  /// How many days before their last day members are told of points; 0 means never.
  public var noticeDays: Int

  /// The documented defaults: hourly, 100 accounts, 30 days.
  public init() {
    interval = .seconds(3_600)
    batch = 100
    noticeDays = 30
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = ExpirySettings()
    interval = settings.value(
      "expiry.interval",
      default: defaults.interval,
      in: .milliseconds(100) ... .seconds(86_400),
      "How long to wait between entering what expired, ran out or became spendable, and looking again."
    )
    batch = settings.value(
      "expiry.batch",
      default: defaults.batch,
      in: 1...500,
      "How many accounts are settled at a time; tills wait no longer than that takes."
    )
    noticeDays = settings.value(
      "expiry.noticeDays",
      default: defaults.noticeDays,
      in: 0...3_650,
      "How many days before the last day of points PointsExpiring is sent; 0 means never."
    )
  }
}
