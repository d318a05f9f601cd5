import Messages

/// A method registered on a server.
final class RegisteredMethod: Sendable {
  let method: ServerMethod
  let path: [UInt8]
  /// Index in the table. 0 is reserved for methods that the server does not have.
  let number: Int
  let requestBytesMaximum: Int
  /// The number of calls in flight on the server from which on this method's are refused.
  let callsMaximum: Int

  init(_ method: ServerMethod, number: Int, requestBytesMaximum: Int, callsMaximum: Int) {
    self.callsMaximum = callsMaximum
    self.method = method
    self.path = Array(method.descriptor.path.utf8)
    self.number = number
    self.requestBytesMaximum = requestBytesMaximum
  }
}

/// A server's methods by path, found without creating a string.
struct MethodTable: Sendable {
  private let buckets: [[RegisteredMethod]]
  private let mask: Int
  /// The number of calls in flight from which on calls of methods that the server does not have are refused.
  let unknownCallsMaximum: Int
  /// The number of methods, and so the greatest ``RegisteredMethod/number``.
  let count: Int

  /// - Throws: ``RuntimeError`` when a path occurs twice.
  init(_ methods: [ServerMethod], limits: ServerLimits) throws(RuntimeError) {
    var size = 16
    while size < methods.count * 2 { size *= 2 }
    var buckets = [[RegisteredMethod]](repeating: [], count: size)
    for (index, method) in methods.enumerated() {
      let path = method.descriptor.path
      let slot = Array(path.utf8).withUnsafeBytes { Self.hash($0) } & (size - 1)
      if buckets[slot].contains(where: { $0.method.descriptor.path == path }) {
        throw RuntimeError(.duplicateMethod, "the method \(path) is registered twice")
      }
      let limit = limits.requestBytesMaximumByMethod[method.descriptor.fullName] ?? limits.requestBytesMaximum
      let priority = limits.priorityByMethod[method.descriptor.fullName] ?? .checkout
      buckets[slot].append(
        RegisteredMethod(
          method,
          number: index + 1,
          requestBytesMaximum: limit,
          callsMaximum: priority.share(of: limits.callsInFlightMaximum)
        )
      )
    }
    unknownCallsMaximum = CallPriority.browsing.share(of: limits.callsInFlightMaximum)
    self.buckets = buckets
    self.mask = size - 1
    self.count = methods.count
  }

  func find(_ path: UnsafeRawBufferPointer) -> RegisteredMethod? {
    buckets[Self.hash(path) & mask].first { path.equals($0.path) }
  }

  /// Hashes a path by its length and last letters. The table is fixed, so a client cannot cause collisions.
  private static func hash(_ path: UnsafeRawBufferPointer) -> Int {
    guard path.count >= 8 else { return path.count }
    let tail = path.loadUnaligned(fromByteOffset: path.count - 8, as: UInt64.self)
    let product = (tail ^ UInt64(path.count)) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: product >> 32)
  }
}
