import SeededRandomness
import Testing

@testable import RPC

@Suite("The life of a call on the server, without sockets")
struct ServerStreamStateTests {
  private func state(_ kind: CallKind?, endStream: Bool = false) -> ServerStreamState {
    var state = ServerStreamState()
    _ = state.acceptedHead(kind, endStream: endStream)
    return state
  }

  @Test(
    "A method that takes one message starts when the request has ended",
    arguments: [CallKind.unary, .serverStreaming]
  )
  func startsAtEnd(_ kind: CallKind) {
    var state = ServerStreamState()
    expect(state.acceptedHead(kind, endStream: false), is: .none)
    #expect(state.awaitsOnlyMessage)
    expect(state.receivedMessage(), is: .none)
    expect(state.receivedEnd(insideMessage: false), is: .startHandler)
    #expect(state.isRunning)
    #expect(!state.awaitsOnlyMessage)
  }

  @Test("A method that takes many starts with the headers", arguments: [CallKind.clientStreaming, .bidirectional])
  func startsAtOnce(_ kind: CallKind) {
    var state = ServerStreamState()
    expect(state.acceptedHead(kind, endStream: false), is: .startHandler)
    expect(state.receivedMessage(), is: .wakeReader)
    expect(state.receivedMessage(), is: .wakeReader)
    expect(state.receivedEnd(insideMessage: false), is: .wakeReader)
  }

  @Test("An unknown method answers at once")
  func unknownMethod() {
    var state = ServerStreamState()
    expect(state.acceptedHead(nil, endStream: false), is: .startHandler)
    expect(state.handlerEnded(), is: .statusOnly)
  }

  @Test("No message or several where one is due break the cardinality")
  func cardinality() {
    var none = ServerStreamState()
    expect(none.acceptedHead(.unary, endStream: true), is: .fail(.noMessage))
    var later = state(.unary)
    expect(later.receivedEnd(insideMessage: false), is: .fail(.noMessage))
    var several = state(.serverStreaming)
    _ = several.receivedMessage()
    expect(several.receivedMessage(), is: .fail(.severalMessages))
  }

  @Test("A request that ends inside a message is malformed")
  func incomplete() {
    var unary = state(.unary)
    expect(unary.receivedEnd(insideMessage: true), is: .fail(.incompleteMessage))
    var streaming = state(.clientStreaming)
    expect(streaming.receivedEnd(insideMessage: true), is: .fail(.incompleteMessage))
  }

  @Test("An answer without a message is the status alone")
  func trailersOnly() {
    var state = state(.clientStreaming)
    expect(state.handlerEnded(), is: .statusOnly)
  }

  @Test("Headers go before the first message only, the status after the last")
  func answer() {
    var state = state(.bidirectional)
    expect(state.send(), is: .beginAnswer)
    expect(state.send(), is: .append)
    expect(state.handlerEnded(), is: .statusAfterMessages)
    expect(state.send(), is: .drop)
  }

  @Test("A failure ends the call once, and the handler's end adds nothing")
  func failure() {
    var state = state(.bidirectional)
    expect(state.fail(hasQueuedMessages: false), is: .statusOnly)
    #expect(state.isAbandoned)
    expect(state.fail(hasQueuedMessages: false), is: .none)
    expect(state.send(), is: .drop)
    expect(state.handlerEnded(), is: .none)
    #expect(!state.isRunning)
  }

  @Test("A failure behind messages that are not taken resets the stream")
  func failureBehindMessages() {
    var state = state(.serverStreaming)
    _ = state.receivedMessage()
    _ = state.receivedEnd(insideMessage: false)
    _ = state.send()
    expect(state.fail(hasQueuedMessages: true), is: .reset)
  }

  @Test("A failure after messages that were taken sends the status")
  func failureAfterMessages() {
    var state = state(.bidirectional)
    _ = state.send()
    expect(state.fail(hasQueuedMessages: false), is: .statusAfterMessages)
  }

  @Test("A closed stream cuts a running handler off, and only once")
  func closed() {
    var running = state(.bidirectional)
    expect(running.closed(), is: true)
    expect(running.closed(), is: false)
    #expect(running.isRunning)
    expect(running.handlerEnded(), is: .none)
    var waiting = state(.unary)
    expect(waiting.closed(), is: true)
    expect(waiting.startAbandoned(), is: true)
    expect(waiting.startAbandoned(), is: false)
    expect(waiting.handlerEnded(), is: .none)
    var unread = ServerStreamState()
    expect(unread.closed(), is: false)
    var finished = state(.bidirectional)
    _ = finished.handlerEnded()
    expect(finished.closed(), is: false)
  }

  @Test("What comes after the answer is not wanted")
  func afterAnswer() {
    var state = state(.clientStreaming)
    _ = state.handlerEnded()
    #expect(!state.wantsRequest)
    expect(state.receivedMessage(), is: .none)
    expect(state.receivedEnd(insideMessage: true), is: .none)
  }

  @Test("A handler never starts twice or after a failure", arguments: SeededRandom.several)
  func startsOnce(_ random: SeededRandom) {
    var random = random
    var state = ServerStreamState()
    var starts = 0
    var ends = 0
    func count(_ action: ServerStreamState.RequestAction) {
      if action == .startHandler { starts += 1 }
    }
    func countEnd(_ action: ServerStreamState.EndAction) {
      if action != .none { ends += 1 }
    }
    count(state.acceptedHead(CallKind.allCases.randomElement(using: &random), endStream: .random(using: &random)))
    for _ in 0..<30 {
      switch Int.random(in: 0..<6, using: &random) {
      case 0: count(state.receivedMessage())
      case 1: count(state.receivedEnd(insideMessage: .random(using: &random)))
      case 2: if state.isRunning { _ = state.send() }
      case 3: if state.isRunning { countEnd(state.handlerEnded()) }
      case 4: countEnd(state.fail(hasQueuedMessages: .random(using: &random)))
      default: _ = state.closed()
      }
    }
    #expect(starts <= 1)
    #expect(ends <= 1)
  }
}
