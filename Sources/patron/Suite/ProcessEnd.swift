/// How a process ended.
enum ProcessEnd: Hashable, Sendable, CustomStringConvertible {
  /// By itself, with a code.
  case code(Int32)
  /// By a signal.
  case signal(Int32)

  /// Reads the status word of waitpid(2), as Linux lays it out.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self = signal == 0 ? .code((waitStatus >> 8) & 0xFF) : .signal(signal)
  }

  var description: String {
    switch self {
    case .code(let code): "ended with exit code \(code)"
    case .signal(let signal): "was ended by signal \(signal)"
    }
  }
}
