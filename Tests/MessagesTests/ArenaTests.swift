import Messages
import TestAPI
import Testing

@Suite("Arena")
struct ArenaTests {
  @Test("hands out memory that does not overlap and is aligned")
  func allocations() throws {
    let arena = Arena(firstChunkBytes: 64)
    var ends: [UnsafeMutableRawPointer: Int] = [:]
    for size in 0..<200 {
      let memory = try arena.allocate(byteCount: size)
      #expect(Int(bitPattern: memory) % 8 == 0)
      memory.initializeMemory(as: UInt8.self, repeating: UInt8(size), count: size)
      ends[memory] = size
    }
    for (memory, size) in ends {
      let bytes = UnsafeRawBufferPointer(start: memory, count: size)
      #expect(bytes.allSatisfy { $0 == UInt8(size) })
    }
  }

  @Test("gives the first memory again after a reset")
  func reset() throws {
    let arena = Arena(firstChunkBytes: 256)
    let first = try arena.allocate(byteCount: 16)
    _ = try arena.allocate(byteCount: 10_000)
    #expect(arena.bytesUsed >= 10_016)
    arena.reset()
    #expect(arena.bytesUsed == 0)
    #expect(try arena.allocate(byteCount: 16) == first)
  }

  @Test("refuses to go beyond its budget, in one piece or many")
  func budget() throws {
    let arena = Arena(byteBudget: 10_000, firstChunkBytes: 256)
    #expect(throws: MessageError.self) { try arena.allocate(byteCount: 10_001) }
    #expect(throws: MessageError.self) { try arena.allocate(byteCount: .max) }
    #expect(throws: MessageError.self) { try arena.allocate(byteCount: -1) }
    var count = 0
    while (try? arena.allocate(byteCount: 100)) != nil { count += 1 }
    #expect((90...96).contains(count))
    #expect(arena.bytesUsed <= 10_000)
  }

  @Test("holds several messages until it is reset")
  func severalMessages() throws {
    let arena = Arena(firstChunkBytes: 64)
    let first = try TestingV1.Scalars(stringValue: "first").serialize(in: arena, prefix: 0)
    let second = try TestingV1.Scalars(stringValue: "second").serialize(in: arena, prefix: 0)
    #expect(try TestingV1.Scalars(serializedBytes: Array(first)).stringValue == "first")
    #expect(try TestingV1.Scalars(serializedBytes: Array(second)).stringValue == "second")
  }

  @Test("leaves the bytes in front of a message free")
  func prefix() throws {
    let arena = Arena()
    let message = TestingV1.Scalars(int32Value: 1)
    let framed = try message.serialize(in: arena, prefix: 5)
    #expect(Array(framed.dropFirst(5)) == (try message.serializedBytes()))
  }
}
