import Messages
import TestAPI

/// The program that the protocol buffer conformance runner tests: it answers requests on standard input until that ends.
@main
struct ProtobufTestee {
  static func main() throws {
    let channel = FrameChannel(input: 0, output: 1)
    let testee = Testee()
    while let frame = try channel.read() {
      let request = try Conformance.ConformanceRequest(serializedBytes: frame)
      try channel.write(testee.response(to: request).serializedBytes())
    }
  }
}
