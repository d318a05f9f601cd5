import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Makes the OpenAPI document of the gateway: of the services it serves, and of the exposed methods of others.
struct DocumentGenerator {
  private let set: DescriptorSet
  private let catalogue: ReasonCatalogue
  private let served: [String]

  /// - Parameters:
  ///   - set: With comments, as `protoc --include_source_info` writes them.
  ///   - served: The full names of the gateway's own services, in their order.
  init(_ set: Google_Protobuf_FileDescriptorSet, served: [String], reasons: ReasonCatalogue) {
    self.set = DescriptorSet(proto: set)
    self.served = served
    catalogue = reasons
  }

  /// The document.
  func document() throws -> String {
    var schemas = SchemaGenerator()
    var paths: [(String, JSONNode)] = []
    let all = set.files.filter { $0.package.hasPrefix("patron.") }.flatMap(\.services)
    let own = served.compactMap { name in all.first { $0.fullName == name } }
    let others = all.filter { !served.contains($0.fullName) }.sorted { $0.fullName < $1.fullName }
    for service in own + others {
      for method in service.methods {
        let policy = MethodPolicyOption(method)
        let isOfBackOffice = !served.contains(service.fullName)
        guard policy.isExposed || !isOfBackOffice else { continue }
        let name = "\(service.fullName)/\(method.name)"
        let errors = try catalogue.reasons(policy.errors, of: name, in: service.file.package)
        let operation = OperationGenerator(method: method, errors: errors, isOfBackOffice: isOfBackOffice)
        paths.append(("/\(name)", operation.item(&schemas)))
      }
    }
    let common = catalogue.ofEveryMethod
    return JSONNode.object([
      ("openapi", .text("3.1.0")),
      (
        "info",
        .object([("title", .text("Patron")), ("version", .text("1")), ("description", .text(Self.introduction))])
      ),
      ("servers", .list([.object([("url", .text("/"))])])), ("tags", .list(own.map(tag) + [Self.backOffice])),
      ("paths", .object(paths)),
      (
        "components",
        .object([
          ("schemas", .object(ErrorComponents.schemas + schemas.sorted)),
          ("responses", ErrorComponents.responses(common)), ("x-patron-errors", .list(common.map(\.node))),
        ])
      ),
    ])
    .document
  }

  private func tag(_ service: ServiceDescriptor) -> JSONNode {
    .object([("name", .text(service.fullName)), ("description", .text(service.commentText))])
  }

  private static let backOffice = JSONNode.object([
    ("name", .text("back office")),
    (
      "description",
      .text(
        "The methods of the services behind the gateway that it passes on, with its setting `backOffice: open` only."
      )
    ),
  ])

  private static let introduction = """
    What tills, apps and the back office call. Every method is a POST of JSON to `/package.Service/Method` (Connect, unary) \
    and can be called by gRPC and gRPC-Web as well. Made from the protos, whose comments these are.

    **Values.** Names of fields are camelCase; snake_case is accepted, too, and is what the texts use. A field without a \
    value is left out of answers, and may be left out of requests. Unknown fields are refused. Whole numbers of 64 bits are \
    texts, enums are names, times are RFC 3339 in UTC, spans of time are seconds with an `s`, bytes are base64, field masks are \
    names in camelCase separated by commas.

    **Idempotency.** What changes something takes a `requestId`: a UUIDv7 that the caller mints before the first attempt and \
    keeps until an answer came.

    **Pages.** Lists take `pageSize` and `pageToken` and answer with `nextPageToken`.

    **Errors.** An HTTP status, and the schema `Error`; each method names its own reasons, and `components.x-patron-errors` \
    has those that every method may have. The header `connect-timeout-ms` sets a deadline.
    """
}
