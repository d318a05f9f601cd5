import SwiftProtobuf

/// Rewrites a descriptor set for protoc-c 1.4.
///
/// - Every string field gets the option `(pb_c_field).string_as_bytes`, since protobuf-c would cut strings at a NUL.
/// - `optional`, which protoc-c refuses, becomes a oneof of one field: the same bytes on the wire.
/// - Fields get the names of ``CNames``, so that none is a keyword.
/// - Packing is spelled out. Services and comments are dropped: nothing uses them from C.
enum DescriptorPreparation {
  /// Extension 1019 of `google.protobuf.FieldOptions` holding `{1: true}`, in wire format.
  private static let stringAsBytes: [UInt8] = [0xda, 0x3f, 0x02, 0x08, 0x01]

  /// Extension 1019 of `google.protobuf.FileOptions` holding `{2: false}`: no helpers that pack and unpack.
  private static let withoutPackHelpers: [UInt8] = [0xda, 0x3f, 0x02, 0x10, 0x00]

  static func prepare(_ set: inout Google_Protobuf_FileDescriptorSet) {
    for index in set.file.indices where set.file[index].syntax == "proto3" {
      set.file[index].clearSourceCodeInfo()
      set.file[index].service = []
      dropExtensions(&set.file[index])
      // Bytes that were parsed once cannot fail to parse.
      try? set.file[index].options.merge(serializedBytes: withoutPackHelpers)
      for message in set.file[index].messageType.indices {
        prepare(&set.file[index].messageType[message])
      }
    }
  }

  /// Drops our own options, which nothing uses from C, with the file whose messages they extend.
  private static func dropExtensions(_ file: inout Google_Protobuf_FileDescriptorProto) {
    file.extension = []
    file.dependency.removeAll { $0 == "google/protobuf/descriptor.proto" }
  }

  private static func prepare(_ message: inout Google_Protobuf_DescriptorProto) {
    for index in message.nestedType.indices { prepare(&message.nestedType[index]) }
    var oneofs = message.oneofDecl
    for index in message.field.indices { prepare(&message.field[index], oneofs: &oneofs) }
    message.oneofDecl = oneofs
    dropUnusedOneofs(&message)
  }

  private static func prepare(
    _ field: inout Google_Protobuf_FieldDescriptorProto,
    oneofs: inout [Google_Protobuf_OneofDescriptorProto]
  ) {
    if field.proto3Optional {
      field.clearProto3Optional()
      if field.type == .message {
        // A message has presence anyhow.
        field.clearOneofIndex()
      } else {
        oneofs[Int(field.oneofIndex)].name = CNames.optionalOneof(field.name)
      }
    }
    field.name = CNames.field(field.name)
    if field.type == .string {
      try? field.options.merge(serializedBytes: stringAsBytes)
    }
    if field.label == .repeated, isPackable(field.type), !field.options.hasPacked {
      field.options.packed = true
    }
  }

  private static func isPackable(_ type: Google_Protobuf_FieldDescriptorProto.TypeEnum) -> Bool {
    ![.string, .bytes, .message, .group].contains(type)
  }

  private static func dropUnusedOneofs(_ message: inout Google_Protobuf_DescriptorProto) {
    let used = Set(message.field.filter(\.hasOneofIndex).map { Int($0.oneofIndex) })
    let kept = message.oneofDecl.indices.filter(used.contains)
    let newIndex = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, Int32($0)) })
    message.oneofDecl = kept.map { message.oneofDecl[$0] }
    for index in message.field.indices where message.field[index].hasOneofIndex {
      message.field[index].oneofIndex = newIndex[Int(message.field[index].oneofIndex)] ?? 0
    }
  }
}
