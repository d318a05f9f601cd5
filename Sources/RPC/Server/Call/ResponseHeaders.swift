/// The header fields an answer begins with.
enum ResponseHeaders {
  private static let status = StaticHeaders.Field(":status", "200")
  private static let grpc = StaticHeaders(status, StaticHeaders.Field("content-type", "application/grpc"))
  private static let grpcProto = StaticHeaders(status, StaticHeaders.Field("content-type", "application/grpc+proto"))
  private static let methodNotAllowed = StaticHeaders(
    StaticHeaders.Field(":status", "405"),
    StaticHeaders.Field("allow", "POST")
  )
  private static let unsupportedMediaType = StaticHeaders(
    StaticHeaders.Field(":status", "415"),
    StaticHeaders.Field("accept-post", "application/grpc, application/grpc+proto")
  )

  /// For a gRPC answer.
  static func block(_ contentType: RequestHead.ContentType) -> HeaderBlock {
    switch contentType {
    case .grpc: HeaderBlock(grpc)
    case .grpcProto: HeaderBlock(grpcProto)
    }
  }

  /// For a request that is no gRPC.
  static func block(httpStatus: Int) -> HeaderBlock {
    HeaderBlock(httpStatus == 405 ? methodNotAllowed : unsupportedMediaType)
  }
}
