import Testing

@testable import RPC

@Suite("Call life cycle above its attempts")
struct CallStateMachineTests {
  private func running() -> CallStateMachine {
    var machine = CallStateMachine()
    _ = machine.start()
    machine.startedAttempt()
    return machine
  }

  @Test("a call that a server may have handled is not sent again without asking")
  func ends() {
    var machine = running()
    expect(machine.endedAttempt(.possible), is: .decide)
    expect(machine.end(), is: .end)
    #expect(machine.state == .ended)
  }

  @Test("a call given up before it reached its event loop never starts")
  func abandoned() {
    var machine = CallStateMachine()
    #expect(machine.end() == .none)
    #expect(machine.start() == false)
    #expect(machine.state == .ended)
  }

  @Test("a request that a server refused unseen is sent once more, and only once")
  func refusedOnce() {
    var machine = running()
    expect(machine.endedAttempt(.refused), is: .sendAgain)
    again(&machine)
    expect(machine.endedAttempt(.refused), is: .decide)
    #expect(machine.attempts == 2)
  }

  @Test("a request that never left is sent again as often as needed")
  func neverSent() {
    var machine = running()
    for _ in 0..<5 {
      expect(machine.endedAttempt(.neverSent), is: .sendAgain)
      again(&machine)
    }
    #expect(machine.attempts == 6)
  }

  @Test("nothing is sent again once the server began to answer")
  func committed() {
    var machine = running()
    machine.commit()
    expect(machine.endedAttempt(.refused), is: .decide)
    expect(machine.queueAttempt(), is: false)
  }

  @Test(
    "a deadline or cancellation resets a running stream, and only reports to the caller of a waiting or pausing call"
  )
  func endsEarly() {
    var waiting = CallStateMachine()
    _ = waiting.start()
    expect(waiting.end(), is: .end)
    var pausing = running()
    _ = pausing.endedAttempt(.possible)
    #expect(pausing.state == .pausing)
    expect(pausing.end(), is: .end)
    var machine = running()
    expect(machine.end(), is: .endAndReset)
    expect(machine.end(), is: .none)
    expect(machine.endedAttempt(.possible), is: .none)
  }

  @Test("a call with several streams runs until the last has ended, and waits for one connection at a time")
  func severalStreams() {
    var machine = running()
    again(&machine)
    expect(machine.queueAttempt(), is: true)
    expect(machine.queueAttempt(), is: false)
    expect(machine.endedAttempt(.possible), is: .decide)
    #expect(machine.state == .running)
    machine.cancelledAttempt()
    #expect(machine.state == .waiting)
    #expect(machine.hasAttempt)
    expect(machine.leaveQueue(), is: true)
    #expect(machine.state == .pausing)
    #expect(!machine.hasAttempt)
  }

  private func again(_ machine: inout CallStateMachine) {
    _ = machine.queueAttempt()
    machine.startedAttempt()
  }
}
