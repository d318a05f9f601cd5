import Basics
import Foundation
import ServiceKit

/// Says which acknowledged changes the ledger does not have, has more than once, or has otherwise.
enum LedgerFindings {
  /// What the ledger has under a request id.
  struct Recorded: Hashable, Sendable {
    /// How often the request is there.
    var count: Int64
    /// How it changed what the member has: points, or money in its smallest unit.
    var balanceChange: Int64
  }

  /// How many ids are named.
  private static let namedMaximum = 3

  /// - Parameters:
  ///   - asked: Acknowledged changes.
  ///   - recorded: What the ledger has of them, by request id.
  static func of(_ asked: [AcknowledgedMutation], recorded: [UUID: Recorded]) -> [String] {
    func count(_ mutation: AcknowledgedMutation) -> Int64 { recorded[mutation.requestID]?.count ?? 0 }
    let different = asked.filter { mutation in
      count(mutation) == 1 && recorded[mutation.requestID]?.balanceChange != mutation.balanceChange
    }
    return [
      finding(asked.filter { count($0) == 0 }, of: asked, "are not in the ledger"),
      finding(asked.filter { count($0) > 1 }, of: asked, "are in the ledger more than once"),
      finding(different, of: asked, "changed the balance otherwise than was answered"),
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
    return "\(wrong.count) of \(asked.count) sampled acknowledged changes \(text): "
      + "\(named)\(wrong.count > namedMaximum ? " …" : "")\(doubt)"
  }
}
