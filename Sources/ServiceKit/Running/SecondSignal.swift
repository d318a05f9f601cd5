import Dispatch
import Foundation
import Synchronization

/// After the first signal a service drains; a second one ends it at once.
enum SecondSignal {
  /// Only kept, so that it goes on listening.
  private struct Kept: @unchecked Sendable {
    let source: any DispatchSourceSignal
  }

  private static let sources = Mutex<[Kept]>([])

  /// From now on SIGTERM and SIGINT end the process, with the exit code that shells expect: 128 + the signal.
  static func endAtOnce() {
    for number in [SIGTERM, SIGINT] {
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { _exit(128 + number) }
      source.resume()
      let kept = Kept(source: source)
      sources.withLock { $0.append(kept) }
    }
  }
}
