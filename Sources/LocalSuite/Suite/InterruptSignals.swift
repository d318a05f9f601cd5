@preconcurrency import Dispatch
import Foundation

/// The signals by which an operator asks the command to end: Ctrl-C, SIGTERM, and the terminal's end.
package enum InterruptSignals {
  /// Every such signal from now on, instead of the death of this process.
  package static func stream() -> AsyncStream<Int32> {
    AsyncStream { continuation in
      let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { continuation.yield(number) }
        source.resume()
        return source
      }
      signal(SIGPIPE, SIG_IGN)
      continuation.onTermination = { _ in for source in sources { source.cancel() } }
    }
  }
}
