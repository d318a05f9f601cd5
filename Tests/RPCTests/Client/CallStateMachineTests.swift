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

  @Test("a call that ends normally ends as its attempt did")
  func ends() {
    var machine = running()
    #expect(machine.endedAttempt(.possible) == .end)
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
    #expect(machine.endedAttempt(.refused) == .wait)
    machine.startedAttempt()
    #expect(machine.endedAttempt(.refused) == .end)
    #expect(machine.attempts == 2)
  }

  @Test("a request that never left is sent again as often as needed")
  func neverSent() {
    var machine = running()
    for _ in 0..<5 {
      #expect(machine.endedAttempt(.neverSent) == .wait)
      machine.startedAttempt()
    }
    #expect(machine.attempts == 6)
  }

  @Test("nothing is sent again once the server began to answer")
  func committed() {
    var machine = running()
    machine.commit()
    #expect(machine.endedAttempt(.refused) == .end)
  }

  @Test("a deadline or cancellation resets a running stream, and only tells the caller of a waiting call")
  func endsEarly() {
    var waiting = CallStateMachine()
    _ = waiting.start()
    #expect(waiting.end() == .end)
    var machine = running()
    #expect(machine.end() == .endAndReset)
    #expect(machine.end() == .none)
    #expect(machine.endedAttempt(.possible) == .none)
  }
}
