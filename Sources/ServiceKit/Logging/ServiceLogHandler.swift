public import Basics
import Foundation
public import Logging
import RPC
import Synchronization

/// Writes log records as JSON or as text for people, one a line, with the trace of the call being served.
public struct ServiceLogHandler: LogHandler {
  /// The least severe level that is written.
  public var logLevel: Logger.Level
  /// Fields of every record of this logger.
  public var metadata: Logger.Metadata = [:]
  /// Further fields, asked for with every record.
  public var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let service: String
  private let format: LogFormat
  private let clock: WallClock
  private let output: LogOutput

  /// A handler for the logger `label` of a service.
  public init(
    label: String,
    service: String,
    level: Logger.Level,
    format: LogFormat,
    clock: WallClock = .system,
    output: LogOutput = .standardError
  ) {
    self.label = label
    self.service = service
    self.logLevel = level
    self.format = format
    self.clock = clock
    self.output = output
  }

  /// A field of every record of this logger.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes one record.
  public func log(event: LogEvent) {
    var fields = metadata
    if let metadataProvider { fields.merge(metadataProvider.get()) { _, new in new } }
    if let own = event.metadata { fields.merge(own) { _, new in new } }
    if let trace = ServerContext.current?.trace { fields["trace.id"] = "\(trace.traceID)" }
    let record = LogRecord(
      time: clock.instant,
      level: event.level,
      service: service,
      label: label,
      message: event.message.description,
      error: event.error.map { "\($0)" },
      fields: fields
    )
    output.line(format == .json ? record.json : record.human)
  }
}

/// Where log lines go: whole lines only, never two mixed up.
public final class LogOutput: Sendable {
  private let write: @Sendable ([UInt8]) -> Void
  private let isWriting = Mutex(())

  /// Lines go to `write`, one at a time.
  public init(_ write: @escaping @Sendable ([UInt8]) -> Void) {
    self.write = write
  }

  /// The process's standard error output.
  public static let standardError = LogOutput { bytes in
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  func line(_ bytes: [UInt8]) {
    isWriting.withLock { _ in write(bytes) }
  }
}
