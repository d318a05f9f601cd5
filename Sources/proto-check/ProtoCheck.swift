import Foundation
import SwiftProtobuf

/// Proves that the protos keep the rules of `docs`: buf's STANDARD lint rules, a comment on everything, no message that
/// contains itself, and nothing removed without a reservation.
///
///     proto-check SET [--baseline FILE] [--prefix FOLDER]
///     proto-check SET --write-baseline FILE
///
/// SET is a descriptor set with imports and source info. The baseline is what clients may rely on.
@main
struct ProtoCheck {
  private struct UsageError: Error, CustomStringConvertible {
    var description: String {
      "usage: proto-check SET [--baseline FILE] [--prefix FOLDER]\n       proto-check SET --write-baseline FILE"
    }
  }

  static func main() throws {
    var arguments = Array(CommandLine.arguments.dropFirst())
    let baseline = value(of: "--baseline", in: &arguments)
    let prefix = value(of: "--prefix", in: &arguments)
    let newBaseline = value(of: "--write-baseline", in: &arguments)
    guard arguments.count == 1 else { throw UsageError() }
    let set = try readSet(arguments[0])

    if let newBaseline {
      try Baseline.of(set).serializedData().write(to: URL(fileURLWithPath: newBaseline))
      return
    }
    let violations = Checker(set: set, baseline: try baseline.map(readSet)).violations
    for violation in violations {
      print(prefix.map { "\($0)/\(violation)" } ?? "\(violation)")
    }
    if !violations.isEmpty { exit(1) }
  }

  private static func value(of option: String, in arguments: inout [String]) -> String? {
    guard let index = arguments.firstIndex(of: option), index + 1 < arguments.count else { return nil }
    defer { arguments.removeSubrange(index...index + 1) }
    return arguments[index + 1]
  }

  private static func readSet(_ path: String) throws -> Google_Protobuf_FileDescriptorSet {
    try Google_Protobuf_FileDescriptorSet(serializedBytes: Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
