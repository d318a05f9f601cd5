internal import Foundation

/// Where the programs of an installed PostgreSQL are.
struct PostgresPrograms: Sendable {
  /// Their folder.
  let directory: String

  /// Finds them: those that Debian installed, the newest version first, or those on PATH.
  init() throws {
    let files = FileManager.default
    let debian = (try? files.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    let versions = debian.compactMap(Int.init).sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    guard let directory = (versions + path).first(where: { files.isExecutableFile(atPath: "\($0)/initdb") }) else {
      throw SuiteError("PostgreSQL is not installed. `apt-get install postgresql-15` does it on Debian 12.")
    }
    self.directory = directory
  }

  /// The path of one of them.
  func path(of program: String) -> String {
    "\(directory)/\(program)"
  }
}
