import CProtobufC

/// Memory for the C structures of one message at a time.
///
/// Moves a pointer on every allocation, frees nothing alone, and frees everything at once on ``reset()``, which keeps
/// the first chunk for the next message. Serves protobuf-c as its `ProtobufCAllocator`. Refuses what exceeds its
/// budget, so that a small message that unfolds into a large one is cut off.
///
/// An arena belongs to one thread at a time. Keep one per connection or per event loop and reset it after each message.
public final class Arena {
  /// Lies at one stable address, because protobuf-c gets a pointer to it.
  @usableFromInline
  struct State {
    var allocator = ProtobufCAllocator()
    /// Where the next allocation starts.
    @usableFromInline var cursor: UnsafeMutableRawPointer
    /// Where the chunk or the budget ends, whichever comes first.
    @usableFromInline var end: UnsafeMutableRawPointer
    /// The chunk allocated from.
    var chunk: UnsafeMutableRawPointer
    var chunkBytes: Int
    /// Bytes allocated from the chunks before this one.
    var bytesInEarlierChunks = 0
    /// Greatest number of bytes that may be allocated.
    var byteLimit: Int
    /// Whether an allocation was refused since the last decode began.
    var isExhausted = false
    /// How many messages are being built inside each other.
    @usableFromInline var buildDepth = 0
    /// Chunks after the first, which ``Arena/reset()`` frees.
    var extraChunks: [UnsafeMutableRawPointer] = []

    var bytesUsed: Int { bytesInEarlierChunks + (cursor - chunk) }
  }

  /// Every allocation starts at a multiple of this many bytes.
  @usableFromInline static let alignment = 8

  /// No chunk is larger than this many bytes unless a single allocation is.
  private static let chunkBytesMaximum = 1024 * 1024

  @usableFromInline let state: UnsafeMutablePointer<State>
  private let firstChunk: UnsafeMutableRawPointer
  private let firstChunkBytes: Int

  /// How many bytes may be allocated between two resets.
  public let byteBudget: Int

  /// Makes an arena.
  ///
  /// - Parameters:
  ///   - byteBudget: How many bytes may be allocated between two resets.
  ///   - firstChunkBytes: Size of the chunk that survives a reset. 16 KiB holds most requests and answers.
  public init(byteBudget: Int = DecodingLimits.defaults.arenaBytes, firstChunkBytes: Int = 16 * 1024) {
    self.byteBudget = max(byteBudget, 0)
    self.firstChunkBytes = max(firstChunkBytes, Self.alignment)
    firstChunk = .allocate(byteCount: self.firstChunkBytes, alignment: 16)
    state = .allocate(capacity: 1)
    state.initialize(
      to: State(
        cursor: firstChunk,
        end: firstChunk,
        chunk: firstChunk,
        chunkBytes: self.firstChunkBytes,
        byteLimit: self.byteBudget
      )
    )
    state.pointee.allocator = ProtobufCAllocator(
      alloc: { context, size in
        context?.assumingMemoryBound(to: State.self).pointee.allocate(size)
      },
      free: { _, _ in },
      allocator_data: UnsafeMutableRawPointer(state)
    )
    state.pointee.updateEnd()
  }

  deinit {
    reset()
    firstChunk.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// How many bytes have been allocated since the last reset.
  public var bytesUsed: Int { state.pointee.bytesUsed }

  /// Frees everything that was allocated. Pointers into the arena are invalid afterwards.
  public func reset() {
    if !state.pointee.extraChunks.isEmpty {
      for chunk in state.pointee.extraChunks { chunk.deallocate() }
      state.pointee.extraChunks.removeAll()
      state.pointee.chunk = firstChunk
      state.pointee.chunkBytes = firstChunkBytes
      state.pointee.bytesInEarlierChunks = 0
    }
    state.pointee.cursor = firstChunk
    state.pointee.isExhausted = false
    state.pointee.buildDepth = 0
    state.pointee.byteLimit = byteBudget
    state.pointee.updateEnd()
  }
}

extension Arena {
  /// Allocates memory that is not initialised.
  ///
  /// - Parameter byteCount: How many bytes.
  /// - Returns: Memory at an address that is a multiple of eight.
  /// - Throws: ``MessageError`` of kind `tooLarge` when the budget is spent.
  @inlinable
  public func allocate(byteCount: Int) throws(MessageError) -> UnsafeMutableRawPointer {
    guard let memory = state.pointee.allocate(byteCount) else { throw Self.budgetError }
    return memory
  }

  /// Allocates memory for values of a C type. The memory is not initialised and never deinitialised.
  ///
  /// - Parameters:
  ///   - type: The type of the values.
  ///   - count: How many values.
  /// - Throws: ``MessageError`` of kind `tooLarge` when the budget is spent.
  @inlinable
  public func allocate<Value>(
    _ type: Value.Type,
    count: Int = 1
  ) throws(MessageError) -> UnsafeMutablePointer<Value> {
    try allocate(byteCount: MemoryLayout<Value>.stride &* count).bindMemory(to: Value.self, capacity: count)
  }

  @usableFromInline
  static var budgetError: MessageError { MessageError(.tooLarge, "message") }

  /// The allocator that protobuf-c gets.
  var allocator: UnsafeMutablePointer<ProtobufCAllocator> {
    UnsafeMutableRawPointer(state).assumingMemoryBound(to: ProtobufCAllocator.self)
  }

  /// Frees what was allocated after the first `bytes` bytes. Frees nothing if a new chunk has begun since; then
  /// ``reset()`` frees it.
  func free(downTo bytes: Int) {
    guard bytes >= state.pointee.bytesInEarlierChunks else { return }
    state.pointee.cursor = state.pointee.chunk + (bytes - state.pointee.bytesInEarlierChunks)
  }

  /// Runs a decode that may allocate at most `byteCount` more bytes.
  @inline(__always)
  func limited<Result, Failure: Error>(
    toBytes byteCount: Int,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    state.pointee.isExhausted = false
    let (limit, overflow) = state.pointee.bytesUsed.addingReportingOverflow(byteCount)
    state.pointee.byteLimit = overflow ? byteBudget : min(limit, byteBudget)
    state.pointee.updateEnd()
    defer {
      state.pointee.byteLimit = byteBudget
      state.pointee.updateEnd()
    }
    return try body()
  }

  /// Whether protobuf-c was refused memory.
  var isExhausted: Bool { state.pointee.isExhausted }
}

extension Arena.State {
  @inlinable
  mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let memory = cursor
    if byteCount <= memory.distance(to: end) &- Arena.alignment, byteCount >= 0 {
      cursor = memory + ((byteCount &+ (Arena.alignment - 1)) & ~(Arena.alignment - 1))
      return memory
    }
    return allocateFromNewChunk(byteCount)
  }

  @usableFromInline
  mutating func allocateFromNewChunk(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let used = bytesUsed
    guard byteCount >= 0, byteCount <= byteLimit - used - Arena.alignment else {
      isExhausted = true
      return nil
    }
    bytesInEarlierChunks = used
    chunkBytes = max(min(chunkBytes * 2, Arena.chunkBytesMaximum), byteCount + Arena.alignment)
    chunk = .allocate(byteCount: chunkBytes, alignment: 16)
    extraChunks.append(chunk)
    cursor = chunk
    updateEnd()
    return allocate(byteCount)
  }

  mutating func updateEnd() {
    end = chunk + min(chunkBytes, max(byteLimit - bytesInEarlierChunks, cursor - chunk))
  }
}
