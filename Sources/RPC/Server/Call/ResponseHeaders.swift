/// The first header fields of an answer.
enum ResponseHeaders {
  private static let status = StaticHeaders.Field(":status", "200")
  private static let grpc = StaticHeaders(status, StaticHeaders.Field("content-type", "application/grpc"))
  private static let grpcProto = StaticHeaders(status, StaticHeaders.Field("content-type", "application/grpc+proto"))
  private static let grpcGzip = StaticHeaders(
    status,
    StaticHeaders.Field("content-type", "application/grpc"),
    Compression.gzipField
  )
  private static let grpcProtoGzip = StaticHeaders(
    status,
    StaticHeaders.Field("content-type", "application/grpc+proto"),
    Compression.gzipField
  )
  private static let methodNotAllowed = StaticHeaders(
    StaticHeaders.Field(":status", "405"),
    StaticHeaders.Field("allow", "POST")
  )
  private static let unsupportedMediaType = StaticHeaders(
    StaticHeaders.Field(":status", "415"),
    StaticHeaders.Field("accept-post", "application/grpc, application/grpc+proto")
  )

  /// Makes the block of a gRPC answer with compression `encoding`.
  static func block(_ contentType: RequestHead.ContentType, encoding: Compression = .identity) -> HeaderBlock {
    switch (contentType, encoding) {
    case (.grpc, .identity): HeaderBlock(grpc)
    case (.grpc, .gzip): HeaderBlock(grpcGzip)
    case (.grpcProto, .identity): HeaderBlock(grpcProto)
    case (.grpcProto, .gzip): HeaderBlock(grpcProtoGzip)
    }
  }

  /// Makes the block of an answer to a request that is not gRPC.
  static func block(httpStatus: Int) -> HeaderBlock {
    HeaderBlock(httpStatus == 405 ? methodNotAllowed : unsupportedMediaType)
  }
}
