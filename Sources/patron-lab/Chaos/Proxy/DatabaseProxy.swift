import Foundation
import LocalSuite
import NIOCore
import NIOPosix
import Synchronization

/// Stands between a service and PostgreSQL, on unix sockets, and breaks a connection at a place of our choice.
final class DatabaseProxy: Sendable {
  private struct State {
    var listener: (any Channel)?
    var fault: (fault: BoundaryFault, struck: AsyncStream<BatchBoundary>.Continuation)?
    var kept: [any Channel] = []
    var refusals: [String: Int] = [:]
  }

  /// The folder of its socket: the host that the service connects to.
  let folder: String
  private let upstream: String
  private let socket: String
  private let state = Mutex(State())

  /// - Parameters:
  ///   - folder: Where its socket is to be.
  ///   - server: The folder of PostgreSQL's socket.
  ///   - port: The number in both sockets' names.
  init(folder: String, server: String, port: Int) {
    self.folder = folder
    socket = "\(folder)/.s.PGSQL.\(port)"
    upstream = "\(server)/.s.PGSQL.\(port)"
  }

  /// Begins to listen.
  func start() async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { [self] client in connect(client) }
      .bind(unixDomainSocketPath: socket, cleanupExistingSocketFile: true).get()
    state.withLock { $0.listener = listener }
  }

  /// Stops listening and lets go of what is held.
  func stop() async {
    release()
    let listener = state.withLock { $0.listener }
    try? await listener?.close()
  }

  private func connect(_ client: any Channel) -> EventLoopFuture<Void> {
    ClientBootstrap(group: client.eventLoop).connect(unixDomainSocketPath: upstream).flatMapThrowing { [self] server in
      let connection = ProxiedConnection(client: client, server: server, proxy: self)
      do {
        try client.pipeline.syncOperations.addHandler(ProxyHandler(connection, .toServer))
        try server.pipeline.syncOperations.addHandler(ProxyHandler(connection, .toClient))
      } catch {
        connection.end()
        throw error
      }
    }
  }
}

extension DatabaseProxy {
  /// Breaks the next batch that comes to a place, and returns once that has happened.
  ///
  /// - Returns: Where it struck.
  /// - Throws: If no batch came by within `patience`.
  func strike(_ fault: BoundaryFault, patience: Duration = .seconds(30)) async throws -> BatchBoundary {
    let (boundaries, struck) = AsyncStream<BatchBoundary>.makeStream()
    state.withLock { $0.fault = (fault, struck) }
    let alarm = Task {
      try await Task.sleep(for: patience)
      struck.finish()
    }
    defer {
      alarm.cancel()
      state.withLock { $0.fault = nil }
    }
    for await boundary in boundaries { return boundary }
    try Task.checkCancellation()
    throw SuiteError("No batch came by \(fault.place) within \(Text.duration(patience)).")
  }

  /// Cuts off what is held.
  func release() {
    let kept = state.withLock { state in
      defer { state.kept = [] }
      return state.kept
    }
    for channel in kept { channel.close(promise: nil) }
  }

  /// How often PostgreSQL has refused a statement with a SQLSTATE.
  func refusals(_ sqlState: String) -> Int {
    state.withLock { $0.refusals[sqlState, default: 0] }
  }
}

// MARK: - What its connections ask and tell

extension DatabaseProxy {
  /// What is to happen at this place; nil for nothing. A fault strikes once.
  func act(at boundary: BatchBoundary) -> BoundaryFault.Act? {
    state.withLock { state in
      guard state.fault?.fault.strikes(at: boundary) == true, let (fault, struck) = state.fault else { return nil }
      state.fault = nil
      struck.yield(boundary)
      return fault.act
    }
  }

  /// Remembers the two ends of a connection that is held.
  func keep(_ channels: [any Channel]) {
    state.withLock { $0.kept += channels }
  }

  /// Counts a refusal of PostgreSQL's.
  func noteRefusal(_ sqlState: String) {
    state.withLock { $0.refusals[sqlState, default: 0] += 1 }
  }
}
