// What of a status fits into the bytes that there are for it. Its texts may hold what a caller sent, of any length.

extension StatusDetails {
  /// The same status with as much of its details as fits: first those that are one thing each, among them the
  /// ``ErrorInfo``, then of the lists, such as the field violations of a ``BadRequest``, as many elements as there is room
  /// for, from the first on. Texts are cut only when not everything fits.
  ///
  /// - Parameter bytesMaximum: Most bytes of ``serialized``; at least what code and message take.
  func bounded(to bytesMaximum: Int) -> StatusDetails {
    guard serialized.count > bytesMaximum else { return self }
    var bounded = StatusDetails(code: code, message: message, details: [])
    var room = bytesMaximum - bounded.serialized.count
    var kept: [Int: ErrorDetail] = [:]
    for isList in [false, true] {
      for (index, detail) in details.enumerated() where detail.isList == isList {
        guard let part = detail.bounded(to: room - Self.headerBytesMaximum) else { continue }
        kept[index] = part
        room -= part.packedBytesMaximum
      }
    }
    bounded.details = details.indices.compactMap { kept[$0] }
    return bounded
  }

  /// What the tag and the length of a field take at most, of all but fields with large numbers.
  fileprivate static let headerBytesMaximum = 6
}

extension ErrorDetail {
  /// The longest text of a detail that is cut, in bytes.
  private static let textBytesMaximum = 256

  fileprivate var isList: Bool {
    switch self {
    case .badRequest, .quotaFailure, .preconditionFailure: true
    case .errorInfo, .retryInfo, .other: false
    }
  }

  /// Not less than what the detail takes in a status.
  fileprivate var packedBytesMaximum: Int {
    typeURL.utf8.count + serialized.count + 3 * StatusDetails.headerBytesMaximum
  }

  /// What of the detail fits; nil when nothing does.
  fileprivate func bounded(to bytesMaximum: Int) -> ErrorDetail? {
    let room = bytesMaximum - typeURL.utf8.count - 2 * StatusDetails.headerBytesMaximum
    switch self {
    case .errorInfo(let info): return Self.errorInfo(info.bounded(to: room / 2)).fitting(room)
    case .retryInfo, .other: return fitting(room)
    case .badRequest(let request):
      let violations = Self.prefix(of: request.fieldViolations, fitting: room) {
        [$0.field, $0.description, $0.reason]
      }
      .map { violation in
        BadRequest.FieldViolation(
          field: Self.cut(violation.field),
          description: Self.cut(violation.description),
          reason: Self.cut(violation.reason)
        )
      }
      return violations.isEmpty ? nil : .badRequest(BadRequest(fieldViolations: violations))
    case .quotaFailure(let failure):
      let violations = Self.prefix(of: failure.violations, fitting: room) { [$0.subject, $0.description] }
        .map { QuotaFailure.Violation(subject: Self.cut($0.subject), description: Self.cut($0.description)) }
      return violations.isEmpty ? nil : .quotaFailure(QuotaFailure(violations: violations))
    case .preconditionFailure(let failure):
      let violations = Self.prefix(of: failure.violations, fitting: room) { [$0.type, $0.subject, $0.description] }
        .map { violation in
          PreconditionFailure.Violation(
            type: Self.cut(violation.type),
            subject: Self.cut(violation.subject),
            description: Self.cut(violation.description)
          )
        }
      return violations.isEmpty ? nil : .preconditionFailure(PreconditionFailure(violations: violations))
    }
  }

  private func fitting(_ bytesMaximum: Int) -> ErrorDetail? { serialized.count <= bytesMaximum ? self : nil }

  /// The elements of a list, from the first on, that fit once their texts are cut.
  private static func prefix<Element>(
    of elements: [Element],
    fitting bytesMaximum: Int,
    texts: (Element) -> [String]
  ) -> ArraySlice<Element> {
    var room = bytesMaximum
    return elements.prefix { element in
      for text in texts(element) { room -= min(text.utf8.count, textBytesMaximum) + StatusDetails.headerBytesMaximum }
      room -= StatusDetails.headerBytesMaximum
      return room >= 0
    }
  }

  fileprivate static func cut(_ text: String) -> String { text.cut(toBytes: textBytesMaximum) }
}

extension ErrorInfo {
  /// The longest name of a reason or a domain that is cut, in bytes; google.rpc allows reasons of 63.
  private static let nameBytesMaximum = 128

  /// The reason with as many entries of the metadata as fit, in the order of their names.
  fileprivate func bounded(to bytesMaximum: Int) -> ErrorInfo {
    var info = ErrorInfo(
      reason: reason.cut(toBytes: Self.nameBytesMaximum),
      domain: domain.cut(toBytes: Self.nameBytesMaximum)
    )
    var room = bytesMaximum - info.reason.utf8.count - info.domain.utf8.count - 2 * StatusDetails.headerBytesMaximum
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      let value = ErrorDetail.cut(value)
      room -= key.utf8.count + value.utf8.count + 3 * StatusDetails.headerBytesMaximum
      guard room >= 0 else { break }
      info.metadata[key] = value
    }
    return info
  }
}

extension String {
  /// The text itself, or its beginning and an ellipsis: valid UTF-8 either way.
  func cut(toBytes bytesMaximum: Int) -> String {
    cut(to: bytesMaximum) { Unicode.UTF8.width($0) }
  }

  /// The same, for a text that costs something other than its bytes.
  ///
  /// - Parameter cost: What a character costs.
  func cut(to costMaximum: Int, _ cost: (Unicode.Scalar) -> Int) -> String {
    let ellipsis: Unicode.Scalar = "…"
    var total = 0
    // Where the ellipsis goes if the text turns out to be too long.
    var end = unicodeScalars.startIndex
    for index in unicodeScalars.indices {
      if total + cost(ellipsis) <= costMaximum { end = index }
      total += cost(unicodeScalars[index])
      guard total > costMaximum else { continue }
      return cost(ellipsis) <= costMaximum ? String(unicodeScalars[..<end]) + String(ellipsis) : ""
    }
    return self
  }
}
