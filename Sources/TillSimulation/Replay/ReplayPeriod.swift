/// The part of the year that a replay covers.
package enum ReplayPeriod: Hashable, Sendable {
  /// All of 2017.
  case year

  /// One month of 2017, 1 to 12, by the stores' clock.
  case month(Int)

  /// Whether a sale at `instant` belongs to it.
  func contains(_ instant: Instant) -> Bool {
    switch self {
    case .year: true
    case .month(let month): instant.day(offsetHours: ReplayPlan.utcOffsetHours).month == month
    }
  }

  /// Whether coupons of `campaign` count on one of its days.
  func touches(_ campaign: Journey.Campaign) -> Bool {
    guard case .month(let month) = self else { return true }
    let firstDay = Day(year: 2017, month: month, day: 1)
    let nextMonth = month == 12 ? Day(year: 2018, month: 1, day: 1) : Day(year: 2017, month: month + 1, day: 1)
    return campaign.firstDay < nextMonth && campaign.lastDay >= firstDay
  }

  /// What it is called in a sentence.
  package var name: String {
    let months = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ]
    switch self {
    case .year: return "2017"
    case .month(let month): return "\(months[month - 1]) 2017"
    }
  }
}
