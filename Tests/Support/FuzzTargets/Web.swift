#if DEBUG || FUZZING
  @testable import RPC

  /// Feeds the connection of a server for the web: the first byte is the size of the pieces, the rest is HTTP/1.1.
  func fuzzWeb(_ input: [UInt8]) {
    guard let first = input.first else { return }
    feed(Array(input.dropFirst()), pieceBytes: first == 0 ? Int.max : Int(first), to: FuzzServer.web)
  }

  /// Feeds it with the body of a call: the first byte chooses protocol, codec, compression and method, the second the size
  /// of the pieces, the rest is the body.
  func fuzzEnvelopes(_ input: [UInt8]) {
    guard input.count >= 2 else { return }
    let choice = Int(input[0])
    let body = Array(input.dropFirst(2))
    let type = contentTypes[choice % contentTypes.count]
    let method = methods[choice / 16 % methods.count]
    let compression = choice >= 128 ? compressions : ""
    let head = "POST /patron.testing.v1.Fuzz/\(method) HTTP/1.1\r\nhost: a\r\ncontent-type: \(type)\r\n\(compression)"
    feed(
      Array((head + "content-length: \(body.count)\r\n\r\n").utf8) + body,
      pieceBytes: input[1] == 0 ? Int.max : Int(input[1]),
      to: FuzzServer.web
    )
  }

  private let contentTypes = [
    "application/json", "application/proto", "application/connect+json", "application/connect+proto",
    "application/grpc-web", "application/grpc-web+json", "application/grpc-web-text", "application/grpc-web-text+json",
  ]

  private let methods = ["Unary", "ServerStreaming", "ClientStreaming", "Bidirectional"]

  private let compressions = """
    content-encoding: gzip\r
    connect-content-encoding: gzip\r
    grpc-encoding: gzip\r
    accept-encoding: gzip\r
    connect-accept-encoding: gzip\r
    grpc-accept-encoding: gzip\r

    """
#endif
