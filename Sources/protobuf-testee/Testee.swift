import Messages
import TestAPI

/// Does what the conformance runner asks for: reads a message in one format and writes it in another.
///
/// The protocol is described in `conformance/conformance.proto`. Binary and JSON are supported for the messages of proto3;
/// everything else is skipped.
struct Testee {
  typealias Request = Conformance.ConformanceRequest
  typealias Result = Conformance.ConformanceResponse.OneOfResult
  typealias TestMessage = ProtobufTestMessagesProto3.TestAllTypesProto3

  /// Answers a request.
  func response(to request: Request) -> Conformance.ConformanceResponse {
    Conformance.ConformanceResponse(result: result(of: request))
  }

  private func result(of request: Request) -> Result {
    switch request.messageType_ {
    case Conformance.FailureSet.messageType.fullName: failureSet
    case TestMessage.messageType.fullName: testResult(of: request)
    default: .skipped("messages of type \(request.messageType_)")
    }
  }

  /// The runner's first question is which tests are known to fail: none.
  private var failureSet: Result {
    write { () throws(MessageError) in .protobufPayload(try Conformance.FailureSet().serializedBytes()) }
  }

  private func testResult(of request: Request) -> Result {
    guard request.requestedOutputFormat == .protobuf || request.requestedOutputFormat == .json else {
      return .skipped("output as \(request.requestedOutputFormat)")
    }
    let message: TestMessage
    do {
      switch request.payload {
      case .protobufPayload(let bytes): message = try TestMessage(serializedBytes: bytes)
      case .jsonPayload(let text):
        let ignoresUnknownFields = request.testCategory == .jsonIgnoreUnknownParsingTest
        message = try TestMessage(
          jsonBytes: Array(text.utf8),
          options: JSONDecodingOptions(ignoresUnknownFields: ignoresUnknownFields)
        )
      case .jspbPayload: return .skipped("input as JSPB")
      case .textPayload: return .skipped("input as text")
      case nil: return .runtimeError("a request without payload")
      }
    } catch {
      return .parseError(error.description)
    }
    return write { () throws(MessageError) in
      if request.requestedOutputFormat == .protobuf { return .protobufPayload(try message.serializedBytes()) }
      return .jsonPayload(String(decoding: try message.jsonBytes(), as: UTF8.self))
    }
  }

  private func write(_ body: () throws(MessageError) -> Result) -> Result {
    do {
      return try body()
    } catch {
      return .serializeError(error.description)
    }
  }
}
