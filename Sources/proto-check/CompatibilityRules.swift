import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Rules about change: what the baseline has must still be there and mean the same, or be reserved.
struct CompatibilityRules {
  private let before: [FileDescriptor]
  private let files: [String: FileDescriptor]
  private let messages: [String: Descriptor]
  private let enums: [String: EnumDescriptor]
  private let methods: [String: MethodDescriptor]

  init(now: [FileDescriptor], before: [FileDescriptor]) {
    self.before = before.filter { !Exemption.isForeign($0.package) }
    files = Self.byName(now.map { ($0.name, $0) })
    let all = now.flatMap { $0.messages.flatMap(Self.withNested) }
    messages = Self.byName(all.map { ($0.fullName, $0) })
    enums = Self.byName((now.flatMap(\.enums) + all.flatMap(\.enums)).map { ($0.fullName, $0) })
    methods = Self.byName(now.flatMap(\.services).flatMap(\.methods).map { ($0.fullName, $0) })
  }

  func check(_ report: inout Report) {
    for file in before {
      let messages = file.messages.flatMap(Self.withNested)
      for message in messages { check(message, &report) }
      for enumeration in file.enums + messages.flatMap(\.enums) { check(enumeration, &report) }
      for method in file.services.flatMap(\.methods) { check(method, &report) }
    }
  }

  private func check(_ old: Descriptor, _ report: inout Report) {
    guard let new = messages[old.fullName] else {
      reportRemoval(of: "message \(old.fullName)", from: old.file, &report)
      return
    }
    let fields = Self.byName(new.fields.map { ($0.number, $0) })
    for field in old.fields {
      if let same = fields[field.number] {
        check(field, same, &report)
        continue
      }
      let name = "field \(field.number) of \(old.fullName)"
      if !new.reservedRanges.contains(where: { $0.contains(field.number) }) {
        report.add(.fieldReserved, new.file, new, "\(name) was removed; reserve its number")
      }
      if !new.reservedNames.contains(field.name) {
        report.add(.fieldReserved, new.file, new, "\(name) was removed; reserve its name, \(field.name)")
      }
    }
  }

  private func check(_ old: FieldDescriptor, _ new: FieldDescriptor, _ report: inout Report) {
    func differ(_ what: String) {
      report.add(.fieldSame, new.file, new, "field \(old.fullName) has another \(what) than before")
    }
    if old.name != new.name { differ("name") }
    if old.type != new.type { differ("type") }
    if old.isRepeated != new.isRepeated { differ("label") }
    if (old.oneofIndex != nil) != (new.oneofIndex != nil) { differ("presence") }
    if old.realContainingOneof?.name != new.realContainingOneof?.name { differ("oneof") }
    if old.type == .message, old.messageType.fullName != new.messageType?.fullName { differ("message type") }
    if old.type == .enum, old.enumType.fullName != new.enumType?.fullName { differ("enum type") }
  }

  private func check(_ old: EnumDescriptor, _ report: inout Report) {
    guard let new = enums[old.fullName] else {
      reportRemoval(of: "enum \(old.fullName)", from: old.file, &report)
      return
    }
    for value in old.values where !new.values.contains(where: { $0.number == value.number && $0.name == value.name }) {
      let isReserved =
        new.reservedRanges.contains { $0.contains(value.number) } && new.reservedNames.contains(value.name)
      if !isReserved {
        let sentence = "\(value.name) = \(value.number) was removed or renamed; reserve its number and its name"
        report.add(.enumValueReserved, new.file, new, sentence)
      }
    }
  }

  private func check(_ old: MethodDescriptor, _ report: inout Report) {
    guard let new = methods[old.fullName] else {
      reportRemoval(of: "method \(old.fullName)", from: old.file, &report)
      return
    }
    let isSame =
      old.inputType.fullName == new.inputType.fullName && old.outputType.fullName == new.outputType.fullName
      && old.clientStreaming == new.clientStreaming && old.serverStreaming == new.serverStreaming
    if !isSame {
      report.add(.rpcSame, new.file, new, "method \(old.fullName) takes, gives or streams something else than before")
    }
  }

  private func reportRemoval(of what: String, from file: FileDescriptor, _ report: inout Report) {
    report.add(.removed, files[file.name] ?? file, "\(what) was removed; clients may rely on it")
  }

  private static func withNested(_ message: Descriptor) -> [Descriptor] {
    [message] + message.messages.flatMap(withNested)
  }

  private static func byName<Key: Hashable, Value>(_ pairs: [(Key, Value)]) -> [Key: Value] {
    Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}
