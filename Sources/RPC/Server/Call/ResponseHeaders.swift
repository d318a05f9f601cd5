/// The first header fields of an answer.
enum ResponseHeaders {
  private static let status = StaticHeaders.Field(":status", "200")

  private static func headers(_ contentType: StaticString) -> (identity: StaticHeaders, gzip: StaticHeaders) {
    let contentType = StaticHeaders.Field("content-type", contentType)
    return (StaticHeaders(status, contentType), StaticHeaders(status, contentType, Compression.gzipField))
  }

  private static let grpc = headers("application/grpc")
  private static let grpcProto = headers("application/grpc+proto")
  private static let grpcJSON = headers("application/grpc+json")
  private static let web = headers("application/grpc-web")
  private static let webProto = headers("application/grpc-web+proto")
  private static let webJSON = headers("application/grpc-web+json")
  private static let text = headers("application/grpc-web-text")
  private static let textProto = headers("application/grpc-web-text+proto")
  private static let textJSON = headers("application/grpc-web-text+json")
  private static let methodNotAllowed = StaticHeaders(
    StaticHeaders.Field(":status", "405"),
    StaticHeaders.Field("allow", "POST")
  )
  private static let unsupportedMediaType = StaticHeaders(
    StaticHeaders.Field(":status", "415"),
    StaticHeaders.Field("accept-post", "application/grpc, application/grpc+proto")
  )

  /// Makes the block of an answer of gRPC or gRPC-Web with compression `encoding`.
  static func block(_ format: CallFormat, encoding: Compression = .identity) -> HeaderBlock {
    let headers = fixed(format)
    return HeaderBlock(encoding == .gzip ? headers.gzip : headers.identity)
  }

  private static func fixed(_ format: CallFormat) -> (identity: StaticHeaders, gzip: StaticHeaders) {
    switch (format.framing, format.codec, format.isNamed) {
    case (.grpc, .protobuf, false): grpc
    case (.grpc, .protobuf, true): grpcProto
    case (.grpc, .json, _): grpcJSON
    case (.grpcWeb, .protobuf, false): web
    case (.grpcWeb, .protobuf, true): webProto
    case (.grpcWeb, .json, _): webJSON
    case (.grpcWebText, .protobuf, false): text
    case (.grpcWebText, .protobuf, true): textProto
    case (.grpcWebText, .json, _): textJSON
    case (.connectUnary, _, _), (.connectStream, _, _): preconditionFailure("Connect has fields of its own")
    }
  }

  /// Makes the block of an answer to a request that is not gRPC, by a server that speaks nothing else.
  static func block(httpStatus: Int) -> HeaderBlock {
    HeaderBlock(httpStatus == 405 ? methodNotAllowed : unsupportedMediaType)
  }
}
