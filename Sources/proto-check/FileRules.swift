import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Rules about a file: its name, package and imports.
enum FileRules {
  /// Numbers of fields of `FileDescriptorProto`, as in the paths of source info.
  private enum FieldNumber {
    static let package: Int32 = 2
    static let dependency: Int32 = 3
  }

  static func check(_ file: FileDescriptor, _ report: inout Report) {
    checkPackage(file, &report)
    if file.edition != .proto3 {
      report.add(.syntaxProto3, file, "the file must say syntax = \"proto3\"")
    }
    let stem = file.name.split(separator: "/").last.map { $0.hasSuffix(".proto") ? $0.dropLast(6) : $0 } ?? ""
    if !Names.isLowerSnake(String(stem)) {
      report.add(.fileLowerSnakeCase, file, "the file name must be lower_snake_case")
    }
    for dependency in file.publicDependencies {
      report.add(.importNoPublic, file, line: line(of: dependency, in: file), "\(dependency.name) is imported publicly")
    }
    for dependency in file.weakDependencies {
      report.add(.importNoWeak, file, line: line(of: dependency, in: file), "\(dependency.name) is imported weakly")
    }
    let used = ImportUse(file).fileNames
    for dependency in file.dependencies where !used.contains(dependency.name) {
      report.add(.importUsed, file, line: line(of: dependency, in: file), "\(dependency.name) is imported and not used")
    }
  }

  private static func checkPackage(_ file: FileDescriptor, _ report: inout Report) {
    guard !file.package.isEmpty else {
      report.add(.packageDefined, file, "the file has no package")
      return
    }
    let line = line(of: [FieldNumber.package], in: file)
    let components = file.package.split(separator: ".")
    let directory = file.name.split(separator: "/").dropLast()
    if directory.map(String.init) != components.map(String.init) {
      let expected = components.joined(separator: "/")
      report.add(.packageDirectoryMatch, file, line: line, "package \(file.package) must be in folder \(expected)")
    }
    if !components.allSatisfy({ Names.isLowerSnake(String($0)) }) {
      report.add(.packageLowerSnakeCase, file, line: line, "package \(file.package) must be lower_snake.case")
    }
    if !(components.last.map(Names.isVersion) ?? false) {
      report.add(.packageVersionSuffix, file, line: line, "package \(file.package) must end in a version such as v1")
    }
  }

  private static func line(of dependency: FileDescriptor, in file: FileDescriptor) -> Int {
    let index = file.dependencies.firstIndex { $0 === dependency } ?? 0
    return line(of: [FieldNumber.dependency, Int32(index)], in: file)
  }

  private static func line(of path: [Int32], in file: FileDescriptor) -> Int {
    let proto = file.extractProto(options: sourceInfo)
    let location = proto.sourceCodeInfo.location.first { $0.path == path }
    return location?.span.first.map { Int($0) + 1 } ?? 0
  }

  private static var sourceInfo: ExtractProtoOptions {
    var options = ExtractProtoOptions()
    options.includeSourceCodeInfo = true
    return options
  }
}
