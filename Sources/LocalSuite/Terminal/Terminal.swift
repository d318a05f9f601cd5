import Foundation
import Synchronization

/// The terminal, or the file or pipe in its place, that the command writes to.
package struct Terminal: Sendable {
  /// Whether a person may be watching.
  package let isInteractive: Bool

  /// Whether colours are wanted: on a terminal, unless NO_COLOR says otherwise.
  let hasColours: Bool

  /// Standard output.
  package static let output: Terminal = {
    let isInteractive = isatty(STDOUT_FILENO) == 1
    return Terminal(isInteractive: isInteractive, hasColours: isInteractive && getenv("NO_COLOR") == nil)
  }()

  /// How many characters fit on a line.
  package var width: Int {
    var size = winsize()
    guard isInteractive, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
    return Int(size.ws_col)
  }

  /// `text` in a colour, or as it is where colours are not wanted.
  package func coloured(_ text: String, _ colour: Colour) -> String {
    hasColours ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Writes one line. Lines written at the same time do not mix.
  package func write(line: String) {
    write(line + "\n")
  }

  /// Writes `text` at once.
  package func write(_ text: String) {
    Self.turn.withLock { _ in
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        guard count > 0 || errno == EINTR else { return }
        bytes = bytes.dropFirst(max(0, count))
      }
    }
  }

  private static let turn = Mutex(())

  /// The colours that the command uses, by their numbers in ECMA-48.
  package enum Colour: Int, Sendable, CaseIterable {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
    case cyan = 36
  }
}
