import MembersProto
import Messages
import RPC
import ServiceKit
import Synchronization
import Testing

@Suite("Reasons are declared")
struct DeclaredReasonCheckTests {
  /// A service of which only the description counts.
  private struct Described: RegistrableService {
    static var serviceDescriptor: ServiceDescriptor { MembersV1.MembersServiceMethods.service }
    static var fileDescriptors: FileDescriptors { .membersProto }
    var methods: [ServerMethod] { [] }
  }

  /// Returns what the check reports of a call of GetMember that failed.
  private func reported(_ error: RPCError?, _ reasons: Set<String> = []) -> [String] {
    let found = Mutex<[String]>([])
    let check = DeclaredReasonCheck(ServiceParts(services: [Described()], reasons: reasons)) { method, reason in
      found.withLock { $0.append("\(method) \(reason)") }
    }
    check.ended(ServerContext(method: MembersV1.MembersServiceMethods.getMember), error)
    return found.withLock { $0 }
  }

  private func error(_ reason: String, domain: String = "members.patron") -> RPCError {
    let info = ErrorInfo(reason: reason, domain: domain, metadata: [:])
    return RPCError(code: .failedPrecondition, message: "", details: [.errorInfo(info)])
  }

  @Test("a reason that the method does not declare is reported")
  func undeclared() {
    let name = "patron.members.v1.MembersService/GetMember"
    #expect(reported(error("PHONE_TAKEN")) == ["\(name) PHONE_TAKEN"])
    #expect(reported(error("MEMBERS_UNAVAILABLE")) == ["\(name) MEMBERS_UNAVAILABLE"])
  }

  @Test("its own reasons, those of every method, and those of the runtime are not")
  func declared() {
    #expect(reported(nil) == [])
    #expect(reported(RPCError(code: .cancelled, message: "")) == [])
    #expect(reported(error("MEMBER_NOT_FOUND")) == [])
    #expect(reported(error("UPSTREAM_FAILED"), ["UPSTREAM_FAILED"]) == [])
    #expect(reported(error("HANDLER_FAILED", domain: RuntimeReason.domain)) == [])
    for reason in DeclaredReasonCheck.ofEveryMethod { #expect(reported(error(reason)) == []) }
  }
}
