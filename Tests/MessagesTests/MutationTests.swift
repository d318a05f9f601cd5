import CommonProto
import Messages
import SeededRandomness
import TestAPI
import Testing

/// Corrupts valid messages in every way and decodes the result. Decoding always gives a message or a ``MessageError``,
/// and a decoded message survives encoding and decoding.
@Suite("Mutated messages")
struct MutationTests {
  private static let rounds = 4000

  @Test("decode or fail with a typed error", arguments: [UInt64.random(in: 0 ... .max), 1, 2])
  func mutations(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let arena = Arena()
    for round in 0..<Self.rounds {
      let bytes = Self.mutated(Self.samples.randomElement(using: &random) ?? [], &random)
      let comment: Comment = "seed \(seed), round \(round), bytes \(bytes)"
      try check(TestingV1.Scalars.self, bytes, arena, comment)
      try check(TestingV1.OptionalScalars.self, bytes, arena, comment)
      try check(TestingV1.RepeatedScalars.self, bytes, arena, comment)
      try check(TestingV1.Maps.self, bytes, arena, comment)
      try check(TestingV1.Choice.self, bytes, arena, comment)
      try check(TestingV1.Tree.self, bytes, arena, comment)
      try check(TestingV1.Outer.self, bytes, arena, comment)
      try check(TestingV1.WellKnown.self, bytes, arena, comment)
      try check(TestingV1.EchoRequest.self, bytes, arena, comment)
    }
  }

  private func check<Value: Message>(
    _ type: Value.Type,
    _ bytes: [UInt8],
    _ arena: Arena,
    _ comment: Comment
  ) throws {
    arena.reset()
    let message: Value
    do {
      message = try bytes.withUnsafeBytes { try Value(serializedBytes: $0, arena: arena) }
    } catch is MessageError {
      return
    }
    let again = try message.serializedBytes()
    let copy = try Value(serializedBytes: again)
    // A NaN is not equal to itself, so compare the bytes.
    #expect(try copy.serializedBytes() == again, comment)
  }

  static let samples: [[UInt8]] = {
    let scalars = TestingV1.Scalars(
      doubleValue: 1,
      int32Value: -1,
      sint64Value: -9,
      fixed32Value: 7,
      boolValue: true,
      stringValue: "会员 and more than fifteen bytes",
      bytesValue: [1, 2, 3],
      colour: .red
    )
    let tree = TestingV1.Tree(
      name: "root",
      child: TestingV1.Tree(name: "child", end: .branch(TestingV1.Tree(name: "leaf"))),
      children: [TestingV1.Tree(), TestingV1.Tree(name: "x", end: .leaf(1))],
      named: ["a": TestingV1.Tree(name: "n")],
      ring: TestingV1.TreeRing(tree: TestingV1.Tree())
    )
    let messages: [any Message] = [
      scalars,
      tree,
      TestingV1.OptionalScalars(doubleValue: 0, boolValue: true, stringValue: "s", scalars: scalars),
      TestingV1.RepeatedScalars(
        doubleValues: [1, 2],
        int32Values: [1, -1, 300],
        boolValues: [true, false],
        stringValues: ["a", "b"],
        colours: [.red],
        scalars: [scalars, scalars]
      ),
      TestingV1.Maps(numbers: ["a": 1, "b": 2], blobs: [true: [1]], scalars: ["s": scalars], flags: [1: true]),
      TestingV1.Choice(value: .scalars(scalars), label: "l", reach: .near(GoogleProtobuf.Int32Value(value: 4))),
      TestingV1.Outer(
        middle: TestingV1.Outer.Middle(
          inner: TestingV1.Outer.Middle.Inner(level: .low, names: ["a"]),
          inners: [TestingV1.Outer.Middle.Inner(number: 4)]
        ),
        choice: TestingV1.Choice(value: .text("t"))
      ),
      TestingV1.WellKnown(
        at: GoogleProtobuf.Timestamp(unixMicroseconds: 1),
        mask: GoogleProtobuf.FieldMask(paths: ["a.b"]),
        times: [GoogleProtobuf.Timestamp(seconds: 5)]
      ),
    ]
    return messages.compactMap { try? $0.serializedBytes() }
  }()

  static func mutated(_ sample: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = sample
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let position = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0 where !bytes.isEmpty: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1 where !bytes.isEmpty: bytes[position] = UInt8.random(in: 0...255, using: &random)
      case 2 where !bytes.isEmpty: bytes.removeSubrange(position..<min(position + 3, bytes.count))
      case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
      case 4: bytes = Array(bytes[..<position])
      case 5: bytes += samples.randomElement(using: &random) ?? []
      case 6: bytes += bytes
      default:
        let field = UInt32.random(in: 1...20, using: &random)
        bytes = Wire().bytes(field, bytes).bytes
      }
    }
    return bytes.count > 4096 ? Array(bytes.prefix(4096)) : bytes
  }
}
