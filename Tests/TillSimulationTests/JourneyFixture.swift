import Foundation

@testable import TillSimulation

/// The recorded receipts of the project, read once for all tests.
enum JourneyFixture {
  static let directory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Examples/complete-journey").path

  static let journey = Result { try Journey(directory: directory) }
  static let year = journey.map { ReplayPlan($0, period: .year) }
  static let december = journey.map { ReplayPlan($0, period: .month(12)) }
}
