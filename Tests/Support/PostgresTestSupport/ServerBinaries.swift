import Foundation

/// Finds the programs of the PostgreSQL server.
enum ServerBinaries {
  /// Returns the folder with `initdb`, `pg_ctl` and `postgres`: Debian's newest, then that of `pg_config`, then the
  /// path.
  static func find() throws -> String {
    for folder in candidates() where FileManager.default.isExecutableFile(atPath: folder + "/initdb") { return folder }
    throw TestSupportError("no PostgreSQL server is installed: on Debian, apt-get install postgresql")
  }

  private static func candidates() -> [String] {
    let root = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    let newestFirst = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
    let configured = (try? Shell.run("pg_config --bindir"))?.trimmingCharacters(in: .whitespacesAndNewlines)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return newestFirst.map { "\(root)/\($0)/bin" } + [configured].compactMap { $0 }
      + path.split(separator: ":").map(String.init)
  }
}

/// A new folder under /tmp, where a socket's path is short enough, owned by the server's user.
enum TemporaryFolder {
  static func make() throws -> String {
    let path = try Shell.run("mktemp -d /tmp/patron-pg-XXXXXX").trimmingCharacters(in: .whitespacesAndNewlines)
    if geteuid() == 0 { try Shell.run("chown \(try Shell.serverUser()) \(path)") }
    // Tests under another user than the server's must reach the socket.
    try Shell.run("chmod 755 \(path)")
    return path
  }
}
