#if DEBUG || FUZZING
  @testable import RPC

  /// The first byte chooses the field: the status, the message, the details, the HTTP status. The whole block always
  /// has an outcome, and messages and details survive encoding and decoding.
  func fuzzStatus(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let value = Array(input.dropFirst())
    let names = ["grpc-status", "grpc-message", "grpc-status-details-bin", ":status"]
    var block = ResponseHeaderBlock()
    add("content-type", Array("application/grpc".utf8), to: &block)
    if first % 8 != 0 { add("grpc-status", Array("5".utf8), to: &block) }
    add(names[Int(first) % names.count], value, to: &block)
    _ = block.outcome
    _ = block.isGRPC

    let message = PercentEncoding.decode(value)
    precondition(PercentEncoding.decode(PercentEncoding.encode(message)) == message, "a message changes on its way")
    if let details = try? StatusDetails(wire: value) {
      guard let again = try? StatusDetails(wire: details.serialized) else {
        preconditionFailure("status details that were written cannot be read")
      }
      precondition(again.serialized == details.serialized, "status details change on their way")
    }
  }

  private func add(_ name: String, _ value: [UInt8], to block: inout ResponseHeaderBlock) {
    Array(name.utf8).withUnsafeBytes { name in
      value.withUnsafeBytes { value in block.add(name: name, value: value) }
    }
  }
#endif
