/// What all errors have in common.
enum ErrorComponents {
  /// Makes a response with an error for one of some reasons.
  static func response(_ description: String, errors: [DeclaredReason]) -> JSONNode {
    let example = errors.first.map { error in
      JSONNode.members([
        ("code", error.connectCode.map { .text($0) }), ("message", .text(error.meaning)),
        (
          "details",
          .list([
            .object([
              ("type", .text("google.rpc.ErrorInfo")), ("value", .text("Cg")),
              (
                "debug",
                .members([("reason", .text(error.name)), ("domain", .text(error.domain ?? "loyalty.patron"))])
              ),
            ])
          ])
        ),
      ])
    }
    let media = JSONNode.members([("schema", .reference("schemas", "Error")), ("example", example)])
    return .object([("description", .text(description)), ("content", .object([("application/json", media)]))])
  }

  /// The responses that methods refer to.
  static func responses(_ common: [DeclaredReason]) -> JSONNode {
    let lines = common.filter { $0.domain != "rpc.patron" }.map(\.line).joined(separator: "\n")
    return .object([
      (
        "Error",
        response(
          """
          An error that every method may end with. The reasons of the runtime, domain `rpc.patron`, and of services:

          \(lines)

          `components.x-patron-errors` has all of them.
          """,
          errors: []
        )
      ),
      (
        "NotACall",
        .object([
          (
            "description",
            .text("The request is no call: its verb or its content type is another one. A sentence says what to send.")
          ),
          ("content", .object([("text/plain", .object([("schema", .object([("type", .text("string"))]))]))])),
        ])
      ),
    ])
  }

  private static let text = JSONNode.object([("type", .text("string"))])

  /// The schemas of errors.
  static let schemas: [(String, JSONNode)] = [
    (
      "Error",
      .object([
        ("type", .text("object")), ("title", .text("Error")),
        ("description", .text("Why a call failed. Decide by `details[].debug.reason`; `message` is for developers.")),
        (
          "properties",
          .object([
            ("code", .object([("type", .text("string")), ("enum", .texts(DeclaredReason.connectCodes))])),
            ("message", text),
            ("details", .object([("type", .text("array")), ("items", .reference("schemas", "ErrorDetail"))])),
          ])
        ),
        ("required", .texts(["code"])), ("additionalProperties", .bool(false)),
      ])
    ),
    (
      "ErrorDetail",
      .object([
        ("type", .text("object")), ("title", .text("ErrorDetail")),
        (
          "description",
          .text(
            """
            One fact about an error: `google.rpc.ErrorInfo` with its stable reason, `google.rpc.BadRequest` with the fields \
            that are wrong, `google.rpc.RetryInfo` with when to come back. `value` is the message in bytes, `debug` in JSON.
            """
          )
        ),
        (
          "properties",
          .object([
            ("type", text), ("value", .object([("type", .text("string")), ("contentEncoding", .text("base64"))])),
            ("debug", debug),
          ])
        ),
        ("required", .texts(["type", "value"])), ("additionalProperties", .bool(false)),
      ])
    ),
  ]

  private static let debug = JSONNode.object([
    ("type", .text("object")),
    (
      "properties",
      .object([
        ("reason", text), ("domain", text),
        ("metadata", .object([("type", .text("object")), ("additionalProperties", text)])),
        (
          "fieldViolations",
          .object([
            ("type", .text("array")),
            (
              "items",
              .object([
                ("type", .text("object")),
                ("properties", .object([("field", text), ("description", text), ("reason", text)])),
              ])
            ),
          ])
        ),
        ("retryDelay", text),
      ])
    ),
  ])
}
