import Testing

@testable import RPC

@Suite("Metadata")
struct MetadataTests {
  @Test("Order and duplicates are kept, names are lower case")
  func order() {
    var metadata: Metadata = ["b": "1", "A": "2", "b": "3"]
    metadata.add("c-bin", [0, 255])
    #expect(metadata.map(\.key) == ["b", "a", "b", "c-bin"])
    #expect(metadata.values(for: "B") == ["1", "3"])
    #expect(metadata["a"] == "2")
    #expect(metadata[binary: "c-bin"] == [0, 255])
    #expect(metadata["missing"] == nil)
  }

  @Test("Replacing removes every earlier value")
  func replacing() {
    var metadata: Metadata = ["a": "1", "a": "2", "b": "3"]
    metadata.replace("a", "4")
    #expect(metadata.map(\.key) == ["b", "a"])
    #expect(metadata["a"] == "4")
  }

  @Test(
    "Fields the wire cannot carry, and reserved ones, are not sendable",
    arguments: [
      ("grpc-status", "0"), (":path", "/x"), ("te", "x"), ("content-type", "x"), ("connection", "x"), ("host", "x"),
      ("na me", "x"), ("", "x"), ("ünï", "x"), ("text", "a\nb"), ("text", "é"), ("text-bin", "not bytes"),
    ]
  )
  func notSendable(_ key: String, _ value: String) {
    #expect(!Metadata.Field(key: key, value: .string(value)).isSendable)
  }

  @Test("Binary values need a -bin name")
  func binaryName() {
    #expect(Metadata.Field(key: "a-bin", value: .binary([1])).isSendable)
    #expect(!Metadata.Field(key: "a", value: .binary([1])).isSendable)
  }

  @Test("Base64 is written without padding and read with or without", arguments: 0...40)
  func base64(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
    let text = String(decoding: BinaryMetadata.encode(bytes), as: UTF8.self)
    #expect(!text.contains("="))
    #expect(BinaryMetadata.decode(text) == bytes)
    #expect(BinaryMetadata.decode(text + String(repeating: "=", count: (4 - text.count % 4) % 4)) == bytes)
  }

  @Test("What is not base64 is refused", arguments: ["a", "aaaaa", "a=", "aa=", "=", "====", "a a=", "a-b_", "é"])
  func notBase64(_ text: String) { #expect(BinaryMetadata.decode(text) == nil) }

  @Test("A received -bin value may be a list")
  func binaryList() {
    var metadata = Metadata()
    let isAccepted = Array("a-bin".utf8).withUnsafeBytes { name in
      Array("AQ,Ag==,".utf8).withUnsafeBytes { metadata.addReceived(name: name, value: $0) }
    }
    #expect(isAccepted)
    #expect(metadata.values(for: "a-bin") == [.binary([1]), .binary([2]), .binary([])])
  }
}
