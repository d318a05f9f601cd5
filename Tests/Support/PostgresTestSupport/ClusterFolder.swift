import Foundation
import Glibc

/// The data folder from which every test server is copied, made once per process because `initdb` takes a second.
final class ClusterTemplate: Sendable {
  let binaries: String
  let path: String
  private let watch: FolderGuard

  init() throws {
    binaries = try ServerBinaries.find()
    path = try TemporaryFolder.make()
    watch = try FolderGuard(path)
    let options = "-A trust -U postgres -E UTF8 --no-locale --no-sync --no-instructions --wal-segsize=1"
    try Shell.runAsServerUser("\(Shell.quoted(binaries + "/initdb")) -D \(Shell.quoted(path + "/data")) \(options)")
  }
}

/// One test server's folder: data, socket and log.
final class ClusterFolder: Sendable {
  let socketPath: String
  let logPath: String
  private let binaries: String
  private let dataPath: String
  private let watch: FolderGuard

  init(copying template: ClusterTemplate) throws {
    binaries = template.binaries
    let path = try TemporaryFolder.make()
    socketPath = path
    logPath = path + "/log"
    dataPath = path + "/data"
    watch = try FolderGuard(path)
    try Shell.runAsServerUser("cp -R \(Shell.quoted(template.path + "/data")) \(Shell.quoted(dataPath))")
    let settings = """
      listen_addresses = ''
      unix_socket_directories = '\(path)'
      fsync = off
      full_page_writes = off
      max_connections = 800
      shared_buffers = 64MB
      max_wal_size = 256MB
      """
    let file = dataPath + "/postgresql.auto.conf"
    try Shell.runAsServerUser("tee \(Shell.quoted(file))", input: settings)
    try start()
  }

  /// Starts the server and waits until it answers. Retries, because after a kill the old sessions may still occupy its
  /// memory for a moment.
  func start() throws {
    var attempt = 1
    while true {
      do {
        return try control("start -w -t 60 -l \(Shell.quoted(logPath))")
      } catch {
        guard attempt < 20 else { throw error }
        attempt += 1
        usleep(100_000)
      }
    }
  }

  func control(_ command: String) throws {
    let program = Shell.quoted(binaries + "/pg_ctl")
    try Shell.runAsServerUser("\(program) \(command) -D \(Shell.quoted(dataPath)) -s")
  }

  func killPostmaster() throws {
    let file = try String(contentsOfFile: dataPath + "/postmaster.pid", encoding: .utf8)
    guard let line = file.split(separator: "\n").first, let processID = Int32(line), processID > 1 else {
      throw TestSupportError("the server does not run")
    }
    guard Glibc.kill(processID, SIGKILL) == 0 else { throw TestSupportError("the server cannot be killed") }
    while Glibc.kill(processID, 0) == 0 { usleep(1_000) }
  }

  /// Lets the guard stop the server and remove the folder.
  func abandon() {
    watch.release()
  }
}
