/// Runs a suite for as long as a command needs it.
package enum SuiteSession {
  /// What is to happen once the command's own work is done.
  package enum Next: Sendable {
    /// The suite runs on until somebody asks for its end.
    case stayUp
    /// The suite is stopped, and the command ends with this code.
    case stop(exitCode: Int32)
  }

  /// Starts a suite, does `work` while it runs, and sees to its end, whoever asks for it.
  ///
  /// - Returns: The exit code of the command.
  /// - Throws: What `work` threw, after everything has ended.
  package static func run(
    _ options: SuiteOptions,
    terminal: Terminal,
    _ work: @escaping @Sendable (Suite, LocalSuite) async throws -> Next
  ) async throws -> Int32 {
    let interrupts = InterruptSignals.stream()
    let local = try await LocalSuite(options, terminal: terminal)
    defer { local.local.release() }
    let suite = try await local.everything()
    let listener = Task {
      for await _ in interrupts {
        local.console.say("Stopping …")
        await suite.stop()
      }
    }
    defer { listener.cancel() }

    return try await attend(suite, local, work).get()
  }

  private static func attend(
    _ suite: Suite,
    _ local: LocalSuite,
    _ work: @escaping @Sendable (Suite, LocalSuite) async throws -> Next
  ) async -> Result<Int32, any Error> {
    guard await suite.start() else { return .success(await suite.waitForEnd()) }
    let task = Task { try await work(suite, local) }
    // A suite that goes down takes the command's work with it.
    let end = Task {
      let code = await suite.waitForEnd()
      task.cancel()
      return code
    }
    switch await task.result {
    case .success(.stayUp):
      return .success(await end.value)
    case .success(.stop(let exitCode)):
      await suite.stopOnce()
      let code = await end.value
      return .success(exitCode == 0 ? code : exitCode)
    case .failure(let error):
      let hadEnded = await suite.hasEnded
      await suite.stopOnce()
      let code = await end.value
      return hadEnded ? .success(code == 0 ? 130 : code) : .failure(error)
    }
  }
}
