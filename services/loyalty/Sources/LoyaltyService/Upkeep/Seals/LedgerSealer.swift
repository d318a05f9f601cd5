import Basics
import Foundation
import ServiceKit

/// Seals the entries of each lane a while after they were written, and all lanes once a day.
///
/// Several copies of the service may do so at once: of two that seal the same entries one comes too late, and nothing
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
