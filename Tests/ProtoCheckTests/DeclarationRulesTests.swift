import Testing

@testable import proto_check

@Suite("Rules about declarations")
struct DeclarationRulesTests {
  @Test("messages are PascalCase, fields and oneofs lower_snake_case")
  func messageNames() throws {
    let source = ProtoSource.file(
      """
      // A message.
      message sample_message {
        // A field.
        int32 camelCase = 1;
        // A oneof.
        oneof MyChoice {
          // A field.
          int32 a = 2;
        }
      }
      """
    )
    #expect(
      try source.findings() == ["7 MESSAGE_PASCAL_CASE", "9 FIELD_LOWER_SNAKE_CASE", "11 ONEOF_LOWER_SNAKE_CASE"]
    )
  }

  @Test("enum values carry the enum's name, are UPPER_SNAKE_CASE and start unspecified")
  func enumNames() throws {
    let source = ProtoSource.file(
      """
      // An enum.
      enum HTTPState {
        // Zero.
        HTTP_STATE_NONE = 0;
        // No prefix.
        ONE = 1;
        // Lower case.
        HTTP_STATE_two = 2;
      }
      // An enum.
      enum lower {
        option allow_alias = true;
        // Zero.
        LOWER_UNSPECIFIED = 0;
        // The same.
        LOWER_ALSO_UNSPECIFIED = 0;
      }
      """
    )
    #expect(
      try source.findings() == [
        "9 ENUM_ZERO_VALUE_SUFFIX", "11 ENUM_VALUE_PREFIX", "13 ENUM_VALUE_UPPER_SNAKE_CASE", "16 ENUM_NO_ALLOW_ALIAS",
        "16 ENUM_PASCAL_CASE",
      ]
    )
  }

  @Test("services end in Service and methods have their own request and response")
  func serviceNames() throws {
    let source = ProtoSource.file(
      """
      // A service.
      service sample {
        // A method.
        rpc get_sample(GetRequest) returns (GetResponse);
        // A method.
        rpc List(GetRequest) returns (ListResponse);
      }
      // A message.
      message GetRequest {}
      // A message.
      message GetResponse {}
      // A message.
      message ListResponse {}
      """
    )
    #expect(
      try source.findings() == [
        "7 SERVICE_PASCAL_CASE", "7 SERVICE_SUFFIX", "9 RPC_PASCAL_CASE", "9 RPC_REQUEST_STANDARD_NAME",
        "9 RPC_RESPONSE_STANDARD_NAME", "11 RPC_REQUEST_RESPONSE_UNIQUE", "11 RPC_REQUEST_STANDARD_NAME",
      ]
    )
  }

  @Test("everything has a comment, nested or not")
  func comments() throws {
    let source = ProtoSource.file(
      """
      service SampleService {
        rpc Get(GetRequest) returns (GetResponse);
      }
      message GetRequest {
        oneof key {
          int32 number = 1;
        }
        message Inner {
          Kind kind = 1;
        }
        enum Kind {
          KIND_UNSPECIFIED = 0;
        }
        // -----
        map<string, Inner> inners = 2;
      }
      // A message.
      message GetResponse {}
      """
    )
    #expect(try source.findings() == [6, 7, 9, 10, 11, 13, 14, 16, 17, 20].map { "\($0) COMMENT" })
  }

  @Test("a message must not contain itself, by whatever path")
  func recursion() throws {
    let source = ProtoSource.file(
      """
      // A message.
      message Direct {
        // A field.
        repeated Direct children = 1;
      }
      // A message.
      message Left {
        // A field.
        map<string, Right> right = 1;
      }
      // A message.
      message Right {
        // A field.
        Left left = 1;
      }
      // A message.
      message Straight {
        // A field.
        Left left = 1;
      }
      """
    )
    #expect(try source.findings() == [7, 12, 17].map { "\($0) MESSAGE_NOT_RECURSIVE" })
  }

  @Test("a published contract may break the rules that it breaks, and no others")
  func exemptions() throws {
    let source = ProtoSource.file(
      """
      // A service.
      service Health {
        rpc Check(HealthCheckRequest) returns (HealthCheckResponse);
      }
      // A message.
      message HealthCheckRequest {}
      // A message.
      message HealthCheckResponse {}
      """,
      package: "grpc.health.v1"
    )
    #expect(try source.findings() == ["8 COMMENT"])
  }

  @Test(
    "a contract that others decide on is not checked",
    arguments: [("grpc.testing", true), ("connectrpc.conformance.v1", true), ("grpc.testings.v1", false)]
  )
  func foreign(package: String, isForeign: Bool) throws {
    #expect(try ProtoSource.file("message Sample {}", package: package).findings().isEmpty == isForeign)
  }

  @Test("the span protocol of OpenTelemetry may name its messages and its unset status as it does")
  func openTelemetry() throws {
    let collector = ProtoSource.file(
      """
      // A service.
      service TraceService {
        // Takes spans.
        rpc Export(ExportTraceServiceRequest) returns (ExportTraceServiceResponse);
      }
      // A message.
      message ExportTraceServiceRequest {}
      // A message.
      message ExportTraceServiceResponse {}
      """,
      package: "opentelemetry.proto.collector.trace.v1"
    )
    #expect(try collector.findings() == [])
  }

  @Test("a violation says where it is and what is wrong")
  func sentence() throws {
    let violation = try ProtoSource.file("message Sample {}").violations().first
    #expect(
      violation?.description
        == "patron/sample/v1/sample.proto:6: COMMENT: message patron.sample.v1.Sample has no comment"
    )
  }
}
