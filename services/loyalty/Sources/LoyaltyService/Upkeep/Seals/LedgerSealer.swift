import Basics
import Foundation
public import ServiceKit

/// Seals the entries of each lane a while after they were written, and all lanes once a day.
///
/// Several instances of the service may do so at once: of two that seal the same entries one comes too late, and nothing
/// happens. No lane's row is locked, so no posting ever waits for a seal.
struct LedgerSealer: Sendable {
  let store: SealStore
  let settings: LedgerSealSettings
  let calendar: ProgrammeCalendar
  let clock: WallClock

  /// What must run beside the service.
  var jobs: [Job] {
    [Job("ledger: seals", every: settings.interval) { try await seal() }]
  }

  /// Seals all that is there, then makes the day's root if there is none yet.
  func seal() async throws {
    while try await store.seal(entries: settings.entriesMaximum, at: Instant(clock.now)) >= settings.entriesMaximum {
      try Task.checkCancellation()
    }
    try await store.makeRoot(at: calendar.time(clock.now))
  }
}

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
