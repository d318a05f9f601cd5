internal import Foundation

/// The database of a suite that `patron up` runs on this machine.
enum LocalLedger {
  /// The URL by which the owner of the server reaches all services' schemas; nil if there is no private PostgreSQL in the
  /// folder.
  static func url(_ folder: String) throws -> String? {
    guard FileManager.default.fileExists(atPath: "\(folder)/passwords") else { return nil }
    let local = LocalDirectory(observing: folder)
    let passwords = try Passwords(in: local, roles: ServiceRoles.names + [PrivateCluster.owner])
    let cluster = try PrivateCluster(in: local, passwords: passwords)
    guard FileManager.default.fileExists(atPath: cluster.data) else { return nil }
    return cluster.server.url()
  }
}
