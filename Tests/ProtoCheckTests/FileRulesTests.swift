import Testing

@testable import proto_check

@Suite("Rules about files")
struct FileRulesTests {
  @Test("a file that keeps every rule has no violation")
  func clean() throws {
    let source = ProtoSource.file(
      """
      // A service.
      service SampleService {
        // A method.
        rpc GetSample(GetSampleRequest) returns (GetSampleResponse);
      }
      // A request.
      message GetSampleRequest {
        // A choice.
        oneof key {
          // A number.
          int32 number = 1;
          string text = 2; // A text, described behind it.
        }
        // Present or not.
        optional int32 size = 3;
        // A map.
        map<string, int32> counts = 4;
      }
      // A response.
      message GetSampleResponse {
        // A state.
        SampleState state = 1;
      }
      // States.
      enum SampleState {
        // None.
        SAMPLE_STATE_UNSPECIFIED = 0;
        // One.
        SAMPLE_STATE_ONE = 1;
      }
      """
    )
    #expect(try source.violations() == [])
  }

  @Test("a file must have a package")
  func noPackage() throws {
    let source = ProtoSource(files: ["sample.proto": "syntax = \"proto3\";\n"])
    #expect(try source.findings() == ["0 PACKAGE_DEFINED"])
  }

  @Test("a file must lie in the folder of its package")
  func wrongFolder() throws {
    let source = ProtoSource(files: [
      "patron/other/v1/sample.proto": "syntax = \"proto3\";\npackage patron.sample.v1;\n"
    ])
    #expect(try source.findings() == ["2 PACKAGE_DIRECTORY_MATCH"])
  }

  @Test("a package must be lower_snake.case and end in a version")
  func packageNames() throws {
    #expect(try ProtoSource.file("", package: "patron.Sample.v1").findings() == ["4 PACKAGE_LOWER_SNAKE_CASE"])
    #expect(try ProtoSource.file("", package: "patron.sample").findings() == ["4 PACKAGE_VERSION_SUFFIX"])
    #expect(try ProtoSource.file("", package: "patron.sample.v1alpha").findings() == [])
    #expect(try ProtoSource.file("", package: "patron.sample.v2beta1").findings() == [])
  }

  @Test("a file name must be lower_snake_case")
  func fileName() throws {
    let source = ProtoSource(files: ["patron/a/v1/MyFile.proto": "syntax = \"proto3\";\npackage patron.a.v1;\n"])
    #expect(try source.findings() == ["0 FILE_LOWER_SNAKE_CASE"])
  }

  @Test("a file must be proto3")
  func syntax() throws {
    let source = ProtoSource(files: ["patron/a/v1/a.proto": "syntax = \"proto2\";\npackage patron.a.v1;\n"])
    #expect(try source.findings() == ["0 SYNTAX_PROTO3"])
  }

  @Test("imports must be used, and neither public nor weak")
  func imports() throws {
    let used = """
      // A message.
      message Sample {
        // A time.
        google.protobuf.Timestamp time = 1;
      }
      """
    let time = "google/protobuf/timestamp.proto"
    let file = { (line: String, rest: String) in try ProtoSource.file("\(line)\n\(rest)").findings() }
    #expect(try file("import \"\(time)\";", used) == [])
    #expect(try file("import \"\(time)\";", "") == ["6 IMPORT_USED"])
    #expect(try file("import public \"\(time)\";", used) == ["6 IMPORT_NO_PUBLIC"])
    #expect(try file("import weak \"\(time)\";", used) == ["6 IMPORT_NO_WEAK"])
  }

  @Test("an import is used when its options are")
  func optionImports() throws {
    let options = """
      syntax = "proto3";
      package patron.a.v1;
      import "google/protobuf/descriptor.proto";
      extend google.protobuf.MessageOptions {
        string note = 50001;
      }
      """
    let user = """
      syntax = "proto3";
      package patron.a.v1;
      import "patron/a/v1/options.proto";
      // A message.
      message Sample {
        option (note) = "x";
      }
      """
    let source = ProtoSource(files: ["patron/a/v1/options.proto": options, "patron/a/v1/user.proto": user])
    #expect(try source.findings() == [])
  }
}
