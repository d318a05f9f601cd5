public import Logging
import Synchronization

/// Collects log records from warnings on.
public final class LogCollector: Sendable {
  /// One record.
  public struct Record: Sendable, CustomStringConvertible {
    public var level: Logger.Level
    public var message: String
    public var fields: [String: String]

    public var description: String { "\(level) \(message) \(fields.sorted { $0.key < $1.key })" }
  }

  private let kept = Mutex<[Record]>([])

  public init() {}

  /// The records so far.
  public var records: [Record] { kept.withLock { $0 } }

  /// Returns the records with a field. A slow machine's pools and followers log records of their own.
  public func records(with field: String) -> [Record] { records.filter { $0.fields[field] != nil } }

  /// A logger whose records are collected.
  public var logger: Logger { Logger(label: "test") { _ in Handler(collector: self) } }

  private func keep(_ record: Record) { kept.withLock { $0.append(record) } }

  private struct Handler: LogHandler {
    let collector: LogCollector
    var logLevel = Logger.Level.warning
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
      collector.keep(Record(level: event.level, message: "\(event.message)", fields: fields))
    }
  }
}
