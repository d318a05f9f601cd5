internal import Logging

extension Logger {
  /// Says nothing: what a command has to say it says on the terminal.
  static var silent: Logger { Logger(label: "patron") { _ in SwiftLogNoOpLogHandler() } }
}
