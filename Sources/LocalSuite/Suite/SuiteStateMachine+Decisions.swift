import Basics

extension SuiteStateMachine {
  /// The pause before the first, second, … start of a part that died.
  static func restartPause(after deaths: Int) -> Duration {
    Backoff(first: .seconds(1), maximum: .seconds(30)).wait(after: deaths)
  }

  private var lastStage: Int { parts.map(\.stage).max() ?? 0 }

  /// Starts the parts of `stage`, or of the first stage above it that has any.
  mutating func start(stage: Int) -> [Action] {
    guard let stage = parts.map(\.stage).filter({ $0 >= stage }).min() else {
      phase = .running
      return [.announceReady]
    }
    phase = .starting(stage: stage)
    let names = parts.filter { $0.stage == stage }.map(\.name)
    for name in names { states[name] = .starting }
    return names.map(Action.start)
  }

  mutating func partIsReady(_ name: String) -> [Action] {
    guard states[name] == .starting else { return [] }
    states[name] = .ready
    if phase == .running { return [.announceReturn(name)] }
    guard case .starting(let stage) = phase, parts.allSatisfy({ $0.stage > stage || states[$0.name] == .ready }) else {
      return []
    }
    return start(stage: stage + 1)
  }

  mutating func partExited(_ name: String, _ status: ProcessEnd) -> [Action] {
    guard let state = states[name], state != .ended else { return [] }
    states[name] = .ended
    switch phase {
    case .finished:
      return []
    case .stopping(let stage, let exitCode):
      return stopFurther(stage: stage, exitCode: exitCode)
    case .running where keepsGoing:
      restarts[name, default: 0] += 1
      let pause = Self.restartPause(after: restarts[name, default: 1])
      states[name] = .restarting
      return [.reportDeath(name, status, restartAfter: pause), .scheduleRestart(name, after: pause)]
    case .starting, .running:
      return [.reportDeath(name, status, restartAfter: nil)] + stop(exitCode: 1)
    }
  }

  mutating func restart(_ name: String) -> [Action] {
    guard phase == .running, states[name] == .restarting else { return [] }
    states[name] = .starting
    return [.start(name)]
  }

  mutating func stopRequested() -> [Action] {
    switch phase {
    case .starting, .running: return stop(exitCode: 0)
    case .finished: return []
    case .stopping:
      phase = .finished
      return living(in: nil).map(Action.kill) + [.finish(exitCode: 130)]
    }
  }

  mutating func graceOver(stage: Int) -> [Action] {
    guard case .stopping(stage, _) = phase else { return [] }
    return living(in: stage).map(Action.kill)
  }

  private mutating func stop(exitCode: Int32) -> [Action] {
    for part in parts where states[part.name] == .waiting || states[part.name] == .restarting {
      states[part.name] = .ended
    }
    return stop(stage: lastStage, exitCode: exitCode)
  }

  /// Ends the parts of `stage`, or of the first stage below it that has any left.
  private mutating func stop(stage: Int, exitCode: Int32) -> [Action] {
    guard let stage = (0...stage).last(where: { !living(in: $0).isEmpty }) else {
      phase = .finished
      return [.finish(exitCode: exitCode)]
    }
    phase = .stopping(stage: stage, exitCode: exitCode)
    return living(in: stage).map(Action.terminate) + [.scheduleGraceOver(stage: stage)]
  }

  private mutating func stopFurther(stage: Int, exitCode: Int32) -> [Action] {
    living(in: stage).isEmpty ? stop(stage: stage, exitCode: exitCode) : []
  }

  private func living(in stage: Int?) -> [String] {
    parts.filter { stage == nil || $0.stage == stage }.map(\.name)
      .filter { states[$0] == .starting || states[$0] == .ready }
  }
}
