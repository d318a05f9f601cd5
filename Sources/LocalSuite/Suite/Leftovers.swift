import Foundation

/// Processes that an earlier supervisor left behind. The kernel ends the children of a supervisor that dies, but they
/// may still be finishing their work when the next one starts.
struct Leftovers {
  private let local: LocalDirectory

  init(in local: LocalDirectory) {
    self.local = local
  }

  /// Remembers that `part` runs as the process `id`.
  func remember(_ part: String, id: Int32) {
    guard let process = RunningProcess(id: id) else { return }
    try? process.description.write(toFile: file(part), atomically: true, encoding: .utf8)
  }

  /// Forgets `part`, which has ended.
  func forget(_ part: String) {
    unlink(file(part))
  }

  /// Waits for what an earlier supervisor left behind to end, and ends what does not. PostgreSQL is asked for its fast
  /// shutdown, last.
  func clean(grace: Duration) async throws -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: local.path(of: "run"))) ?? []
    let parts = files.filter { $0.hasSuffix(".pid") }.map { String($0.dropLast(4)) }
    var ended: [String] = []
    for part in parts.sorted(by: { ($0 == "postgres" ? 1 : 0, $0) < ($1 == "postgres" ? 1 : 0, $1) }) {
      if let process = local.read("run/\(part).pid").flatMap(RunningProcess.init(_:)), process.isAlive {
        try await process.end(asking: part == "postgres" ? SIGINT : SIGTERM, grace: grace)
        ended.append(part)
      }
      forget(part)
    }
    return ended
  }

  private func file(_ part: String) -> String {
    local.path(of: "run/\(part).pid")
  }
}
