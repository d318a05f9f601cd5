// Truncates a status to a byte limit. Its texts may contain a caller's input of any length.

extension StatusDetails {
  /// Returns the status with as many of its details as fit: first the single ones, among them the ``ErrorInfo``, then
  /// the lists, such as the field violations of a ``BadRequest``, with as many elements as fit from the first on. Texts
  /// are truncated only when not everything fits.
  ///
  /// - Parameter bytesMaximum: The greatest size of ``serialized``, at least that of code and message.
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

  /// The greatest size of the tag and length of a field, except fields with large numbers.
  fileprivate static let headerBytesMaximum = 6
}

extension ErrorDetail {
  /// The length in bytes to which a detail's text is truncated.
  private static let textBytesMaximum = 256

  fileprivate var isList: Bool {
    switch self {
    case .badRequest, .quotaFailure, .preconditionFailure: true
    case .errorInfo, .retryInfo, .other: false
    }
  }

  /// An upper bound of the detail's size in a status.
  fileprivate var packedBytesMaximum: Int {
    typeURL.utf8.count + serialized.count + 3 * StatusDetails.headerBytesMaximum
  }

  /// Returns the part of the detail that fits, nil when none does.
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

  /// Returns the elements from the first on that fit with truncated texts.
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
  /// The length in bytes to which a reason or a domain is truncated. google.rpc allows reasons of 63.
  private static let nameBytesMaximum = 128

  /// Returns the reason with as many entries of the metadata as fit, in the order of their names.
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
  /// Returns the text, or its beginning and an ellipsis. Valid UTF-8 in both cases.
  func cut(toBytes bytesMaximum: Int) -> String {
    cut(to: bytesMaximum) { Unicode.UTF8.width($0) }
  }

  /// Truncates the text by a cost other than its bytes.
  ///
  /// - Parameter cost: Returns the cost of a character.
  func cut(to costMaximum: Int, _ cost: (Unicode.Scalar) -> Int) -> String {
    let ellipsis: Unicode.Scalar = "…"
    var total = 0
    // The position of the ellipsis if the text turns out to be too long.
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
