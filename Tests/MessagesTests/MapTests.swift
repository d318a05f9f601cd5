import Messages
import TestAPI
import Testing

@Suite("Map fields")
struct MapTests {
  @Test("come back as they were sent")
  func roundTrip() throws {
    let message = TestingV1.Maps(
      numbers: ["": 0, "a": -1, "会": .max],
      texts: [0: "", -1: "minus one"],
      blobs: [true: [1], false: []],
      colours: [.max: .red, 0: .unspecified],
      scalars: ["x": TestingV1.Scalars(stringValue: "y"), "": TestingV1.Scalars()],
      measures: [-5: 1.5],
      flags: [3: true, -3: false]
    )
    #expect(try TestingV1.Maps(serializedBytes: message.serializedBytes()) == message)
  }

  @Test("are sent in the order of their keys")
  func order() throws {
    let keys = (0..<50).map { "key \($0)" }
    let forward = TestingV1.Maps(numbers: Dictionary(uniqueKeysWithValues: keys.map { ($0, 1) }))
    let backward = TestingV1.Maps(numbers: Dictionary(uniqueKeysWithValues: keys.reversed().map { ($0, 1) }))
    let expected = keys.sorted().reduce(Wire()) { $0.message(1, Wire().text(1, $1).varint(2, 1)) }
    #expect(try forward.serializedBytes() == expected.bytes)
    #expect(try backward.serializedBytes() == expected.bytes)
  }

  @Test("keep the last of two entries with the same key")
  func lastOneWins() throws {
    let wire = Wire()
      .message(1, Wire().text(1, "k").varint(2, 1))
      .message(1, Wire().text(1, "k").varint(2, 2))
    #expect(try TestingV1.Maps(serializedBytes: wire.bytes).numbers == ["k": 2])
  }

  @Test("take the default for a key or value that is missing")
  func missingParts() throws {
    let wire = Wire()
      .message(1, Wire().varint(2, 9))
      .message(1, Wire().text(1, "k"))
      .message(5, Wire().text(1, "m"))
      .message(2, Wire())
    let message = try TestingV1.Maps(serializedBytes: wire.bytes)
    #expect(message.numbers == ["": 9, "k": 0])
    #expect(message.scalars == ["m": TestingV1.Scalars()])
    #expect(message.texts == [0: ""])
  }

  @Test("take the last key and value of an entry, in any order")
  func entryOrder() throws {
    let wire = Wire().message(1, Wire().varint(2, 1).text(1, "a").varint(2, 3).text(1, "b"))
    #expect(try TestingV1.Maps(serializedBytes: wire.bytes).numbers == ["b": 3])
  }
}
