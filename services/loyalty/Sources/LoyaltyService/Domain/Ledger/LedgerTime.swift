/// When something is decided: the instant, and the day that it is in the programme's calendar.
struct LedgerTime: Sendable, Hashable {
  var now: Instant
  var today: Day
}
