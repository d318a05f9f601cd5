import Foundation
import LocalSuite

/// Whether the ledger is right after a load.
package enum Verdict: Codable, Hashable, Sendable {
  /// Everything that was looked at adds up.
  case clean
  /// What does not.
  case findings([String])
  /// Nobody has looked, and why.
  case notAsked(reason: String)

  /// For programs.
  var word: String {
    switch self {
    case .clean: "clean"
    case .findings: "findings"
    case .notAsked: "not-asked"
    }
  }

  /// The same with further findings.
  func adding(_ further: [String]) -> Verdict {
    switch self {
    case .clean: further.isEmpty ? .clean : .findings(further)
    case .findings(let findings): .findings(further + findings)
    case .notAsked: self
    }
  }
}

/// Somebody who checks the ledger.
package protocol LedgerVerdict: Sendable {
  /// What is looked at, for the report.
  var description: String { get }

  /// Looks.
  func verdict() async throws -> Verdict
}

/// The database of a suite that `patron up` runs on this machine.
package enum LocalLedger {
  /// The URL by which the owner of the server reaches all services' schemas; nil if there is no private PostgreSQL in the
  /// folder.
  package static func url(_ folder: String) throws -> String? {
    guard FileManager.default.fileExists(atPath: "\(folder)/passwords") else { return nil }
    let local = LocalDirectory(observing: folder)
    let passwords = try Passwords(in: local, roles: ServiceCatalogue.databaseOwners + [PrivateCluster.owner])
    let cluster = try PrivateCluster(in: local, passwords: passwords)
    guard FileManager.default.fileExists(atPath: cluster.data) else { return nil }
    return cluster.server.url()
  }
}

/// Leaves the ledger unchecked, because the operator wants it so.
package struct NobodyAsked: LedgerVerdict {
  let reason: String

  package init(reason: String) {
    self.reason = reason
  }

  package var description: String { "nobody" }

  package func verdict() async throws -> Verdict { .notAsked(reason: reason) }
}
