import Foundation

/// Runs the processes of a suite: does what the state machine decides, and tells it what happens.
package actor Suite {
  /// How long a stage has to finish by itself before it is ended.
  static let grace: Duration = .seconds(30)

  /// How often a part that starts is asked whether it is ready.
  private static let readinessInterval: Duration = .milliseconds(50)

  private let parts: [SuitePart]
  private let console: SuiteConsole
  private let leftovers: Leftovers
  private var machine: SuiteStateMachine
  private var children: [String: ChildProcess] = [:]
  /// Signals for parts whose child is being started and is not known yet.
  private var pendingSignals: [String: Int32] = [:]
  private var exitCode: Int32?
  private var isReady = false
  private var stopWasRequested = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  init(parts: [SuitePart], local: LocalDirectory, console: SuiteConsole, keepsGoing: Bool) {
    self.parts = parts
    self.console = console
    leftovers = Leftovers(in: local)
    machine = SuiteStateMachine(
      parts: parts.map { SuiteStateMachine.Part(name: $0.name, stage: $0.stage) },
      keepsGoing: keepsGoing
    )
  }

  /// Starts everything, and returns when all is ready.
  ///
  /// - Returns: Whether it is; false if the suite went down instead.
  package func start() async -> Bool {
    await handle(.started)
    await wait { self.isReady || self.exitCode != nil }
    return exitCode == nil
  }

  /// Asks everything to finish and end; asked again, ends it at once.
  package func stop() async {
    stopWasRequested = true
    await handle(.stopRequested)
  }

  /// Asks everything to finish and end, unless somebody has asked already.
  func stopOnce() async {
    if !stopWasRequested { await stop() }
  }

  /// Whether everything has ended, or is ending.
  var hasEnded: Bool { exitCode != nil || stopWasRequested }

  /// Waits until everything has ended.
  ///
  /// - Returns: The exit code for the whole: 0 if the end was asked for, 1 if a part died.
  package func waitForEnd() async -> Int32 {
    await wait { self.exitCode != nil }
    return exitCode ?? 0
  }

  /// The process id of a part that runs.
  func processID(of name: String) -> Int32? {
    children[name]?.id
  }

  private func wait(until condition: () -> Bool) async {
    while !condition() {
      await withCheckedContinuation { waiters.append($0) }
    }
  }

  private func handle(_ event: SuiteStateMachine.Event) async {
    for action in machine.handle(event) { await perform(action) }
    let resumed = waiters
    waiters = []
    for waiter in resumed { waiter.resume() }
  }

  private func perform(_ action: SuiteStateMachine.Action) async {
    switch action {
    case .start(let name): await start(name)
    case .terminate(let name): signal(name, part(name).stopSignal)
    case .kill(let name): signal(name, SIGKILL)
    case .announceReady: isReady = true
    case .announceReturn(let name): console.say("\(name) is back.")
    case .reportDeath(let name, let status, let pause): console.reportDeath(name, status, restartAfter: pause)
    case .scheduleRestart(let name, let pause): later(pause, .restartDue(name))
    case .scheduleGraceOver(let stage): later(Self.grace, .graceOver(stage: stage))
    case .finish(let code): exitCode = code
    }
  }

  /// Sends a signal to a part's child, now or as soon as it is started.
  private func signal(_ name: String, _ number: Int32) {
    if let child = children[name] { child.signal(number) } else { pendingSignals[name] = number }
  }

  private func start(_ name: String) async {
    let part = part(name)
    let (ends, end) = AsyncStream<ProcessEnd>.makeStream()
    do {
      let child = try await ChildProcess.start(
        part.command,
        output: { [console] line in console.show(line, of: name) },
        exit: { end.yield($0) }
      )
      children[name] = child
      if let number = pendingSignals.removeValue(forKey: name) { child.signal(number) }
      leftovers.remember(name, id: child.id)
      Task { await self.watch(part, child) }
    } catch {
      console.say("\(name) can't be started: \(error)")
      end.yield(.code(127))
    }
    // Heard of only from here on, when the child is known.
    Task {
      for await status in ends {
        await self.exited(name, status)
        break
      }
    }
  }

  /// Asks a part that starts until it is ready or has ended.
  private func watch(_ part: SuitePart, _ child: ChildProcess) async {
    while children[part.name] === child, await !part.isReady() {
      try? await Task.sleep(for: Self.readinessInterval)
    }
    guard children[part.name] === child else { return }
    do {
      try await part.prepare()
      await handle(.ready(part.name))
    } catch {
      console.say("\(part.name): \(error)")
      child.signal(SIGTERM)
    }
  }

  private func exited(_ name: String, _ status: ProcessEnd) async {
    children[name] = nil
    leftovers.forget(name)
    await handle(.exited(name, status))
  }

  private func later(_ pause: Duration, _ event: SuiteStateMachine.Event) {
    Task { [weak self] in
      try? await Task.sleep(for: pause)
      await self?.handle(event)
    }
  }

  private func part(_ name: String) -> SuitePart {
    parts.first { $0.name == name }!
  }
}
