internal import Foundation

/// Finds the recorded receipts that come with the project.
enum JourneyDirectory {
  private static let place = "Examples/complete-journey"

  /// The folder that was named; otherwise the one in the working folder, or in one of those above the executable.
  static func find(_ named: String?) throws -> String {
    if let named { return named }
    var folder = LocalSuite.executables
    var candidates = [place]
    while folder != "/", !folder.isEmpty {
      candidates.append("\(folder)/\(place)")
      folder = (folder as NSString).deletingLastPathComponent
    }
    let files = FileManager.default
    guard let found = candidates.first(where: { files.fileExists(atPath: "\($0)/transactions.csv.gz") }) else {
      throw SuiteError("\(place) was not found. Name it with --data.")
    }
    return found
  }
}
