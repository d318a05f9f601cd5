extension ErrorDetail {
  private static let typePrefix = "type.googleapis.com/google.rpc."

  /// The type URL of the detail in an `Any`.
  var typeURL: String {
    switch self {
    case .errorInfo: Self.typePrefix + "ErrorInfo"
    case .badRequest: Self.typePrefix + "BadRequest"
    case .retryInfo: Self.typePrefix + "RetryInfo"
    case .quotaFailure: Self.typePrefix + "QuotaFailure"
    case .preconditionFailure: Self.typePrefix + "PreconditionFailure"
    case .other(let typeURL, _): typeURL
    }
  }

  var serialized: [UInt8] {
    var writer = WireWriter()
    switch self {
    case .errorInfo(let info): info.write(to: &writer)
    case .badRequest(let request):
      for violation in request.fieldViolations { writer.message(1, violation.write) }
    case .retryInfo(let info): writer.message(1) { info.retryDelay.write(to: &$0) }
    case .quotaFailure(let failure):
      for violation in failure.violations { writer.message(1, violation.write) }
    case .preconditionFailure(let failure):
      for violation in failure.violations { writer.message(1, violation.write) }
    case .other(_, let value): return value
    }
    return writer.bytes
  }

  /// Decodes a detail. An unknown or malformed one becomes ``other(typeURL:value:)``.
  init(typeURL: String, value: ArraySlice<UInt8>) {
    let name = typeURL.split(separator: "/").last.map(String.init) ?? ""
    do {
      switch name {
      case "google.rpc.ErrorInfo": self = .errorInfo(try ErrorInfo(wire: value))
      case "google.rpc.BadRequest":
        self = .badRequest(BadRequest(fieldViolations: try Self.repeated(value, BadRequest.FieldViolation.init(wire:))))
      case "google.rpc.RetryInfo":
        self = .retryInfo(RetryInfo(retryDelay: try Self.repeated(value, Duration.init(wire:)).last ?? .zero))
      case "google.rpc.QuotaFailure":
        self = .quotaFailure(QuotaFailure(violations: try Self.repeated(value, QuotaFailure.Violation.init(wire:))))
      case "google.rpc.PreconditionFailure":
        self = .preconditionFailure(
          PreconditionFailure(violations: try Self.repeated(value, PreconditionFailure.Violation.init(wire:)))
        )
      default: self = .other(typeURL: typeURL, value: Array(value))
      }
    } catch {
      self = .other(typeURL: typeURL, value: Array(value))
    }
  }

  /// Decodes every element of the message's repeated field 1.
  private static func repeated<Element>(
    _ bytes: ArraySlice<UInt8>,
    _ element: (ArraySlice<UInt8>) throws(WireReader.Malformed) -> Element
  ) throws(WireReader.Malformed) -> [Element] {
    var reader = WireReader(bytes)
    var elements: [Element] = []
    while let field = try reader.next() {
      if case .bytes(1, let value) = field { elements.append(try element(value)) }
    }
    return elements
  }
}

extension ErrorInfo {
  fileprivate func write(to writer: inout WireWriter) {
    writer.string(1, reason)
    writer.string(2, domain)
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      writer.message(3) { entry in
        entry.string(1, key)
        entry.string(2, value)
      }
    }
  }

  fileprivate init(wire bytes: ArraySlice<UInt8>) throws(WireReader.Malformed) {
    self.init(reason: "", domain: "")
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      switch field {
      case .bytes(1, let value): reason = String(decoding: value, as: UTF8.self)
      case .bytes(2, let value): domain = String(decoding: value, as: UTF8.self)
      case .bytes(3, let value):
        let texts = try Texts(wire: value)
        metadata[texts[1]] = texts[2]
      default: break
      }
    }
  }
}

extension BadRequest.FieldViolation {
  fileprivate func write(to writer: inout WireWriter) {
    writer.string(1, field)
    writer.string(2, description)
    writer.string(3, reason)
  }

  fileprivate init(wire bytes: ArraySlice<UInt8>) throws(WireReader.Malformed) {
    let texts = try Texts(wire: bytes)
    self.init(field: texts[1], description: texts[2], reason: texts[3])
  }
}

extension QuotaFailure.Violation {
  fileprivate func write(to writer: inout WireWriter) {
    writer.string(1, subject)
    writer.string(2, description)
  }

  fileprivate init(wire bytes: ArraySlice<UInt8>) throws(WireReader.Malformed) {
    let texts = try Texts(wire: bytes)
    self.init(subject: texts[1], description: texts[2])
  }
}

extension PreconditionFailure.Violation {
  fileprivate func write(to writer: inout WireWriter) {
    writer.string(1, type)
    writer.string(2, subject)
    writer.string(3, description)
  }

  fileprivate init(wire bytes: ArraySlice<UInt8>) throws(WireReader.Malformed) {
    let texts = try Texts(wire: bytes)
    self.init(type: texts[1], subject: texts[2], description: texts[3])
  }
}

extension Duration {
  fileprivate func write(to writer: inout WireWriter) {
    writer.integer(1, components.seconds)
    writer.integer(2, components.attoseconds / 1_000_000_000)
  }

  fileprivate init(wire bytes: ArraySlice<UInt8>) throws(WireReader.Malformed) {
    var (seconds, nanoseconds): (Int64, Int64) = (0, 0)
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      switch field {
      case .integer(1, let value): seconds = Int64(bitPattern: value)
      case .integer(2, let value): nanoseconds = Int64(Int32(truncatingIfNeeded: value))
      default: break
      }
    }
    // More than `google.protobuf.Duration` may hold; converting such a span would overflow.
    let limit = Self.secondsMaximum
    self =
      seconds.magnitude > limit.magnitude
      ? .seconds(seconds < 0 ? -limit : limit) : .seconds(seconds) + .nanoseconds(nanoseconds)
  }

  /// About 10,000 years.
  private static let secondsMaximum: Int64 = 315_576_000_000
}

/// The string fields of a message by field number. A missing one is empty.
private struct Texts {
  private var byField: [Int: String] = [:]

  init(wire bytes: ArraySlice<UInt8>) throws(WireReader.Malformed) {
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      if case .bytes(let number, let value) = field { byField[number] = String(decoding: value, as: UTF8.self) }
    }
  }

  subscript(field: Int) -> String { byField[field] ?? "" }
}
