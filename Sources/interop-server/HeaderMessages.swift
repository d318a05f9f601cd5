import Basics
import Messages
import RPC
import TestAPI

// Metadata as the conformance suite writes it: each name once with all its values, bytes as base64.

extension [ConnectrpcConformanceV1.Header] {
  /// In the order in which each name came first.
  init(_ metadata: Metadata) {
    self = []
    var positions: [String: Int] = [:]
    for field in metadata {
      let position = positions[field.key] ?? count
      if position == count {
        positions[field.key] = count
        append(ConnectrpcConformanceV1.Header(name: field.key))
      }
      switch field.value {
      case .string(let text): self[position].value.append(text)
      case .binary(let bytes):
        self[position].value.append(String(decoding: Base64.encode(bytes, isPadded: false), as: UTF8.self))
      }
    }
  }
}

extension Metadata {
  /// - Throws: ``RPCError`` with INVALID_ARGUMENT when a binary value is not base64.
  init(_ headers: [ConnectrpcConformanceV1.Header]) throws(RPCError) {
    self.init()
    for header in headers {
      for value in header.value {
        guard header.name.lowercased().hasSuffix("-bin") else {
          add(header.name, value)
          continue
        }
        guard let bytes = Base64.decode(value.utf8) else {
          throw RPCError(code: .invalidArgument, message: "a value of \(header.name) is not base64")
        }
        add(header.name, bytes)
      }
    }
  }
}
