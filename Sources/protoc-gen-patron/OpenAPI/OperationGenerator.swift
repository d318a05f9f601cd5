import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Makes the description of one method.
struct OperationGenerator {
  let method: MethodDescriptor
  /// What the method's own errors are.
  let errors: [DeclaredReason]
  /// Whether it is a service's own, which the gateway passes on.
  let isOfBackOffice: Bool

  private var isStream: Bool { method.clientStreaming || method.serverStreaming }
  private var service: String { method.service.fullName }

  /// The path item.
  func item(_ schemas: inout SchemaGenerator) -> JSONNode {
    let comment = method.commentText
    let type = isStream ? "application/connect+json" : "application/json"
    let request = content(method.inputType, type, isRequest: true, &schemas)
    return .object([
      (
        "post",
        .members([
          ("operationId", .text("\(service).\(method.name)")),
          ("tags", .texts([isOfBackOffice ? "back office" : service])), ("summary", .text(comment.firstSentence)),
          ("description", .text(([comment] + notes).joined(separator: "\n\n"))),
          ("requestBody", .object([("required", .bool(true)), ("content", request)])),
          ("responses", .object(responses(type, &schemas))),
          ("x-patron-errors", .list(errors.map(\.node))), ("x-patron-stream", isStream ? .bool(true) : nil),
        ])
      )
    ])
  }

  /// What follows from the shape of the method.
  private var notes: [String] {
    var notes: [String] = []
    let fields = Set(method.inputType.fields.map(\.name))
    if fields.contains("request_id") {
      notes.append(
        """
        **Idempotent** by `requestId`, a UUIDv7 that the caller mints for each thing that is to happen. Sent again, the same \
        request gets the first answer. Another request under the same id is refused with `REQUEST_ID_REUSED`, one dated before \
        all that are kept with `REQUEST_TOO_OLD`.
        """
      )
    }
    if fields.contains("page_token") {
      notes.append(
        """
        **Pages**: `nextPageToken` of an answer, sent back as `pageToken` with the same filters, gets the next page; it is \
        absent on the last. A token that was made up is refused with `PAGE_TOKEN_INVALID`.
        """
      )
    }
    if method.options.idempotencyLevel == .noSideEffects {
      notes.append(
        "Changes nothing, so it may also be called by GET with the query parameters `encoding=json` and `message`."
      )
    }
    if isStream {
      notes.append("A stream: messages have Connect's envelope of five bytes, and gRPC and gRPC-Web call it too.")
    }
    if isOfBackOffice { notes.append("The gateway answers it only with its setting `backOffice: open`.") }
    return notes
  }

  private func content(
    _ message: Descriptor,
    _ type: String,
    isRequest: Bool,
    _ schemas: inout SchemaGenerator
  ) -> JSONNode {
    let schema = schemas.reference(to: message)
    let example = ExampleGenerator(isRequest: isRequest).example(of: message)
    return .object([(type, .object([("schema", schema), ("example", example)]))])
  }

  private func responses(_ type: String, _ schemas: inout SchemaGenerator) -> [(String, JSONNode)] {
    let answer = method.outputType.commentText
    var responses: [(String, JSONNode)] = [
      (
        "200",
        .object([
          ("description", .text(answer.isEmpty ? "The answer." : answer)),
          ("content", content(method.outputType, type, isRequest: false, &schemas)),
        ])
      )
    ]
    let byStatus = Dictionary(grouping: errors) { $0.httpStatus ?? 500 }
    for (status, reasons) in byStatus.sorted(by: { $0.key < $1.key }) {
      let codes = Set(reasons.compactMap(\.connectCode)).sorted().map { "`\($0)`" }.joined(separator: ", ")
      let lines = reasons.map(\.line).joined(separator: "\n")
      responses.append(("\(status)", ErrorComponents.response("\(codes), by reason:\n\n\(lines)", errors: reasons)))
    }
    responses.append(("405", .reference("responses", "NotACall")))
    responses.append(("415", .reference("responses", "NotACall")))
    responses.append(("default", .reference("responses", "Error")))
    return responses
  }
}
