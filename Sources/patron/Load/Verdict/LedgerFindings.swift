internal import Foundation
internal import ServiceKit

/// Says which acknowledged changes the ledger does not have, or has otherwise.
enum LedgerFindings {
  /// How many ids are named.
  private static let namedMaximum = 3

  /// - Parameters:
  ///   - asked: Acknowledged changes of one kind.
  ///   - points: How the ledger says that one changed the member's points; nil if it is not there.
  static func of(
    _ asked: [AcknowledgedMutation],
    kind: AcknowledgedMutation.Kind,
    points: (AcknowledgedMutation) -> Int64?
  ) -> [String] {
    let name = kind == .order ? "orders" : "reversals"
    let missing = asked.filter { points($0) == nil }
    let different = asked.filter { mutation in points(mutation).map { $0 != mutation.pointsChange } ?? false }
    return [
      finding(missing, of: asked, "acknowledged \(name) are not in the ledger"),
      finding(different, of: asked, "acknowledged \(name) changed the points otherwise than was answered"),
    ].compactMap { $0 }
  }

  private static func finding(
    _ wrong: [AcknowledgedMutation],
    of asked: [AcknowledgedMutation],
    _ text: String
  ) -> String? {
    guard !wrong.isEmpty else { return nil }
    let named = wrong.prefix(namedMaximum).map { $0.requestID.text }.joined(separator: ", ")
    let doubt = wrong.count == asked.count ? " (all of them: is this the ledger of the service that got the load?)" : ""
    return "\(wrong.count) of \(asked.count) sampled \(text): \(named)\(wrong.count > namedMaximum ? " …" : "")\(doubt)"
  }
}
