import AppProto
import Basics
import CommonProto
import FeedbackProto
import LoyaltyProto
import MembersProto
import Messages
import PosProto
import RPC
import ServiceKit
import Testing

@testable import GatewayService

@Suite("The member's app", .timeLimit(.minutes(2)))
struct AppTests {
  @Test("the profile shows the member and what was bought")
  func profile() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 700))
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 300))
    var profile = AppV1.Profile()
    while profile.purchaseCount < 2 {
      profile = try await gateway.app.getProfile(AppV1.GetProfileRequest(memberID: member)).profile ?? AppV1.Profile()
      await Task.yield()
    }
    #expect(profile.memberID == member)
    #expect(profile.spent?.minorUnits == 1_000)
    #expect(profile.lastPurchaseAt != nil)
  }

  @Test("the profile shows what is left of what was spent, and of the receipts, after returns")
  func netProfile() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let kept = try await gateway.pos.checkout(gateway.sale(to: member, for: 700))
    let returned = try await gateway.pos.checkout(gateway.sale(to: member, for: 300))
    for (order, amount) in [(kept.orderID, try await gateway.money(201)), (returned.orderID, nil)] {
      _ = try await gateway.suite.loyalty.postReturn(
        LoyaltyV1.PostReturnRequest(
          requestID: gateway.id(),
          key: .orderID(order),
          storeID: "store-2",
          lines: [LoyaltyV1.ReturnLine(line: 0, amount: amount)],
          reason: "wrong size"
        )
      )
    }
    var profile = AppV1.Profile()
    while profile.spent?.minorUnits != 499 {
      profile = try await gateway.app.getProfile(AppV1.GetProfileRequest(memberID: member)).profile ?? AppV1.Profile()
      await Task.yield()
    }
    #expect(profile.purchaseCount == 1)
  }

  @Test("the member changes the profile with its etag; an old etag is refused; only the named fields change")
  func update() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    var profile = try #require(try await gateway.app.getProfile(AppV1.GetProfileRequest(memberID: member)).profile)
    profile.name = "New name"
    profile.attributes = ["ignored": "yes"]
    let request = AppV1.UpdateProfileRequest(
      requestID: gateway.id(),
      profile: profile,
      updateMask: GoogleProtobuf.FieldMask(paths: ["name"])
    )
    let changed = try #require(try await gateway.app.updateProfile(request).profile)
    #expect(changed.name == "New name")
    #expect(changed.attributes == [:])
    #expect(changed.etag != profile.etag)
    #expect(try await gateway.app.updateProfile(request).profile?.etag == changed.etag)

    var late = request
    late.requestID = gateway.id()
    #expect(await refusal { _ = try await gateway.app.updateProfile(late) } == "ETAG_MISMATCH")
    late.updateMask = GoogleProtobuf.FieldMask(paths: ["status"])
    #expect(await refusal { _ = try await gateway.app.updateProfile(late) } == "UNKNOWN_PATH")
  }

  @Test("the balance has the worth of the points")
  func balance() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 25_000))
    let balance = try await gateway.app.getBalance(AppV1.GetBalanceRequest(memberID: member))
    #expect(balance.points == 250)
    #expect(balance.worth?.minorUnits == 200)
    #expect(balance.lifetimePointsEarned == 250)
  }

  @Test("a member without an account has no points; an unknown member is refused")
  func noAccount() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.memberWithoutAccount().memberID
    #expect(try await gateway.points(of: member) == 0)
    #expect(try await gateway.entryCount(of: member) == 0)
    let nobody = gateway.id()
    #expect(await refusal { _ = try await gateway.points(of: nobody) } == "MEMBER_NOT_FOUND")
    #expect(await refusal { _ = try await gateway.entryCount(of: nobody) } == "MEMBER_NOT_FOUND")
  }

  @Test("entries come latest first, page by page")
  func entries() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    for paid in [100, 200, 300] { _ = try await gateway.pos.checkout(gateway.sale(to: member, for: Int64(paid))) }
    let first = try await gateway.app.listEntries(AppV1.ListEntriesRequest(memberID: member, pageSize: 2))
    #expect(first.entries.map(\.points) == [3, 2])
    #expect(first.entries.map(\.balancePoints) == [6, 3])
    #expect(first.entries.allSatisfy { $0.kind == .earned })
    let second = try await gateway.app.listEntries(
      AppV1.ListEntriesRequest(memberID: member, pageSize: 2, pageToken: first.nextPageToken)
    )
    #expect(second.entries.map(\.points) == [1])
    #expect(second.nextPageToken == "")
  }

  @Test("a stored value is shown as money, never as points, and only when it is asked for")
  func storedValue() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 700))
    _ = try await gateway.suite.loyalty.deposit(
      LoyaltyV1.DepositRequest(requestID: gateway.id(), memberID: member, asset: "stored_cny", amount: 99_900)
    )
    let points = try await gateway.app.listEntries(AppV1.ListEntriesRequest(memberID: member))
    #expect(points.entries.map(\.points) == [7])
    #expect(points.entries.map(\.asset) == ["points"])
    let money = try await gateway.app.listEntries(AppV1.ListEntriesRequest(memberID: member, asset: "stored_cny"))
    #expect(money.entries.map(\.kind) == [.deposited])
    #expect(money.entries.map(\.points) == [0])
    #expect(money.entries.map(\.money) == [CommonV1.Money(currencyCode: "CNY", minorUnits: 99_900)])
    #expect(money.entries.map(\.balanceMoney) == [CommonV1.Money(currencyCode: "CNY", minorUnits: 99_900)])
    let balance = try await gateway.app.getBalance(AppV1.GetBalanceRequest(memberID: member, asset: "stored_cny"))
    #expect(balance.points == 0)
    #expect(balance.money == CommonV1.Money(currencyCode: "CNY", minorUnits: 99_900))
    #expect(balance.worth == balance.money)
    #expect(balance.asset == "stored_cny")
    let growth = try await gateway.app.getBalance(AppV1.GetBalanceRequest(memberID: member, asset: "growth"))
    #expect(growth.worth == nil)
    for call in ["balance", "entries"] {
      let reason = await refusal {
        if call == "balance" {
          _ = try await gateway.app.getBalance(AppV1.GetBalanceRequest(memberID: member, asset: "gold"))
        } else {
          _ = try await gateway.app.listEntries(AppV1.ListEntriesRequest(memberID: member, asset: "gold"))
        }
      }
      #expect(reason == "ASSET_NOT_FOUND")
    }
  }

  @Test("the balance lists expiries and pending points")
  func expiring() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    for (day, amount) in [("2097-12-31", 100), ("2096-12-31", 40), ("", 7)] as [(String, Int64)] {
      _ = try await gateway.suite.loyalty.credit(
        LoyaltyV1.CreditRequest(requestID: gateway.id(), memberID: member, amount: amount, expiresOn: day)
      )
    }
    let available = GoogleProtobuf.Timestamp(unixMicroseconds: WallClock.system.unixMicroseconds + 86_400_000_000)
    _ = try await gateway.suite.loyalty.credit(
      LoyaltyV1.CreditRequest(
        requestID: gateway.id(),
        memberID: member,
        amount: 11,
        expiresOn: "2098-01-31",
        pendingUntil: .availableAt(available)
      )
    )
    let balance = try await gateway.app.getBalance(AppV1.GetBalanceRequest(memberID: member))
    #expect(balance.points == 147)
    #expect(balance.lots.map(\.expiresOn) == ["2096-12-31", "2097-12-31", ""])
    #expect(balance.lots.map(\.points) == [40, 100, 7])
    #expect(balance.pending.map(\.points) == [11])
    #expect(balance.pending.map(\.expiresOn) == ["2098-01-31"])
    #expect(balance.pending.map(\.availableAt) == [available])
    let kinds = try await gateway.app.listEntries(AppV1.ListEntriesRequest(memberID: member)).entries.map(\.kind)
    #expect(kinds == [.pending, .earned, .earned, .earned])
  }

  @Test("a page token of another list is refused by name")
  func wrongToken() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let request = AppV1.ListEntriesRequest(memberID: member, pageToken: "nonsense")
    #expect(await refusal { _ = try await gateway.app.listEntries(request) } == "PAGE_TOKEN_INVALID")
  }

  @Test("coupons are shown with their conditions and status")
  func coupons() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let used = try await gateway.coupon(of: member)
    let usable = try await gateway.coupon(of: member)
    _ = try await gateway.pos.checkout(gateway.sale(to: member, coupons: [used]))
    while try await !gateway.isUsed(used, of: member) { await Task.yield() }
    let all = try await gateway.app.listCoupons(AppV1.ListCouponsRequest(memberID: member))
    #expect(all.coupons.map(\.couponID) == [usable, used])
    #expect(all.coupons.map(\.status) == [.usable, .used])
    let some = try await gateway.app.listCoupons(AppV1.ListCouponsRequest(memberID: member, status: .usable))
    #expect(some.coupons.map(\.couponID) == [usable])
  }

  @Test("feedback of a member is taken in once")
  func feedback() async throws {
    let gateway = try await TestGateway()
    let request = AppV1.SubmitFeedbackRequest(
      requestID: gateway.id(),
      memberID: try await gateway.registeredMember(),
      storeID: "store-1",
      category: .hygiene,
      text: "The freezer leaks."
    )
    gateway.feedback.loseNext("SubmitFeedback", .answer)
    #expect(await refusal { _ = try await gateway.app.submitFeedback(request) } == "UPSTREAM_UNAVAILABLE")
    let answer = try await gateway.app.submitFeedback(request)
    #expect(try await gateway.app.submitFeedback(request) == answer)
    let stored = try await gateway.suite.feedback.getFeedback(
      FeedbackV1.GetFeedbackRequest(feedbackID: answer.feedbackID)
    ).feedback
    #expect(stored?.category == .hygiene)
    #expect(stored?.memberID == request.memberID)
  }

  @Test("feedback without member, text or subject is refused")
  func wrongFeedback() async throws {
    let gateway = try await TestGateway()
    var request = AppV1.SubmitFeedbackRequest(
      requestID: gateway.id(),
      memberID: gateway.id(),
      category: .other,
      text: "?"
    )
    let unknown = await refusal { [request] in _ = try await gateway.app.submitFeedback(request) }
    #expect(unknown == "MEMBER_NOT_FOUND")
    request.text = ""
    request.category = .unspecified
    let empty = await refusal { [request] in _ = try await gateway.app.submitFeedback(request) }
    #expect(empty == "REQUIRED")
  }

  @Test("an unreachable service is named, and nothing else about it")
  func away() async throws {
    let gateway = try await TestGateway()
    gateway.loyalty.loseNext("GetBalance", .request)
    do {
      _ = try await gateway.points(of: gateway.id())
      Issue.record("it was answered")
    } catch let error as RPCError {
      #expect(error.code == .unavailable)
      #expect(error.info?.metadata == ["service": "loyalty"])
      #expect(!error.message.contains("lost"))
    }
  }
}
