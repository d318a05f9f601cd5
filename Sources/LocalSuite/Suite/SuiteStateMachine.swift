/// Decides what the supervisor does next. It is a value: events go in, actions come out, and nothing else happens.
///
/// Parts start stage by stage, a stage once the one before is ready, and stop in the opposite order.
struct SuiteStateMachine {
  /// One process of the suite.
  struct Part: Hashable, Sendable {
    var name: String
    /// Parts of one stage start together. From 0.
    var stage: Int
  }

  /// What can happen.
  enum Event: Hashable, Sendable {
    /// The supervisor begins.
    case started
    /// A part can do its work.
    case ready(String)
    /// A part has ended.
    case exited(String, ProcessEnd)
    /// Somebody asked for the end: Ctrl-C or SIGTERM.
    case stopRequested
    /// The time that a stage had to end by itself is over.
    case graceOver(stage: Int)
    /// The pause before a part starts again is over.
    case restartDue(String)
  }

  /// What is to be done.
  enum Action: Hashable, Sendable {
    case start(String)
    /// Ask a part to finish what it is doing and end.
    case terminate(String)
    /// End a part at once.
    case kill(String)
    /// Say that everything is ready.
    case announceReady
    /// Say that a part that died is ready again.
    case announceReturn(String)
    /// Say loudly that a part ended unasked; it starts again after the pause, or not at all.
    case reportDeath(String, ProcessEnd, restartAfter: Duration?)
    case scheduleRestart(String, after: Duration)
    /// Start the clock after which the rest of a stage is ended at once.
    case scheduleGraceOver(stage: Int)
    /// Everything has ended.
    case finish(exitCode: Int32)
  }

  enum State: Hashable {
    case waiting, starting, ready, restarting, ended
  }

  enum Phase: Hashable {
    case starting(stage: Int)
    case running
    case stopping(stage: Int, exitCode: Int32)
    case finished
  }

  let parts: [Part]
  let keepsGoing: Bool
  var states: [String: State] = [:]
  var restarts: [String: Int] = [:]
  var phase = Phase.starting(stage: 0)

  /// - Parameter keepsGoing: Whether a part that was ready and died is started again. Without it, one death ends all.
  init(parts: [Part], keepsGoing: Bool) {
    self.parts = parts
    self.keepsGoing = keepsGoing
    for part in parts { states[part.name] = .waiting }
  }

  /// Takes note of what happened and says what is to be done, in order.
  mutating func handle(_ event: Event) -> [Action] {
    switch event {
    case .started: phase == .finished ? [] : start(stage: 0)
    case .ready(let name): partIsReady(name)
    case .exited(let name, let status): partExited(name, status)
    case .stopRequested: stopRequested()
    case .graceOver(let stage): graceOver(stage: stage)
    case .restartDue(let name): restart(name)
    }
  }
}
