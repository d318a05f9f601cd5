import Messages
import TestAPI
import Testing

/// One server for all malformed input, none of which may harm the next.
enum SharedTarget {
  private static let started = Result { try Target() }

  static func get() throws -> Target { try started.get() }

  /// Records an issue unless a valid call on this connection succeeds.
  static func expectCall(
    on attacker: Attacker,
    stream: UInt32,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let body = message(try TestingV1.EchoRequest(text: "still there").serializedBytes())
    let block = HeaderBlock.literal(HeaderBlock.call())
    attacker.send(.headers(stream, block: block), .data(stream, body, endStream: true))
    guard case .fields(let fields) = try attacker.answer(stream) else {
      Issue.record("a proper call was reset", sourceLocation: sourceLocation)
      return
    }
    #expect(fields["grpc-status"] == "0", sourceLocation: sourceLocation)
  }

  /// Records an issue unless a valid call on a new connection succeeds.
  static func expectCall(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let attacker = try Attacker.greeting(port: get().port)
    try expectCall(on: attacker, stream: 1, sourceLocation: sourceLocation)
  }
}
