import Basics
import Foundation
import Postgres
import Testing

@testable import MembersService

@Suite("The members' store")
struct MemberStoreTests {
  private let time = Date(timeIntervalSince1970: 1_733_000_000.123456)

  /// Counts the sessions of this database that wait for another transaction.
  private static let waiters: SQL =
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

  private func member(phone: String? = nil, card: String? = nil, change: (inout Profile) -> Void = { _ in }) -> Member {
    var profile = Profile()
    profile.phone = phone.map(PhoneNumber.init(stored:))
    profile.cardNumber = card
    change(&profile)
    return Member(registering: profile, id: UUID(), storeID: nil, at: time)
  }

  private func insert(_ member: Member, into store: MemberStore) async throws {
    try await store.database.transaction { try await store.insert(member, in: $0) }
  }

  @Test("returns exactly what was stored")
  func givesBackWhatWasPutIn() async throws {
    try await MembersDatabase.with { database in
      let store = MemberStore(database: database)
      var profile = try Profile.complete()
      profile.birthday = try Birthday(year: 0, month: 2, day: 29)
      profile.attributes["口味"] = "不辣\n少盐"
      let full = Member(registering: profile, id: UUID(), storeID: "S1", at: time)
      let bare = member(card: "1")
      try await insert(full, into: store)
      try await insert(bare, into: store)
      #expect(try await store.find(full.id) == full)
      #expect(try await store.find(bare.id) == bare)
      try await database.execute("DELETE FROM identifier WHERE member_id = \(full.id)")
      try await database.execute("DELETE FROM member WHERE member_id = \(full.id)")
      var changed = bare
      let change = Member.Change(fields: Set(ProfileField.allCases), values: full.profile, etag: bare.etag)
      let claims = try changed.apply(change, at: time)
      try await database.transaction { [changed] in try await store.update(changed, claims: claims, in: $0) }
      #expect(try await store.find(bare.id) == changed)
      #expect(changed.profile == full.profile)
      #expect(try await store.find(UUID()) == nil)
      #expect(try await store.exists(bare.id))
      #expect(try await !store.exists(UUID()))
    }
  }

  @Test("finds a member by any of its identifiers and by nothing else")
  func resolves() async throws {
    try await MembersDatabase.with { database in
      let store = MemberStore(database: database)
      let member = member(phone: "+8613800138000", card: "906") {
        $0.wechatOpenid = "openid"
        $0.externalIDs = [ExternalID(source: "erp", value: "7")]
      }
      try await insert(member, into: store)
      for identifier in member.profile.identifiers {
        #expect(try await store.resolve(identifier) == member)
      }
      #expect(try await store.resolve(.cardNumber("7")) == nil)
      #expect(try await store.resolve(.cardNumber("openid")) == nil)
      #expect(try await store.resolve(.externalID(ExternalID(source: "youzan", value: "7"))) == nil)
    }
  }

  @Test("refuses an identifier that belongs to another member, and then changes nothing")
  func refusesTaken() async throws {
    try await MembersDatabase.with { database in
      let store = MemberStore(database: database)
      try await insert(member(phone: "+8613800138000", card: "1"), into: store)
      let second = member(phone: "+8613800138000", card: "2") { $0.wechatOpenid = "openid" }
      await #expect(throws: IdentifiersTaken(identifiers: [.phone(PhoneNumber(stored: "+8613800138000"))])) {
        try await insert(second, into: store)
      }
      #expect(try await store.find(second.id) == nil)
      #expect(try await store.resolve(.cardNumber("2")) == nil)
      #expect(try await store.resolve(.wechatOpenid("openid")) == nil)
    }
  }

  @Test("names all identifiers that are taken")
  func namesAllTaken() async throws {
    try await MembersDatabase.with { database in
      let store = MemberStore(database: database)
      try await insert(member(phone: "+8613800138000", card: "1"), into: store)
      try await insert(member { $0.externalIDs = [ExternalID(source: "erp", value: "1")] }, into: store)
      let third = member(phone: "+8613800138000", card: "1") {
        $0.externalIDs = [ExternalID(source: "erp", value: "1"), ExternalID(source: "youzan", value: "1")]
      }
      let taken = Array(third.profile.identifiers.prefix(3))
      await #expect(throws: IdentifiersTaken(identifiers: taken)) { try await insert(third, into: store) }
    }
  }

  @Test("lets one phone belong to one member when many register it at once")
  func letsOneWin() async throws {
    try await MembersDatabase.with { database in
      let store = MemberStore(database: database)
      // Each has the same two identifiers, half of them in the other order.
      let outcomes = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<24 {
          let member = member(phone: "+8613800138000", card: "906")
          group.addTask {
            do {
              try await self.insert(member, into: store)
              return true
            } catch is IdentifiersTaken {
              return false
            } catch {
              Issue.record(error)
              return false
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.count { $0 } == 1)
      let counts = try await database.query("SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM identifier)")
      let (members, identifiers) = try counts[0].decode(Int64.self, Int64.self)
      #expect(members == 1)
      #expect(identifiers == 2)
    }
  }

  @Test("waits for a registration that is not committed yet, and takes the phone when it is rolled back")
  func waitsForTheOther() async throws {
    struct GivenUp: Error {}
    try await MembersDatabase.with { database in
      let store = MemberStore(database: database)
      let (first, second) = (member(phone: "+8613800138000"), member(phone: "+8613800138000"))
      let waiting = try await database.transaction { transaction in
        try await store.insert(first, in: transaction)
        let waiting = Task { try await insert(second, into: store) }
        // The other transaction has claimed the phone and waits for this one.
        while try await database.query(Self.waiters).isEmpty { await Task.yield() }
        return waiting
      }
      await #expect(throws: IdentifiersTaken.self) { try await waiting.value }

      let (third, fourth) = (member(card: "906"), member(card: "906"))
      var taking: Task<Void, any Error>?
      await #expect(throws: GivenUp.self) {
        try await database.transaction { transaction in
          try await store.insert(third, in: transaction)
          taking = Task { try await insert(fourth, into: store) }
          while try await database.query(Self.waiters).isEmpty { await Task.yield() }
          throw GivenUp()
        }
      }
      try await taking?.value
      #expect(try await store.resolve(.cardNumber("906")) == fourth)
    }
  }

  @Test("moves identifiers with an update: those given up are free, those claimed are taken")
  func updates() async throws {
    try await MembersDatabase.with { database in
      let store = MemberStore(database: database)
      let original = member(phone: "+8613800138000", card: "1")
      try await insert(original, into: store)
      var values = Profile()
      values.phone = PhoneNumber(stored: "+8613900139000")
      values.name = "Li Lei"
      let change = Member.Change(fields: [.phone, .name], values: values, etag: original.etag)
      let changed = try await database.transaction { transaction in
        var locked = try #require(try await store.lock(original.id, in: transaction))
        let claims = try locked.apply(change, at: time.addingTimeInterval(1))
        try await store.update(locked, claims: claims, in: transaction)
        return locked
      }
      #expect(try await store.find(original.id) == changed)
      #expect(try await store.resolve(.phone(PhoneNumber(stored: "+8613900139000"))) == changed)
      #expect(try await store.resolve(.phone(PhoneNumber(stored: "+8613800138000"))) == nil)
      try await insert(member(phone: "+8613800138000"), into: store)
      #expect(try await database.query("SELECT FROM identifier_mismatch").isEmpty)
    }
  }

  @Test("lists newest registration first, page by page, each member once")
  func lists() async throws {
    try await MembersDatabase.with { database in
      let store = MemberStore(database: database)
      var all: [Member] = []
      for number in 0..<25 {
        var profile = Profile()
        profile.cardNumber = "\(number)"
        // Several at the same time, in the order of their IDs.
        let at = time.addingTimeInterval(Double(number / 4))
        let member = Member(registering: profile, id: UUID(), storeID: nil, at: at)
        all.append(member)
        try await insert(member, into: store)
      }
      var seen: [Member] = []
      var position: MemberStore.Position?
      while true {
        let page = try await store.list(MemberFilter(), after: position, limit: 7)
        guard let last = page.last else { break }
        seen += page
        let microseconds = Int64((last.registeredAt.timeIntervalSince1970 * 1_000_000).rounded())
        position = MemberStore.Position(registeredAt: Instant(rawValue: microseconds), id: last.id)
      }
      #expect(seen.count == 25)
      #expect(Set(seen) == Set(all))
      #expect(seen.map(\.registeredAt) == seen.map(\.registeredAt).sorted(by: >))
    }
  }

  @Test("lists only what the filters admit")
  func filters() async throws {
    try await MembersDatabase.with { database in
      let store = MemberStore(database: database)
      func add(_ name: String, store storeID: String?, _ status: MemberStatus, after seconds: Double) async throws {
        let profile = Profile(name: name, cardNumber: name, status: status)
        let at = time.addingTimeInterval(seconds)
        try await insert(Member(registering: profile, id: UUID(), storeID: storeID, at: at), into: store)
      }
      try await add("李雷", store: "S1", .active, after: 0)
      try await add("李小龙", store: "S2", .suspended, after: 10)
      try await add("韩梅梅", store: "S1", .active, after: 20)
      try await add("杏子", store: nil, .active, after: 30)

      func names(_ filter: MemberFilter) async throws -> [String] {
        try await store.list(filter, after: nil, limit: 10).map(\.profile.name)
      }
      #expect(try await names(MemberFilter()) == ["杏子", "韩梅梅", "李小龙", "李雷"])
      #expect(try await names(MemberFilter(names: NameRange(prefix: "李"))) == ["李小龙", "李雷"])
      #expect(try await names(MemberFilter(status: .suspended)) == ["李小龙"])
      #expect(try await names(MemberFilter(registeredStoreID: "S1")) == ["韩梅梅", "李雷"])
      #expect(try await names(MemberFilter(registeredFrom: time.addingTimeInterval(10))).count == 3)
      #expect(try await names(MemberFilter(registeredBefore: time.addingTimeInterval(10))) == ["李雷"])
      #expect(
        try await names(MemberFilter(status: .active, registeredStoreID: "S1", names: NameRange(prefix: "韩"))) == [
          "韩梅梅"
        ]
      )
    }
  }
}
