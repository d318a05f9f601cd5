/// What a service takes for the time of day.
public struct ClockSettings: SettingsGroup {
  /// How far its clock is behind the machine's. Not for use: a test sets it to see a service whose clock was set back.
  public let behind: Duration

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    behind = settings.value(
      "clock.behind",
      default: .zero,
      in: Duration.zero...Duration.seconds(172_800),
      "For tests only: how far this service's clock is behind the machine's, as if somebody had set it back."
    )
  }

  /// The clock itself.
  var clock: WallClock { WallClock.system.setBack(by: behind) }
}
