import Basics
import Logging

/// One log record on its way to a line.
struct LogRecord {
  let time: Instant
  let level: Logger.Level
  let service: String
  let label: String
  let message: String
  let error: String?
  let fields: Logger.Metadata

  /// `{"time":"…","level":"info","service":"members","logger":"members","message":"…","error":"…",…}`
  var json: [UInt8] {
    var line = JSONLine()
    line.field("time", time.text)
    line.field("level", level.rawValue)
    line.field("service", service)
    line.field("logger", label)
    line.field("message", message)
    if let error { line.field("error", error) }
    for (key, value) in fields.sorted(by: { $0.key < $1.key }) { line.field(key, value) }
    return line.finished
  }

  /// `10:04:05.123 INFO  members: message key=value`; line breaks inside values are escaped.
  var human: [UInt8] {
    let time = time.text.dropFirst(11).prefix(12)
    let level = level.rawValue.uppercased()
    let padding = String(repeating: " ", count: max(0, 8 - level.count))
    var text = "\(time) \(level)\(padding) \(label): \(Self.oneLine(message))"
    if let error { text += " error=\(Self.oneLine(error))" }
    for (key, value) in fields.sorted(by: { $0.key < $1.key }) { text += " \(key)=\(Self.oneLine("\(value)"))" }
    return Array((text + "\n").utf8)
  }

  private static func oneLine(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value < 0x20 }) else { return text }
    return text.unicodeScalars.map { $0.value < 0x20 ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
  }
}
