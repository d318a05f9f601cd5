import Foundation
import Logging
import Postgres

/// A PostgreSQL of the suite's own, in the local folder, reached over a unix socket and nothing else.
package struct PrivateCluster: Sendable {
  /// The role that owns it.
  package static let owner = "patron"

  let programs: PostgresPrograms
  /// Whose processes it runs as; nil for ours. PostgreSQL refuses to run as root.
  let user: SystemUser?
  /// Where its data is.
  package let data: String
  /// Where its socket is.
  let sockets: String
  private let local: LocalDirectory
  private let password: String
  private let settings: [String: String]

  /// Finds what is needed; makes nothing yet.
  ///
  /// - Parameter settings: Settings of the server that differ from the usual ones.
  package init(in local: LocalDirectory, passwords: Passwords, settings: [String: String] = [:]) throws {
    self.local = local
    self.settings = settings
    programs = try PostgresPrograms()
    password = passwords[Self.owner]
    let newUser = try Self.userOfNewCluster()
    let home = Self.home(in: local, user: newUser)
    data = "\(home)/postgres"
    user = try Self.user(of: data) ?? newUser
    sockets = Self.socketDirectory("\(home)/socket", in: local)
  }

  /// How it is reached.
  package var server: ServerAccess {
    ServerAccess(
      address: DatabaseAddress(host: sockets, port: Self.port, database: "patron"),
      role: Self.owner,
      password: password
    )
  }

  /// The command that serves it. A fast shutdown when we die, so that nothing is left behind.
  package var command: Command {
    let settings = [
      "listen_addresses": "",
      "unix_socket_directories": sockets,
      "port": String(Self.port),
      "max_connections": "200",
      "shared_buffers": "256MB",
      "max_wal_size": "2GB",
      "log_checkpoints": "off",
      "log_timezone": "UTC",
      "timezone": "UTC",
    ].merging(settings) { $1 }
    return Command(
      executable: programs.path(of: "postgres"),
      arguments: ["-D", data] + settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] },
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"],
      user: user,
      deathSignal: "INT"
    )
  }

  /// Makes the cluster if there is none yet.
  ///
  /// - Returns: Whether it was made.
  package func create() async throws -> Bool {
    try makeDirectory((data as NSString).deletingLastPathComponent)
    try makeDirectory(sockets)
    guard !FileManager.default.fileExists(atPath: data) else { return false }
    // Made beside its place and moved there when it is whole: an interrupted initdb leaves no half a cluster.
    let unfinished = data + ".new"
    let passwordFile = data + ".password"
    try? FileManager.default.removeItem(atPath: unfinished)
    try makeDirectory(unfinished)
    defer { unlink(passwordFile) }
    try writePassword(passwordFile)
    let command = Command(
      executable: programs.path(of: "initdb"),
      arguments: [
        "--pgdata", unfinished, "--username", Self.owner, "--pwfile", passwordFile, "--auth", "scram-sha-256",
        "--encoding", "UTF8", "--locale", "C.UTF-8",
      ],
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"],
      user: user
    )
    let (status, output) = try await command.run()
    guard status == .code(0) else {
      throw SuiteError(
        "Making the private PostgreSQL failed; initdb \(status):\n\(output.suffix(10).joined(separator: "\n"))"
      )
    }
    guard rename(unfinished, data) == 0 else { throw SuiteError.system("moving \(unfinished)", errno) }
    return true
  }

  /// Whether it answers.
  package func answers() async -> Bool {
    let configuration = DatabaseConfiguration(connectionString: server.url(database: "postgres"))
    let database = Database(configuration: configuration, logger: .silent)
    let health = await database.health(timeout: .seconds(1))
    await database.shutdown(grace: .seconds(1))
    return health.isHealthy
  }
}

extension PrivateCluster {
  /// The number in the socket's name. Nothing else listens in our folder.
  private static let port = 5432

  /// Who runs a cluster that is yet to be made.
  private static func userOfNewCluster() throws -> SystemUser? {
    guard SystemUser.isRoot else { return nil }
    guard let user = SystemUser(named: "postgres") ?? SystemUser(named: "nobody") else {
      throw SuiteError("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")
    }
    return user
  }

  /// Who runs the cluster that is there: its owner, whom root can become.
  private static func user(of data: String) throws -> SystemUser? {
    guard let owner = SystemUser(owning: data), owner.id != geteuid() else { return nil }
    guard SystemUser.isRoot else {
      throw SuiteError("The private PostgreSQL in \(data) belongs to \(owner.name). Run as that user, or as root.")
    }
    return owner
  }

  /// The local folder, unless the cluster's user can't get there, as when the project is under /root.
  private static func home(in local: LocalDirectory, user: SystemUser?) -> String {
    guard let user, !user.canEnter(local.path) else { return local.path }
    return "/var/lib/patron-\(local.identity)"
  }

  /// A socket's path may have 107 bytes (unix(7)); a folder that is too deep is replaced by one in /tmp.
  private static func socketDirectory(_ wanted: String, in local: LocalDirectory) -> String {
    let longest = "\(wanted)/.s.PGSQL.\(port).lock"
    return longest.utf8.count <= 107 ? wanted : "/tmp/patron-\(local.identity)"
  }

  private func makeDirectory(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard path != local.path else { return }
    if let user, chown(path, user.id, user.groupID) != 0 { throw SuiteError.system("chown of \(path)", errno) }
    guard SystemUser(owning: path)?.id == user?.id ?? geteuid() else {
      throw SuiteError("\(path) belongs to somebody else.")
    }
  }

  private func writePassword(_ path: String) throws {
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SuiteError.system("writing \(path)", errno) }
    defer { close(descriptor) }
    let bytes = Array(password.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      throw SuiteError.system("writing \(path)", errno)
    }
    if let user { fchown(descriptor, user.id, user.groupID) }
  }
}

/// Where the programs of an installed PostgreSQL are.
package struct PostgresPrograms: Sendable {
  /// Their folder.
  let directory: String

  /// Finds them: those that Debian installed, the newest version first, or those on PATH.
  package init() throws {
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
  package func path(of program: String) -> String {
    "\(directory)/\(program)"
  }
}
