import SeededRandomness
import TestAPI
import Testing

@testable import RPC

/// A status may contain a caller's text of any length. The call always ends with its status, and clients accept the
/// trailers.
@Suite("The size of a status (row 5)")
struct StatusSizeTests {
  private static let request = TestingV1.ChatRequest()
  private static let limit = ServerLimits.defaults.statusBytesMaximum

  /// Returns the answer to a call whose handler throws `error`.
  private static func answer(
    _ error: RPCError,
    limits: ServerLimits = .defaults,
    addsErrorInfo: Bool = true,
    _ change: @escaping @Sendable (ServerContext) -> Void = { _ in }
  ) async throws -> WireStream {
    let failing = Scripted.unary("Fail") { _, context in
      change(context)
      throw error
    }
    let box = Box()
    try await withServerAndClient([failing], limits: limits, addsErrorInfo: addsErrorInfo) { client in
      box.stream = try await client.call(Scripted.path("Fail"), request)
    }
    return try #require(box.stream)
  }

  private final class Box: @unchecked Sendable { var stream: WireStream? }

  /// Returns the bytes of the header fields of the status, counted as in RFC 9113 section 6.5.2.
  private static func statusBytes(_ stream: WireStream) -> Int {
    stream.blocks.joined().filter { !$0.name.hasPrefix("x") }
      .reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 32 }
  }

  private static func expectWhole(_ stream: WireStream, _ code: StatusCode, _ comment: Comment? = nil) {
    #expect(stream.status == code, comment)
    #expect(stream.details?.code == code, comment)
    #expect(stream.details?.message == PercentEncoding.decode((stream["grpc-message"] ?? "").utf8), comment)
    #expect(statusBytes(stream) <= limit, comment)
    #expect(stream.closeCode == .noError, comment)
  }

  @Test("A fact of 100,000 characters is cut, and the reason stays", arguments: ["a", "é", "币", "%", "\u{0}", "👩‍👩‍👧"])
  func longFact(_ character: String) async throws {
    let long = String(repeating: character, count: 100_000)
    let info = ErrorInfo(reason: "R", domain: "d", metadata: ["currency": "XTS", "currency_code": long])
    let stream = try await Self.answer(RPCError(code: .invalidArgument, message: "m", details: [.errorInfo(info)]))
    Self.expectWhole(stream, .invalidArgument)
    guard case .errorInfo(let sent)? = stream.details?.details.first else {
      Issue.record("the ErrorInfo is gone")
      return
    }
    #expect(sent.reason == "R" && sent.domain == "d" && sent.metadata["currency"] == "XTS")
    let fact = try #require(sent.metadata["currency_code"])
    #expect(fact.hasSuffix("…") && fact.utf8.count <= 256)
    #expect(long.unicodeScalars.starts(with: fact.unicodeScalars.dropLast()))
  }

  @Test("A fact that fits is sent whole, however long")
  func fittingFact() async throws {
    let info = ErrorInfo(reason: "R", domain: "d", metadata: ["k": String(repeating: "a", count: 3000)])
    let stream = try await Self.answer(RPCError(code: .aborted, details: [.errorInfo(info)]))
    #expect(stream.details?.details == [.errorInfo(info)])
  }

  @Test("10,000 facts are reduced to the first by name")
  func manyFacts() async throws {
    let facts = (0..<10_000).map { ("k\(100_000 + $0)", "value \($0)") }
    let info = ErrorInfo(reason: "R", domain: "d", metadata: Dictionary(uniqueKeysWithValues: facts))
    let stream = try await Self.answer(RPCError(code: .aborted, details: [.errorInfo(info)]))
    Self.expectWhole(stream, .aborted)
    guard case .errorInfo(let sent)? = stream.details?.details.first else {
      Issue.record("the ErrorInfo is gone")
      return
    }
    #expect(sent.metadata.count > 50)
    #expect(sent.metadata.keys.sorted() == facts.prefix(sent.metadata.count).map(\.0))
  }

  @Test("Of field violations as many are sent as fit, from the first on", arguments: [1, 60, 100, 10_000])
  func violations(_ count: Int) async throws {
    let violations = (0..<count).map {
      BadRequest.FieldViolation(field: "lines[\($0)].quantity", description: "must be at least 1", reason: "TOO_SMALL")
    }
    let details: [ErrorDetail] = [
      .errorInfo(ErrorInfo(reason: "INVALID", domain: "d")), .badRequest(BadRequest(fieldViolations: violations)),
      .retryInfo(RetryInfo(retryDelay: .seconds(1))),
    ]
    let stream = try await Self.answer(RPCError(code: .invalidArgument, message: "no", details: details))
    Self.expectWhole(stream, .invalidArgument)
    let sent = try #require(stream.details?.details)
    #expect(sent.count == 3 && sent[0] == details[0] && sent[2] == details[2])
    guard case .badRequest(let request) = sent[1] else {
      Issue.record("the BadRequest is gone")
      return
    }
    #expect(request.fieldViolations.count >= min(count, 75))
    #expect(request.fieldViolations == Array(violations.prefix(request.fieldViolations.count)))
  }

  @Test("A violation whose texts are long is cut, and so are those of the other lists")
  func longViolations() async throws {
    let long = String(repeating: "长", count: 100_000)
    let lists: [ErrorDetail] = [
      .badRequest(BadRequest(fieldViolations: [.init(field: long, description: long, reason: long)])),
      .quotaFailure(QuotaFailure(violations: [.init(subject: long, description: long)])),
      .preconditionFailure(PreconditionFailure(violations: [.init(type: long, subject: long, description: long)])),
    ]
    for list in lists {
      let stream = try await Self.answer(RPCError(code: .failedPrecondition, details: [list]))
      Self.expectWhole(stream, .failedPrecondition)
      #expect(stream.details?.details.count == 2, "\(list.typeURL)")
      #expect(stream.reason == "FAILED_PRECONDITION")
    }
  }

  @Test("A message of 100,000 characters is cut between two of them", arguments: ["a", "é", "会", "%", "🎁"])
  func longMessage(_ character: String) async throws {
    let message = String(repeating: character, count: 100_000)
    let stream = try await Self.answer(RPCError(code: .aborted, message: message))
    Self.expectWhole(stream, .aborted)
    let sent = try #require(stream.details?.message)
    #expect(sent.hasSuffix("…") && message.hasPrefix(sent.dropLast()))
    let encoded = try #require(stream["grpc-message"])
    #expect(encoded.utf8.count <= Self.limit / 4 && encoded.utf8.count > Self.limit / 4 - 24)
  }

  @Test("A detail of an unknown type is sent whole or not at all")
  func unknownDetail() async throws {
    let other = ErrorDetail.other(typeURL: "x/y", value: [UInt8](repeating: 1, count: 100_000))
    let stream = try await Self.answer(RPCError(code: .aborted, details: [other]))
    Self.expectWhole(stream, .aborted)
    #expect(
      stream.details?.details == [.errorInfo(ErrorInfo(reason: "ABORTED", domain: Scripted.serviceDescriptor.fullName))]
    )
  }

  @Test("Metadata of a failed call that cannot be sent is left out, the status is not", arguments: [true, false])
  func metadataOfFailure(addsErrorInfo: Bool) async throws {
    let large = String(repeating: "x", count: 70_000)
    let details: [ErrorDetail] = [.errorInfo(ErrorInfo(reason: "R", domain: "d", metadata: ["k": large]))]
    let error = RPCError(
      code: .aborted,
      message: large,
      details: details,
      metadata: ["x-large": .string(large), "x-a": "1"]
    )
    var limits = ServerLimits.defaults
    limits.statusBytesMaximum = .max
    let stream = try await Self.answer(error, limits: limits, addsErrorInfo: addsErrorInfo) { context in
      context.responseMetadata = ["x-too-large": .string(large), "x-b": "2"]
      context.trailingMetadata = ["x-too-large": .string(large), "x-c-bin": .binary([3])]
    }
    #expect(stream.status == .aborted)
    #expect(stream.reason == "R")
    #expect(stream["x-a"] == "1" && stream["x-b"] == "2" && stream["x-c-bin"] == "Aw")
    #expect(stream["x-large"] == nil && stream["x-too-large"] == nil)
  }

  @Test("A call that succeeds with metadata that cannot be sent fails with an error")
  func metadataOfSuccess() async throws {
    let large = Metadata.Value.string(String(repeating: "x", count: 70_000))
    let leading = Scripted.unary("Leading") { _, context in
      context.responseMetadata = ["x-large": large]
      return Scripted.Response()
    }
    let trailing = Scripted.unary("Trailing") { _, context in
      context.trailingMetadata = ["x-large": large]
      return Scripted.Response()
    }
    let none = Scripted.serverStreaming("None") { request, _, context in
      if request.text.isEmpty {
        context.responseMetadata = ["x-large": large]
      } else {
        context.trailingMetadata = ["x-large": large]
      }
    }
    try await withServerAndClient([leading, trailing, none]) { client in
      for (name, text) in [("Leading", ""), ("Trailing", ""), ("None", ""), ("None", "trailing")] {
        let stream = try await client.call(Scripted.path(name), TestingV1.ChatRequest(text: text))
        #expect(stream.status == .internalError, "\(name) \(text)")
        #expect(stream.reason == "METADATA_TOO_LARGE", "\(name) \(text)")
      }
    }
  }

  @Test("A pause beyond 32 bits of milliseconds goes out as the longest that clients read")
  func longPushback() async throws {
    let error = RPCError(code: .unavailable, details: [.retryInfo(RetryInfo(retryDelay: .seconds(315_576_000_000)))])
    let stream = try await Self.answer(error)
    #expect(stream["grpc-retry-pushback-ms"] == "2147483647")
  }

  @Test("Any error ends its call with its status, within the limit", arguments: SeededRandom.several)
  func anything(_ random: SeededRandom) async throws {
    var random = random
    let comment: Comment = "\(random)"
    let errors = (0..<40).map { _ in Self.error(&random) }
    let failing = Scripted.unary("Fail") { request, _ in throw errors[Int(request.text) ?? 0] }
    try await withServerAndClient([failing]) { client in
      for (index, error) in errors.enumerated() {
        let stream = try await client.call(Scripted.path("Fail"), TestingV1.ChatRequest(text: "\(index)"))
        Self.expectWhole(stream, error.code, comment)
        #expect(stream.reason != nil, comment)
      }
    }
  }

  private static func error(_ random: inout SeededRandom) -> RPCError {
    var details: [ErrorDetail] = []
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let isLong = Int.random(in: 0...3, using: &random) == 0
      let count = isLong ? 300 : Int.random(in: 0...3, using: &random)
      func text(_ random: inout SeededRandom) -> String { Self.text(&random, charactersMaximum: isLong ? 100 : 20_000) }
      switch Int.random(in: 0...5, using: &random) {
      case 0:
        var info = ErrorInfo(reason: text(&random), domain: text(&random))
        for _ in 0..<count { info.metadata[text(&random)] = text(&random) }
        details.append(.errorInfo(info))
      case 1:
        let violations = (0..<count).map { _ in
          BadRequest.FieldViolation(field: text(&random), description: text(&random), reason: text(&random))
        }
        details.append(.badRequest(BadRequest(fieldViolations: violations)))
      case 2: details.append(.retryInfo(RetryInfo(retryDelay: .seconds(Int64.random(in: -5...5, using: &random)))))
      case 3:
        let violations = (0..<count).map { _ in
          QuotaFailure.Violation(subject: text(&random), description: text(&random))
        }
        details.append(.quotaFailure(QuotaFailure(violations: violations)))
      case 4:
        let violations = (0..<count).map { _ in
          PreconditionFailure.Violation(type: text(&random), subject: text(&random), description: text(&random))
        }
        details.append(.preconditionFailure(PreconditionFailure(violations: violations)))
      default:
        details.append(.other(typeURL: text(&random), value: Array(text(&random).utf8)))
      }
    }
    let code = StatusCode(rawValue: Int.random(in: 1...16, using: &random))
    return RPCError(code: code, message: text(&random, charactersMaximum: 20_000), details: details)
  }

  private static func text(_ random: inout SeededRandom, charactersMaximum: Int) -> String {
    let count = min([0, 1, 10, 100, 1000, 20_000][Int.random(in: 0...5, using: &random)], charactersMaximum)
    let characters = ["a", "é", "会", "%", "🎁", "\n"]
    return String(repeating: characters[Int.random(in: 0...5, using: &random)], count: count)
  }
}
