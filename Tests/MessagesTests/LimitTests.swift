import Messages
import TestAPI
import Testing

@Suite("Limits")
struct LimitTests {
  @Test("a message may nest as deep as the limit and no deeper")
  func depth() throws {
    let atLimit = nested(levels: 100)
    #expect(depth(of: try TestingV1.Tree(serializedBytes: atLimit)) == 100)
    #expect(throws: MessageError(.tooDeep, "patron.testing.v1.Tree")) {
      try TestingV1.Tree(serializedBytes: nested(levels: 101))
    }
    #expect(throws: MessageError(.tooDeep, "patron.testing.v1.Tree")) {
      try TestingV1.Tree(serializedBytes: nested(levels: 6), limits: DecodingLimits(depth: 5))
    }
  }

  @Test("nesting is found in lists, maps, oneofs and rings", arguments: [2, 3, 4, 5, 7] as [UInt32])
  func everyPath(field: UInt32) {
    var wire = Wire()
    for _ in 0..<101 {
      switch field {
      case 4: wire = Wire().message(4, Wire().message(2, wire))
      case 7: wire = Wire().message(7, Wire().message(1, wire))
      default: wire = Wire().message(field, wire)
      }
    }
    #expect(throws: MessageError(.tooDeep, "patron.testing.v1.Tree")) {
      try TestingV1.Tree(serializedBytes: wire.bytes)
    }
  }

  @Test("ten thousand levels are refused without using the stack")
  func bomb() {
    #expect(throws: MessageError(.tooDeep, "patron.testing.v1.Tree")) {
      try TestingV1.Tree(serializedBytes: nested(levels: 10_000))
    }
  }

  @Test("many empty messages stop at the memory budget")
  func arenaBudget() {
    let bytes = (0..<50_000).reduce(into: [UInt8]()) { bytes, _ in bytes += [0x1a, 0x00] }
    #expect(throws: MessageError(.tooLarge, "patron.testing.v1.Tree")) {
      try TestingV1.Tree(serializedBytes: bytes, limits: DecodingLimits(arenaBytes: 1024 * 1024))
    }
    #expect(throws: Never.self) { try TestingV1.Tree(serializedBytes: bytes) }
  }

  @Test("a budget of nothing refuses everything but the empty message")
  func noBudget() throws {
    let limits = DecodingLimits(arenaBytes: 0)
    #expect(throws: MessageError(.tooLarge, "patron.testing.v1.Scalars")) {
      try TestingV1.Scalars(serializedBytes: Wire().varint(3, 1).bytes, limits: limits)
    }
    #expect(try TestingV1.Scalars(serializedBytes: [], limits: limits) == TestingV1.Scalars())
  }

  @Test("encoding stops at the arena's budget")
  func encodingBudget() throws {
    let message = TestingV1.Scalars(stringValue: String(repeating: "x", count: 10_000))
    let arena = Arena(byteBudget: 4096, firstChunkBytes: 1024)
    #expect(throws: MessageError.self) { try message.serialize(in: arena, prefix: 0) }
    arena.reset()
    #expect(try TestingV1.Scalars(int32Value: 1).serialize(in: arena, prefix: 0).count == 2)
  }

  @Test("encoding refuses a value that is nested too deeply")
  func encodingDepth() throws {
    var tree = TestingV1.Tree()
    for _ in 0..<100 { tree = TestingV1.Tree(child: tree) }
    #expect(throws: Never.self) { try tree.serializedBytes() }
    #expect(throws: MessageError(.tooDeep, "patron.testing.v1.Tree")) {
      try TestingV1.Tree(child: tree).serializedBytes()
    }
  }

  private func nested(levels: Int) -> [UInt8] {
    var wire = Wire()
    for _ in 0..<levels { wire = Wire().message(2, wire) }
    return wire.bytes
  }

  private func depth(of tree: TestingV1.Tree) -> Int {
    var depth = 0
    var next = tree.child
    while let child = next {
      depth += 1
      next = child.child
    }
    return depth
  }
}
