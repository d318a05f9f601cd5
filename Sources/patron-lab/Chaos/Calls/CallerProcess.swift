import Foundation
import LocalSuite

/// The caller, a process of its own, so that it can be killed.
actor CallerProcess {
  /// How many calls it has under way.
  private static let concurrency = 12
  /// How long it may take until something is answered.
  private static let patience: Duration = .seconds(60)

  private let process: RestartableProcess
  private let executable: String
  private let folder: String
  private var plan: CallerPlan
  private var startCount = 0
  private var reader: CallerJournalReader?
  private var records: [JournalRecord] = []

  /// - Parameters:
  ///   - executable: The program of this command.
  ///   - folder: Where journals go.
  init(executable: String, folder: String, members: [UUID], targets: [String], console: SuiteConsole) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    process = RestartableProcess("caller", console: console)
    self.executable = executable
    self.folder = folder
    plan = CallerPlan(
      targets: targets,
      members: members,
      journal: "",
      seed: 0,
      concurrency: Self.concurrency
    )
  }

  /// Starts it, with a journal of its own.
  func start(seed: UInt64) async throws {
    startCount += 1
    plan.seed = seed
    plan.journal = "\(folder)/caller-\(startCount).journal"
    try readJournal()
    reader = CallerJournalReader(plan.journal)
    let command = Command(
      executable: executable,
      arguments: ["chaos-caller", String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)],
      environment: ProcessInfo.processInfo.environment,
      deathSignal: "KILL"
    )
    try await process.start(command)
  }

  /// Returns when this number of further calls have been answered.
  func waitForAnswers(_ count: Int) async throws {
    let wanted = try answerCount() + count
    let deadline = ContinuousClock.now + Self.patience
    while try answerCount() < wanted {
      guard process.isRunning else { throw SuiteError("The caller ended; see logs/caller.log.") }
      guard ContinuousClock.now < deadline else {
        throw SuiteError("\(count) calls were not answered within \(Text.duration(Self.patience)).")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Ends it by kill -9.
  func kill() async {
    await process.kill()
  }

  /// Lets it finish what is under way.
  func stop() async {
    process.signal(SIGTERM)
    await process.waitForEnd()
  }

  /// All that was written down since the last time.
  func takeRecords() throws -> [JournalRecord] {
    try readJournal()
    defer { records = [] }
    return records
  }

  private func answerCount() throws -> Int {
    try readJournal()
    return records.count { $0.event == .answered }
  }

  private func readJournal() throws {
    records += try reader?.read() ?? []
  }
}

/// What a caller is given when it starts.
struct CallerPlan: Codable, Hashable, Sendable {
  /// Where the copies of loyalty take calls.
  var targets: [String]
  var members: [UUID]
  /// The file to write down everything in.
  var journal: String
  var seed: UInt64
  /// How many calls are under way at a time.
  var concurrency: Int
}
