import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Rules about messages, their fields and oneofs.
enum MessageRules {
  static func check(_ message: Descriptor, _ report: inout Report) {
    let file: FileDescriptor = message.file
    if !Names.isPascal(message.name) {
      report.add(.messagePascalCase, file, message, "message \(message.name) must be PascalCase")
    }
    report.requireComment(file, message, "message \(message.fullName)")
    for field in message.fields {
      if !Names.isLowerSnake(field.name) {
        report.add(.fieldLowerSnakeCase, file, field, "field \(field.fullName) must be lower_snake_case")
      }
      report.requireComment(file, field, "field \(field.fullName)")
    }
    for oneof in message.realOneofs {
      if !Names.isLowerSnake(oneof.name) {
        report.add(.oneofLowerSnakeCase, file, oneof, "oneof \(oneof.fullName) must be lower_snake_case")
      }
      report.requireComment(file, oneof, "oneof \(oneof.fullName)")
    }
    if isRecursive(message) {
      report.add(.messageNotRecursive, file, message, "message \(message.fullName) can contain itself")
    }
  }

  private static func isRecursive(_ message: Descriptor) -> Bool {
    var seen: Set<String> = []
    var waiting = [message]
    while let next = waiting.popLast() {
      for field in next.fields where field.type == .message {
        guard let target = field.messageType else { continue }
        if target === message { return true }
        if seen.insert(target.fullName).inserted { waiting.append(target) }
      }
    }
    return false
  }
}
