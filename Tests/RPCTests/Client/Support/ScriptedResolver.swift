import NIOCore
import Synchronization

@testable import RPC

/// A resolver whose results a test sets.
final class ScriptedResolver: Sendable {
  struct NoSuchHost: Error, CustomStringConvertible {
    var description: String { "no such host" }
  }

  private struct State {
    var addresses: [SocketAddress]?
    var lookUps = 0
  }

  private let state: Mutex<State>

  /// - Parameter addresses: The result. Nil makes look-ups fail.
  init(_ addresses: [SocketAddress]?) { state = Mutex(State(addresses: addresses)) }

  var lookUps: Int { state.withLock { $0.lookUps } }

  func answer(with addresses: [SocketAddress]?) { state.withLock { $0.addresses = addresses } }

  var resolver: NameResolver {
    NameResolver { _, eventLoop in
      eventLoop.makeCompletedFuture {
        let addresses = self.state.withLock { state in
          state.lookUps += 1
          return state.addresses
        }
        guard let addresses else { throw NoSuchHost() }
        return addresses
      }
    }
  }
}
