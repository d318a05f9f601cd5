import CommonProto
import Eventually
import Foundation
import GRPCProto
import LoyaltyProto
import Messages
import RPC
import Testing

@testable import ServiceKit

@Suite("Health and reflection over a real connection")
struct HealthAndReflectionTests {
  private let readiness = Readiness()
  private let name = "patron.loyalty.v1.LoyaltyService"
  private let files = FileDescriptors(joining: [.loyaltyProto, .grpcProto, .commonProto])

  private func with(
    serviceConfig: ServiceConfig = ServiceConfig(),
    _ body: (Channel) async throws -> Void
  ) async throws {
    let services: [any RegistrableService] =
      [HealthService(serviceNames: [name], readiness: readiness)]
      + Reflection.services(files, serviceNames: [name])
    let server = Server(
      configuration: ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
      services: services,
      logger: .silent
    )
    let addresses = try await server.start()
    let configuration = ChannelConfiguration(serviceConfig: serviceConfig)
    let channel = try Channel(target: "\(addresses[0])", configuration: configuration, logger: .silent)
    try await body(channel)
    await channel.close()
    await server.shutdown(grace: .zero)
  }

  @Test("Check answers for the server and its services, and knows no others")
  func check() async throws {
    try await with { channel in
      let health = GrpcHealthV1.HealthClient(channel)
      let whole = try await health.check(GrpcHealthV1.HealthCheckRequest())
      #expect(whole.status == .serving)
      readiness.lost("database", "gone")
      #expect(try await health.check(GrpcHealthV1.HealthCheckRequest(service: name)).status == .notServing)
      let error = await #expect(throws: RPCError.self) {
        try await health.check(GrpcHealthV1.HealthCheckRequest(service: "other"))
      }
      #expect(error?.code == .notFound)
    }
  }

  @Test("A channel that follows health makes calls only while the service is ready")
  func followed() async throws {
    try await with(serviceConfig: ServiceConfig(loadBalancing: .roundRobin, healthCheckService: name)) { channel in
      let health = GrpcHealthV1.HealthClient(channel)
      for _ in 0..<3 {
        _ = try await health.list(.init(), options: CallOptions(waitForReady: true))
        readiness.lost("database", "gone")
        try await eventually("calls fail") {
          do {
            _ = try await health.list(.init())
            return false
          } catch let error as RPCError {
            return error.info?.reason == "UNHEALTHY"
          }
        }
        readiness.found("database")
      }
    }
  }

  @Test("List names every service")
  func list() async throws {
    try await with { channel in
      let answer = try await GrpcHealthV1.HealthClient(channel).list(GrpcHealthV1.HealthListRequest())
      #expect(Set(answer.statuses.keys) == ["", name])
    }
  }

  @Test("Watch sends every change, and reports an unknown service")
  func watch() async throws {
    try await with { channel in
      let health = GrpcHealthV1.HealthClient(channel)
      var changes = try await health.watch(GrpcHealthV1.HealthCheckRequest(service: name)).makeAsyncIterator()
      #expect(try await changes.next()?.status == .serving)
      readiness.lost("database", "gone")
      #expect(try await changes.next()?.status == .notServing)
      readiness.found("database")
      #expect(try await changes.next()?.status == .serving)
      var unknown = try await health.watch(GrpcHealthV1.HealthCheckRequest(service: "other")).makeAsyncIterator()
      #expect(try await unknown.next()?.status == .serviceUnknown)
    }
  }

  @Test(
    "Reflection knows the types that a status is made of, so that tools can show them",
    arguments: [
      "google.rpc.Status", "google.rpc.ErrorInfo", "google.rpc.BadRequest", "google.rpc.RetryInfo",
      "google.rpc.QuotaFailure", "google.rpc.PreconditionFailure",
    ]
  )
  func statusTypes(_ symbol: String) throws {
    let answers = ReflectionAnswers(descriptors: files, serviceNames: [name])
    guard case .files(let answered) = answers.file(declaring: symbol) else {
      Issue.record("there is no \(symbol)")
      return
    }
    let file = try #require(files.file(declaring: symbol))
    #expect(file.name == (symbol.hasSuffix("Status") ? "google/rpc/status.proto" : "google/rpc/error_details.proto"))
    #expect(answered.first == file.serializedBytes)
    #expect(answered.count == 2, "the file and what it imports")
    #expect(answers.file(named: file.name) == .files(answered))
  }

  @Test("Reflection lists services and gives each symbol's file with its imports")
  func reflection() async throws {
    try await with { channel in
      let call = try await GrpcReflectionV1.ServerReflectionClient(channel).serverReflectionInfo()
      var answers = call.responses.makeAsyncIterator()
      try await call.send(GrpcReflectionV1.ServerReflectionRequest(messageRequest: .listServices("")))
      guard case .listServicesResponse(let list)? = try await answers.next()?.messageResponse else {
        Issue.record("no list")
        return
      }
      #expect(list.service.map(\.name).contains(name))
      try await call.send(GrpcReflectionV1.ServerReflectionRequest(messageRequest: .fileContainingSymbol(name)))
      guard case .fileDescriptorResponse(let files)? = try await answers.next()?.messageResponse else {
        Issue.record("no file")
        return
      }
      #expect(files.fileDescriptorProto.count > 3)
      try await call.send(GrpcReflectionV1.ServerReflectionRequest(messageRequest: .fileByFilename("none.proto")))
      guard case .errorResponse(let error)? = try await answers.next()?.messageResponse else {
        Issue.record("no error")
        return
      }
      #expect(error.errorCode == 5)
      call.finishSending()
      #expect(try await answers.next() == nil)
    }
  }
}
