import RPC
import Testing

@testable import ServiceKit

@Suite("Caller identity")
struct CallerIdentityTests {
  @Test("A chain of names is read and grows by the service that calls on")
  func chain() throws {
    let caller = try #require(CallerIdentity(metadataValue: "till-7,gateway"))
    #expect(caller.origin == "till-7" && caller.service == "gateway")
    #expect(CallerIdentity(service: "loyalty", after: caller).metadataValue == "till-7,gateway,loyalty")
  }

  @Test(
    "What is no list of short plain names is not believed",
    arguments: ["", "a,,b", "a b", "é", "a,b,c,d,e,f,g,h,i"]
  )
  func malformed(_ value: String) {
    #expect(CallerIdentity(metadataValue: value) == nil)
  }

  @Test("The interceptor puts the caller into the context")
  func interceptor() async throws {
    let context = ServerContext(
      method: MethodDescriptor(service: "s", name: "m", kind: .unary),
      requestMetadata: ["patron-caller": "gateway"]
    )
    try await CallerIdentityInterceptor().intercept(context) {}
    #expect(context.caller?.service == "gateway")
  }
}
