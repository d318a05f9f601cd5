import CLibPQ

/// A connection of libpq on its way between threads; one thread uses it at a time.
struct ConnectionHandle: @unchecked Sendable {
  let pointer: OpaquePointer
}

/// What libpq needs to send a cancel request, apart from the connection itself.
struct CancelHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Asks the server to cancel what the connection runs. Makes a connection of its own and blocks until the server
  /// has passed the request on.
  func sendAndFree() {
    var reason = [CChar](repeating: 0, count: 256)
    _ = PQcancel(pointer, &reason, Int32(reason.count))
    PQfreeCancel(pointer)
  }
}
