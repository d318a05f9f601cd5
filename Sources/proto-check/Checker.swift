import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Checks every file of a descriptor set against every rule.
struct Checker {
  /// What is broken, in the order of files and lines.
  let violations: [Violation]

  init(set: Google_Protobuf_FileDescriptorSet, baseline: Google_Protobuf_FileDescriptorSet?) {
    let files = DescriptorSet(proto: set).files.filter { !Exemption.isForeign($0.package) }
    var report = Report()
    for file in files {
      FileRules.check(file, &report)
      for message in file.messages { Self.check(message, &report) }
      for enumeration in file.enums { EnumRules.check(enumeration, &report) }
      for service in file.services { ServiceRules.check(service, &report) }
    }
    ServiceRules.checkUniqueness(files, &report)
    if let baseline {
      CompatibilityRules(now: files, before: DescriptorSet(proto: baseline).files).check(&report)
    }
    violations = report.violations.sorted {
      ($0.file, $0.line, $0.rule.rawValue) < ($1.file, $1.line, $1.rule.rawValue)
    }
  }

  private static func check(_ message: Descriptor, _ report: inout Report) {
    guard !message.options.mapEntry else { return }
    MessageRules.check(message, &report)
    for nested in message.messages { check(nested, &report) }
    for enumeration in message.enums { EnumRules.check(enumeration, &report) }
  }
}
