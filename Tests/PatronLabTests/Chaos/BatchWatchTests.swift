import NIOCore
import Testing

@testable import patron_lab

@Suite("Where in a batch a connection is")
struct BatchWatchTests {
  private static let writing = "WITH changed AS (UPDATE x) SELECT require_unchanged(true)"

  /// A watch and its output.
  private struct Followed {
    var watch = BatchWatch()
    var boundaries: [BatchBoundary] = []

    mutating func pass(_ direction: MessageDirection, _ parts: ByteBuffer...) throws {
      for part in parts {
        let message = try #require(try ProtocolMessages.message(part))
        if let boundary = watch.follow(message, direction) { boundaries.append(boundary) }
      }
    }

    /// Records a batch with two reading statements and one writing statement.
    mutating func batch() throws {
      try pass(.toServer, ProtocolMessages.bind("r1"), ProtocolMessages.execute, ProtocolMessages.bind("r2"))
      try pass(.toServer, ProtocolMessages.execute, ProtocolMessages.sync)
      try pass(.toClient, ProtocolMessages.commandComplete, ProtocolMessages.commandComplete)
      try pass(.toClient, ProtocolMessages.readyForQuery)
      try pass(.toServer, ProtocolMessages.bind("w"), ProtocolMessages.execute, ProtocolMessages.sync)
      try pass(.toClient, ProtocolMessages.commandComplete, ProtocolMessages.readyForQuery)
    }
  }

  private func followed() throws -> Followed {
    var followed = Followed()
    try followed.pass(.toServer, ProtocolMessages.parse("r1", "SELECT 1"), ProtocolMessages.parse("r2", "SELECT 2"))
    try followed.pass(.toServer, ProtocolMessages.parse("w", Self.writing))
    return followed
  }

  @Test("a connection is not one of batches before it has written one")
  func others() throws {
    var followed = try followed()
    try followed.pass(.toServer, ProtocolMessages.bind("r1"), ProtocolMessages.sync)
    try followed.pass(.toClient, ProtocolMessages.commandComplete, ProtocolMessages.readyForQuery)
    #expect(followed.boundaries == [])
  }

  @Test("every statement and every answer of a batch has its place, the end included")
  func places() throws {
    var followed = try followed()
    try followed.batch()
    followed.boundaries = []
    try followed.batch()
    #expect(
      followed.boundaries.map { "\($0.place)\($0.isLast ? ", last" : "")" } == [
        "reading, before statement 1", "reading, before statement 2", "reading, before statement 3",
        "reading, before answer 1", "reading, before answer 2", "reading, before answer 3, last",
        "writing, before statement 1", "writing, before statement 2",
        "writing, before answer 1", "writing, before answer 2, last",
      ]
    )
  }

  @Test("a sweep strikes at every place of a batch, and then from the beginning again")
  func sweep() throws {
    var sweep = BoundarySweep()
    var struck: [String] = []
    for _ in 0..<14 {
      var followed = try followed()
      var fault = BoundaryFault(place: sweep.place, act: .cut)
      try followed.batch()
      followed.boundaries = []
      for _ in 0...BoundaryFault.missedMaximum { try followed.batch() }
      let index = try #require(followed.boundaries.firstIndex { fault.strikes(at: $0) })
      let boundary = followed.boundaries[index]
      struck.append(boundary.place.description)
      sweep.advance(after: boundary)
    }
    #expect(
      struck == [
        "reading, before statement 1", "reading, before statement 2", "reading, before statement 3",
        // There is no fourth: after a while, a batch's last boundary is struck instead.
        "reading, before answer 3",
        "reading, before answer 1", "reading, before answer 2", "reading, before answer 3", "reading, before answer 3",
        "writing, before statement 1", "writing, before statement 2", "writing, before answer 2",
        "writing, before answer 1", "writing, before answer 2", "writing, before answer 2",
      ]
    )
    #expect(sweep.place == BatchPlace(part: .reading, direction: .toServer, index: 0))
  }
}
