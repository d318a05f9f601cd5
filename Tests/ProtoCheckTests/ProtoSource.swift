import Foundation
import SwiftProtobuf

@testable import proto_check

/// Compiles proto text with protoc, as the real check does.
struct ProtoSource {
  struct CompilerError: Error {
    let message: String
  }

  /// The files' contents by name.
  let files: [String: String]

  /// Makes a file that follows every rule, with the test's declarations.
  ///
  /// - Parameters:
  ///   - declarations: The text after the package, from line 6.
  ///   - package: The package, which determines the folder.
  static func file(_ declarations: String, package: String = "patron.sample.v1") -> ProtoSource {
    let name = "\(package.replacingOccurrences(of: ".", with: "/"))/sample.proto"
    return ProtoSource(files: [name: "// A file.\nsyntax = \"proto3\";\n\npackage \(package);\n\n\(declarations)\n"])
  }

  /// The descriptor set with imports and source info.
  func compile() throws -> Google_Protobuf_FileDescriptorSet {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let url = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    let output = folder.appendingPathComponent("set.binpb")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["protoc", "-I", folder.path, "--include_imports", "--include_source_info"]
      + ["--descriptor_set_out=\(output.path)"] + files.keys.sorted()
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CompilerError(message: String(decoding: message, as: UTF8.self))
    }
    return try Google_Protobuf_FileDescriptorSet(serializedBytes: Data(contentsOf: output))
  }

  /// Returns the checker's result.
  func violations(baseline: ProtoSource? = nil) throws -> [Violation] {
    let before = try baseline.map { Baseline.of(try $0.compile()) }
    return Checker(set: try compile(), baseline: before).violations
  }

  /// Returns the violated rules with their lines: `12 COMMENT`.
  func findings(baseline: ProtoSource? = nil) throws -> [String] {
    try violations(baseline: baseline).map { "\($0.line) \($0.rule.rawValue)" }
  }
}
