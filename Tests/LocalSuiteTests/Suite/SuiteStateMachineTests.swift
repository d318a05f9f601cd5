import Testing

@testable import LocalSuite

@Suite("The supervisor's decisions")
struct SuiteStateMachineTests {
  private typealias Part = SuiteStateMachine.Part

  private func machine(keepsGoing: Bool = false) -> SuiteStateMachine {
    SuiteStateMachine(
      parts: [
        Part(name: "postgres", stage: 0), Part(name: "members", stage: 1), Part(name: "loyalty", stage: 1),
        Part(name: "gateway", stage: 2),
      ],
      keepsGoing: keepsGoing
    )
  }

  private func running(keepsGoing: Bool = false) -> SuiteStateMachine {
    var machine = machine(keepsGoing: keepsGoing)
    for event: SuiteStateMachine.Event in [
      .started, .ready("postgres"), .ready("members"), .ready("loyalty"), .ready("gateway"),
    ] {
      _ = machine.handle(event)
    }
    return machine
  }

  @Test("a stage starts when the one before is ready, and all is announced at the end")
  func starting() {
    var machine = machine()
    #expect(machine.handle(.started) == [.start("postgres")])
    #expect(machine.handle(.ready("postgres")) == [.start("members"), .start("loyalty")])
    #expect(machine.handle(.ready("loyalty")) == [])
    #expect(machine.handle(.ready("members")) == [.start("gateway")])
    #expect(machine.handle(.ready("gateway")) == [.announceReady])
  }

  @Test("a stage without parts is passed over, and a suite without parts is ready at once")
  func emptyStages() {
    var without = SuiteStateMachine(parts: [Part(name: "members", stage: 2)], keepsGoing: false)
    #expect(without.handle(.started) == [.start("members")])
    #expect(without.handle(.ready("members")) == [.announceReady])
    var empty = SuiteStateMachine(parts: [], keepsGoing: false)
    #expect(empty.handle(.started) == [.announceReady])
    #expect(empty.handle(.stopRequested) == [.finish(exitCode: 0)])
  }

  @Test("asked to end, stages finish in the opposite order, and the exit code is 0")
  func stopping() {
    var machine = running()
    #expect(machine.handle(.stopRequested) == [.terminate("gateway"), .scheduleGraceOver(stage: 2)])
    #expect(
      machine.handle(.exited("gateway", .code(0)))
        == [.terminate("members"), .terminate("loyalty"), .scheduleGraceOver(stage: 1)]
    )
    #expect(machine.handle(.exited("loyalty", .code(0))) == [])
    #expect(machine.handle(.exited("members", .code(0))) == [.terminate("postgres"), .scheduleGraceOver(stage: 0)])
    #expect(machine.handle(.exited("postgres", .code(0))) == [.finish(exitCode: 0)])
  }

  @Test("asked twice, everything ends at once")
  func stoppingAtOnce() {
    var machine = running()
    _ = machine.handle(.stopRequested)
    #expect(
      machine.handle(.stopRequested)
        == [.kill("postgres"), .kill("members"), .kill("loyalty"), .kill("gateway"), .finish(exitCode: 130)]
    )
    #expect(machine.handle(.exited("gateway", .signal(9))) == [])
  }

  @Test("what has not finished in time is ended")
  func graceOver() {
    var machine = running()
    _ = machine.handle(.stopRequested)
    _ = machine.handle(.exited("gateway", .code(0)))
    _ = machine.handle(.exited("members", .code(0)))
    #expect(machine.handle(.graceOver(stage: 2)) == [])
    #expect(machine.handle(.graceOver(stage: 1)) == [.kill("loyalty")])
  }

  @Test("a death is reported, the rest is stopped, and the exit code is 1")
  func death() {
    var machine = running()
    #expect(
      machine.handle(.exited("loyalty", .signal(9)))
        == [
          .reportDeath("loyalty", .signal(9), restartAfter: nil), .terminate("gateway"), .scheduleGraceOver(stage: 2),
        ]
    )
    _ = machine.handle(.exited("gateway", .code(0)))
    _ = machine.handle(.exited("members", .code(0)))
    #expect(machine.handle(.exited("postgres", .code(0))) == [.finish(exitCode: 1)])
  }

  @Test("a death while the suite starts stops what has started, even when it is to keep going")
  func deathWhileStarting() {
    var machine = machine(keepsGoing: true)
    _ = machine.handle(.started)
    _ = machine.handle(.ready("postgres"))
    #expect(
      machine.handle(.exited("members", .code(2)))
        == [
          .reportDeath("members", .code(2), restartAfter: nil), .terminate("loyalty"), .scheduleGraceOver(stage: 1),
        ]
    )
    #expect(machine.handle(.ready("loyalty")) == [])
    #expect(machine.handle(.exited("loyalty", .code(0))) == [.terminate("postgres"), .scheduleGraceOver(stage: 0)])
  }

  @Test("when it is to keep going, a part that died restarts after a pause, with a message")
  func keepingGoing() {
    var machine = running(keepsGoing: true)
    #expect(
      machine.handle(.exited("loyalty", .signal(9)))
        == [
          .reportDeath("loyalty", .signal(9), restartAfter: .seconds(1)),
          .scheduleRestart("loyalty", after: .seconds(1)),
        ]
    )
    #expect(machine.handle(.restartDue("loyalty")) == [.start("loyalty")])
    #expect(machine.handle(.ready("loyalty")) == [.announceReturn("loyalty")])
  }

  @Test("the pause grows with every death, up to half a minute")
  func pauses() {
    #expect((1...7).map(SuiteStateMachine.restartPause) == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
  }

  @Test("asked to end while a part waits for its restart, it is not started again")
  func stoppingWhileRestarting() {
    var machine = running(keepsGoing: true)
    _ = machine.handle(.exited("gateway", .signal(9)))
    #expect(
      machine.handle(.stopRequested) == [.terminate("members"), .terminate("loyalty"), .scheduleGraceOver(stage: 1)]
    )
    #expect(machine.handle(.restartDue("gateway")) == [])
  }

  @Test("asked to end before anything runs, it ends")
  func stoppingBeforeStart() {
    var machine = machine()
    #expect(machine.handle(.stopRequested) == [.finish(exitCode: 0)])
    #expect(machine.handle(.started) == [])
  }
}
