import Basics
import PosProto
import RPC
import ServiceKit

/// The API of tills. Each method validates the request, calls the services behind the gateway, and combines their
/// answers.
struct PosAPI: PosV1.PosService {
  let upstreams: Upstreams
  let clock: WallClock
  let limits: CallLimits
  let requestTimes: RequestTimes

  func registerMember(
    _ request: PosV1.RegisterMemberRequest,
    context: ServerContext
  ) async throws -> PosV1.RegisterMemberResponse {
    try await Registration(upstreams: upstreams, requestTimes: requestTimes).register(request)
  }

  func identifyMember(
    _ request: PosV1.IdentifyMemberRequest,
    context: ServerContext
  ) async throws -> PosV1.IdentifyMemberResponse {
    try await Identification(upstreams: upstreams, clock: clock, limits: limits).identify(request)
  }

  func checkout(_ request: PosV1.CheckoutRequest, context: ServerContext) async throws -> PosV1.CheckoutResponse {
    let sale = try Sale(request, times: requestTimes)
    return try await Checkout(upstreams: upstreams, limits: limits).post(sale)
  }

  func returnLines(
    _ request: PosV1.ReturnLinesRequest,
    context: ServerContext
  ) async throws -> PosV1.ReturnLinesResponse {
    try await LineReturn(upstreams: upstreams, requestTimes: requestTimes).post(request)
  }

  func refundOrder(
    _ request: PosV1.RefundOrderRequest,
    context: ServerContext
  ) async throws -> PosV1.RefundOrderResponse {
    try await Refund(upstreams: upstreams, requestTimes: requestTimes).refund(request)
  }
}
