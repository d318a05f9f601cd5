import Messages
import TestAPI
import Testing

@Suite("A message field given more than once")
struct MergingTests {
  @Test("keeps scalars that only the first has")
  func keepsScalars() throws {
    let wire = Wire()
      .message(1, Wire().varint(3, 7))
      .message(1, Wire().message(1, Wire().varint(1, 2)))
    let outer = try TestingV1.Outer(serializedBytes: wire.bytes)
    #expect(outer.middle?.number == 7)
    #expect(outer.middle?.inner?.level == .high)
  }

  @Test("takes scalars of the last, joins lists and merges messages below")
  func merges() throws {
    let wire = Wire()
      .message(1, Wire().varint(3, 7).message(1, Wire().text(2, "a").varint(3, 1)).message(2, Wire().text(2, "p")))
      .message(1, Wire().varint(3, 8).message(1, Wire().text(2, "b").varint(1, 1)).message(2, Wire().text(2, "q")))
    let middle = try #require(try TestingV1.Outer(serializedBytes: wire.bytes).middle)
    #expect(middle.number == 8)
    #expect(middle.inner == TestingV1.Outer.Middle.Inner(level: .low, names: ["a", "b"], number: 1))
    #expect(middle.inners.map(\.names) == [["p"], ["q"]])
  }

  @Test("with oneofs that are not set in either")
  func unsetOneofs() throws {
    let wire = Wire().message(3, Wire().text(9, "a")).message(3, Wire()).message(3, Wire())
    #expect(try TestingV1.Outer(serializedBytes: wire.bytes).choice == TestingV1.Choice(label: "a"))
  }

  @Test("keeps the fields that are not known in any of them")
  func unknownFields() throws {
    let wire = Wire().message(1, Wire().varint(99, 1)).message(1, Wire().text(98, "x"))
    let middle = try #require(try TestingV1.Outer(serializedBytes: wire.bytes).middle)
    #expect(middle.unknownFields.bytes == Wire().varint(99, 1).text(98, "x").bytes)
  }

  @Test("inside a map entry and inside a list")
  func insideEntries() throws {
    let twice = Wire().message(2, Wire().text(1, "a")).message(2, Wire().text(1, "b"))
    let map = Wire().message(4, Wire().text(1, "k").message(2, Wire().text(1, "x")).message(2, Wire().varint(6, 1)))
    let tree = try TestingV1.Tree(serializedBytes: Wire().message(3, twice).raw(map.bytes).bytes)
    #expect(tree.children.first?.child?.name == "b")
    #expect(tree.named["k"] == TestingV1.Tree(name: "x", end: .leaf(1)))
  }
}
