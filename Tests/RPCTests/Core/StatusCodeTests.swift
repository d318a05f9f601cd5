import Testing

@testable import RPC

@Suite("Status codes")
struct StatusCodeTests {
  @Test("The seventeen codes have gRPC's names and numbers")
  func names() {
    #expect(StatusCode.definedCount == 17)
    #expect(StatusCode.ok.description == "OK")
    #expect(StatusCode.internalError.description == "INTERNAL")
    #expect(StatusCode(rawValue: 16) == .unauthenticated)
    #expect(StatusCode(rawValue: 99).description == "CODE_99")
  }

  @Test(
    "An HTTP status maps by the table of gRPC",
    arguments: [
      (400, StatusCode.internalError), (401, .unauthenticated), (403, .permissionDenied), (404, .unimplemented),
      (429, .unavailable), (502, .unavailable), (503, .unavailable), (504, .unavailable), (200, .unknown),
      (415, .unknown), (500, .unknown),
    ]
  )
  func httpStatus(_ http: Int, _ code: StatusCode) { #expect(StatusCode(httpStatus: http) == code) }

  @Test(
    "An RST_STREAM code maps by the table of gRPC",
    arguments: [
      (HTTP2ErrorCode.noError, StatusCode.internalError), (.protocolError, .internalError),
      (.internalError, .internalError), (.flowControlError, .internalError), (.frameSizeError, .internalError),
      (.refusedStream, .unavailable), (.cancel, .cancelled), (.compressionError, .internalError),
      (.connectError, .internalError), (.enhanceYourCalm, .resourceExhausted),
      (.inadequateSecurity, .permissionDenied), (HTTP2ErrorCode(rawValue: 0xfff), .unknown),
    ]
  )
  func resetCode(_ reset: HTTP2ErrorCode, _ code: StatusCode) { #expect(StatusCode(http2ErrorCode: reset) == code) }

  @Test("Every HTTP/2 error code has its name")
  func resetNames() {
    #expect(HTTP2ErrorCode.enhanceYourCalm.description == "ENHANCE_YOUR_CALM")
    #expect(HTTP2ErrorCode.http11Required.description == "HTTP_1_1_REQUIRED")
    #expect(HTTP2ErrorCode(rawValue: 14).description == "HTTP2_ERROR_14")
  }
}
