import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Which message types contain themselves.
enum MessageGraph {
  /// Whether a message can lie inside another of its own type, by any path.
  static func isRecursive(_ message: Descriptor) -> Bool {
    reaches(message, from: message) { $0.fields }
  }

  /// Whether a field must be kept outside its structure, since a structure cannot hold itself. Lists and maps keep their
  /// elements outside anyhow.
  static func mustBeIndirect(_ field: FieldDescriptor) -> Bool {
    guard field.type == .message, !field.isRepeated, let target = field.messageType else { return false }
    let holder: Descriptor = field.containingType
    return target === holder || reaches(holder, from: target) { $0.fields.filter { !$0.isRepeated } }
  }

  private static func reaches(
    _ goal: Descriptor,
    from start: Descriptor,
    by edges: (Descriptor) -> [FieldDescriptor]
  ) -> Bool {
    var seen: Set<String> = []
    var waiting = [start]
    while let message = waiting.popLast() {
      for field in edges(message) where field.type == .message {
        guard let target = field.messageType else { continue }
        if target === goal { return true }
        if seen.insert(target.fullName).inserted { waiting.append(target) }
      }
    }
    return false
  }
}
