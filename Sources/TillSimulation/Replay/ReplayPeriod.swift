import Basics

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
    case .month(let month): instant.day(offsetHours: ReplayPlan.utcOffsetHours).civil.month == Int64(month)
    }
  }

  /// Whether coupons of `campaign` count on one of its days.
  func touches(_ campaign: Journey.Campaign) -> Bool {
    guard case .month(let month) = self else { return true }
    let firstDay = CivilDate(year: 2017, month: Int64(month), day: 1)
    let lastDay = CivilDate(year: 2017, month: Int64(month), day: CivilDate.days(inMonth: Int64(month), of: 2017))
    return campaign.firstDay <= Day(lastDay) && campaign.lastDay >= Day(firstDay)
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
