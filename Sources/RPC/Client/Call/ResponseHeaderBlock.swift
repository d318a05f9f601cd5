/// A block of response headers or trailers, built field by field: the fields of the protocol, and the rest as metadata.
struct ResponseHeaderBlock: Sendable {
  private(set) var encoding: String?
  /// Whether the server accepts gzip, nil when it does not say.
  private(set) var acceptsGzip: Bool?
  private(set) var metadata = Metadata()
  private var httpStatus: Int?
  private var hasGRPCContentType = false
  private var status: Status?
  private var message = ""
  private var details: [UInt8] = []

  private enum Status: Sendable {
    case known(StatusCode)
    case unreadable(String)

    init(_ text: UnsafeRawBufferPointer) {
      if let number = Int(digits: text), number < StatusCode.definedCount {
        self = .known(StatusCode(rawValue: number))
      } else {
        self = .unreadable(String(decoding: text.prefix(16), as: UTF8.self))
      }
    }
  }

  /// Adds a field. `name` is in lower case, as HTTP/2 requires.
  mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    switch HeaderName(name) {
    case .status: httpStatus = Int(digits: value)
    case .contentType: hasGRPCContentType = Self.isGRPC(contentType: value)
    case .grpcStatus: status = Status(value)
    case .grpcMessage: message = PercentEncoding.decode(value)
    case .statusDetails: details = BinaryMetadata.decode(value) ?? []
    case .encoding: encoding = String(decoding: value, as: UTF8.self)
    case .acceptEncoding: acceptsGzip = AcceptEncoding.namesGzip(value)
    case .otherPseudo, .method, .scheme, .path, .authority: break
    case .te, .contentLength, .userAgent, .timeout, .retryPushback, .previousAttempts, .otherReserved, .custom,
      .contentEncoding, .acceptContentEncoding, .connectProtocolVersion, .connectTimeout, .connectEncoding,
      .connectAcceptEncoding, .origin, .corsMethod, .corsHeaders, .ifNoneMatch, .forwarded, .forwardedFor, .connection:
      // An invalid -bin value is dropped, because it must not hide the status beside it.
      _ = metadata.addReceived(name: name, value: value)
    }
  }

  /// Whether the content type is `application/grpc`, alone or followed by a codec or parameters.
  private static func isGRPC(contentType: UnsafeRawBufferPointer) -> Bool {
    let name: StaticString = "application/grpc"
    guard contentType.starts(with: name) else { return false }
    guard contentType.count > name.utf8CodeUnitCount else { return true }
    let next = contentType[name.utf8CodeUnitCount]
    return next == UInt8(ascii: "+") || next == UInt8(ascii: ";")
  }

  /// Whether this is an informational block (1xx), which precedes the real headers and is ignored.
  var isInformational: Bool {
    httpStatus.map { (100..<200).contains($0) } ?? false
  }

  /// Whether a gRPC server wrote these headers.
  var isGRPC: Bool {
    httpStatus == 200 && hasGRPCContentType
  }

  /// The call's outcome by a block that ends the stream.
  var outcome: AttemptOutcome {
    switch status {
    case .known(.ok): .success(trailers: metadata)
    case .known(let code): .failure(error(code: code, message: message))
    case .unreadable(let text):
      .failure(error(code: .unknown, message: message.isEmpty ? "the server sent the status \"\(text)\"" : message))
    case nil: outcomeWithoutStatus
    }
  }

  private func error(code: StatusCode, message: String) -> RPCError {
    let details = details.isEmpty ? nil : try? StatusDetails(wire: details)
    return RPCError(code: code, message: message, details: details?.details ?? [], metadata: metadata)
  }

  /// The outcome of a response without `grpc-status`, as proxies and other servers send it.
  var outcomeWithoutStatus: AttemptOutcome {
    switch httpStatus {
    case 200? where !hasGRPCContentType:
      .failure(RPCError(.unknown, .protocolViolation, "the response is not gRPC", metadata: metadata))
    case 200?, nil:
      .failure(RPCError(.unknown, .protocolViolation, "the server sent no status", metadata: metadata))
    case let status?:
      .failure(
        RPCError(
          StatusCode(httpStatus: status),
          .httpStatus,
          "the server answered with HTTP status \(status)",
          info: ["http_status": "\(status)"],
          metadata: metadata
        )
      )
    }
  }
}

extension Int {
  /// Parses one to nine decimal digits.
  fileprivate init?(digits: UnsafeRawBufferPointer) {
    guard (1...9).contains(digits.count) else { return nil }
    self = 0
    for digit in digits {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      self = self * 10 + Int(digit - UInt8(ascii: "0"))
    }
  }
}
