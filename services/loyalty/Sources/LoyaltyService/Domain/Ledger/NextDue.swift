/// When time next changes a holding, if nothing else does.
struct NextDue: Sendable, Hashable {
  /// The last day of the lot that expires soonest; `never` if no lot expires.
  var day: Day
  /// When the next hold runs out or the next pending lot ripens; `never` if none does.
  var instant: Instant

  /// Whether it is time: the day is over, or the instant has come.
  func isDue(at time: LedgerTime) -> Bool {
    day < time.today || instant <= time.now && instant != .never
  }
}
