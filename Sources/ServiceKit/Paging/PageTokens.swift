import Basics
import Crypto
import Foundation
public import Messages
public import RPC

/// Makes and checks page tokens: opaque to the caller, and sealed (HMAC-SHA-256), so that nobody can make one up or
/// carry one over to a list with other filters.
public struct PageTokens: Sendable {
  private let key: SymmetricKey
  private let settings: PageSettings
  /// Half of SHA-256: more than enough against guessing, and keeps tokens short.
  private static let sealBytes = 16

  /// Tokens sealed with a key of 32 bytes or more, shared by all copies of the service.
  public init(key: [UInt8], settings: PageSettings = PageSettings()) {
    self.key = SymmetricKey(data: key)
    self.settings = settings
  }

  /// Reads what a list request says about its page.
  ///
  /// The token is bound to everything else in the request (its filters and order) and to the request's type.
  ///
  /// - Parameters:
  ///   - size: The field with the number of entries wished for; 0 means the default, too many means the most.
  ///   - token: The field with the token of the page before; empty for the first page.
  ///   - tokenField: What that field is called.
  ///   - domain: The `ErrorInfo.domain` of a refusal.
  /// - Throws: `INVALID_ARGUMENT`: `OUT_OF_RANGE` for a negative size, `PAGE_TOKEN_INVALID` for a token that was not
  ///   made here for this list.
  public func page<Request: Message>(
    _ request: Request,
    size: WritableKeyPath<Request, Int32>,
    token: WritableKeyPath<Request, String>,
    tokenField: String = "page_token",
    domain: String
  ) throws(RPCError) -> Page {
    var fields = FieldChecks(domain: domain)
    let wished = Int(request[keyPath: size])
    fields.pageSize(request[keyPath: size])
    try fields.throwIfAny()

    var filters = request
    filters[keyPath: size] = 0
    filters[keyPath: token] = ""
    let binding = try Self.binding(filters, domain: domain)
    let text = request[keyPath: token]
    var position: PagePosition?
    if !text.isEmpty {
      guard let opened = open(text, binding: binding) else {
        throw CommonReason.pageTokenInvalid.error(domain: domain, field: tokenField)
      }
      position = opened
    }
    let count = wished == 0 ? settings.defaultSize : min(wished, settings.maximumSize)
    return Page(size: count, position: position, tokens: self, binding: binding)
  }

  private static func binding<Request: Message>(_ filters: Request, domain: String) throws(RPCError) -> [UInt8] {
    do {
      return Array(Request.messageType.fullName.utf8) + [0] + (try filters.serializedBytes())
    } catch {
      throw RPCError(code: .internalError, message: "the filters cannot be encoded", cause: error)
    }
  }

  func seal(_ position: PagePosition, binding: [UInt8]) -> String {
    let content = position.bytes
    return Base64URL.encode(authenticator(content[...], binding: binding) + content)
  }

  private func open(_ token: String, binding: [UInt8]) -> PagePosition? {
    guard token.utf8.count <= 4_096, let bytes = Base64URL.decode(token), bytes.count > Self.sealBytes else {
      return nil
    }
    let content = bytes[Self.sealBytes...]
    let expected = authenticator(content, binding: binding)
    let difference = zip(expected, bytes).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
    return difference == 0 ? PagePosition(bytes: content) : nil
  }

  private func authenticator(_ content: ArraySlice<UInt8>, binding: [UInt8]) -> [UInt8] {
    var code = HMAC<SHA256>(key: key)
    code.update(data: Array(SHA256.hash(data: binding)))
    code.update(data: Array(content))
    return Array(code.finalize().prefix(Self.sealBytes))
  }
}

/// What a list request says about its page.
public struct Page: Sendable {
  /// How many entries to return at most.
  public let size: Int
  /// The key of the last row of the page before; nil on the first page.
  public let position: PagePosition?

  private let tokens: PageTokens
  private let binding: [UInt8]

  init(size: Int, position: PagePosition?, tokens: PageTokens, binding: [UInt8]) {
    self.size = size
    self.position = position
    self.tokens = tokens
    self.binding = binding
  }

  /// The page of the rows that were read for it, one more than ``size`` where there are more, and the token for the next.
  ///
  /// - Parameters:
  ///   - found: The rows in order.
  ///   - fitting: How many of them fit, where a ``PageBudget`` decides; nil takes ``size``.
  ///   - position: The key of a row.
  /// - Returns: The rows to show, and the token; empty when this is the last page.
  public func cut<Row>(
    _ found: [Row],
    fitting: Int? = nil,
    position: (Row) -> PagePosition
  ) -> (rows: ArraySlice<Row>, nextToken: String) {
    let rows = found.prefix(min(fitting ?? size, size))
    return (rows, next(rows.count < found.count ? rows.last.map(position) : nil))
  }

  /// The token for the page after `last`, the key of the last row of this page; empty when this is the last page.
  public func next(_ last: PagePosition?) -> String {
    last.map { tokens.seal($0, binding: binding) } ?? ""
  }
}
