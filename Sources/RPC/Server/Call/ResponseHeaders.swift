/// The header fields an answer begins with.
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

  /// For a gRPC answer whose messages marked as compressed are packed with `encoding`.
  static func block(_ contentType: RequestHead.ContentType, encoding: Compression = .identity) -> HeaderBlock {
    switch (contentType, encoding) {
    case (.grpc, .identity): HeaderBlock(grpc)
    case (.grpc, .gzip): HeaderBlock(grpcGzip)
    case (.grpcProto, .identity): HeaderBlock(grpcProto)
    case (.grpcProto, .gzip): HeaderBlock(grpcProtoGzip)
    }
  }

  /// For a request that is no gRPC.
  static func block(httpStatus: Int) -> HeaderBlock {
    HeaderBlock(httpStatus == 405 ? methodNotAllowed : unsupportedMediaType)
  }
}
