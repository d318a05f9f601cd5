/// The value of `grpc-status-details-bin`: a `google.rpc.Status` with the code, the message and the encoded details.
struct StatusDetails: Sendable, Hashable {
  var code: StatusCode
  var message: String
  var details: [ErrorDetail]

  init(code: StatusCode, message: String, details: [ErrorDetail]) {
    self.code = code
    self.message = message
    self.details = details
  }

  var serialized: [UInt8] {
    var writer = WireWriter()
    writer.integer(1, Int64(code.rawValue))
    writer.string(2, message)
    for detail in details {
      writer.message(3) { any in
        any.string(1, detail.typeURL)
        let value = detail.serialized
        if !value.isEmpty { any.lengthDelimited(2, value) }
      }
    }
    return writer.bytes
  }

  init(wire bytes: [UInt8]) throws(WireReader.Malformed) {
    self.init(code: .ok, message: "", details: [])
    var reader = WireReader(bytes[...])
    while let field = try reader.next() {
      switch field {
      case .integer(1, let value): code = StatusCode(rawValue: Int(Int32(truncatingIfNeeded: value)))
      case .bytes(2, let value): message = String(decoding: value, as: UTF8.self)
      case .bytes(3, let value): details.append(try Self.unpack(value))
      default: break
      }
    }
  }

  private static func unpack(_ bytes: ArraySlice<UInt8>) throws(WireReader.Malformed) -> ErrorDetail {
    var typeURL = ""
    var value: ArraySlice<UInt8> = []
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      switch field {
      case .bytes(1, let text): typeURL = String(decoding: text, as: UTF8.self)
      case .bytes(2, let content): value = content
      default: break
      }
    }
    return ErrorDetail(typeURL: typeURL, value: value)
  }
}
