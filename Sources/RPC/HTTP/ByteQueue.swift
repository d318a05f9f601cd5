/// A queue of bytes.
struct ByteQueue: Sendable {
  private var storage: [UInt8] = []
  private var head = 0

  /// The greatest capacity that an empty queue retains.
  private static let idleCapacityMaximum = 64 << 10

  var count: Int { storage.count - head }
  var isEmpty: Bool { head == storage.count }

  mutating func append(_ bytes: UnsafeRawBufferPointer) { storage.append(contentsOf: bytes) }

  mutating func append(_ bytes: [UInt8]) {
    if storage.isEmpty { storage = bytes } else { storage.append(contentsOf: bytes) }
  }

  /// Moves up to `buffer.count` bytes into `buffer`.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let taken = min(buffer.count, count)
    guard taken > 0 else { return 0 }
    storage.withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[head..<(head + taken)]))
    }
    head += taken
    if head == storage.count {
      removeAll()
    } else if head > Self.idleCapacityMaximum, head > storage.count / 2 {
      storage.removeFirst(head)
      head = 0
    }
    return taken
  }

  mutating func removeAll() {
    storage.removeAll(keepingCapacity: storage.capacity <= Self.idleCapacityMaximum)
    head = 0
  }
}
