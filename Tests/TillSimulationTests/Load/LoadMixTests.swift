import Testing

@testable import TillSimulation

@Suite("The mix of kinds")
struct LoadMixTests {
  @Test("weights are shares, whatever they add up to")
  func shares() throws {
    let mix = try LoadMix("earn=3,redeem=1", service: .loyalty)
    #expect(mix.share(of: "earn") == 0.75)
    #expect(mix.share(of: "redeem") == 0.25)
    #expect(mix.share(of: "refund") == 0)
  }

  @Test("a number falls on a kind in proportion to its weight")
  func kinds() throws {
    let mix = try LoadMix("earn=70,redeem=20,refund=10", service: .loyalty)
    let kinds = (0..<1_000).map { mix.kind(at: Double($0) / 1_000) }
    #expect(kinds.count { $0 == "earn" } == 700)
    #expect(kinds.count { $0 == "redeem" } == 200)
    #expect(kinds.count { $0 == "refund" } == 100)
  }

  @Test("the usual mixes have 3% duplicates and 1% late sales, and add up to 100", arguments: LoadService.allCases)
  func standard(service: LoadService) {
    let mix = LoadMix.standard(service)
    #expect(mix.share(of: "duplicate") == 0.03)
    #expect(mix.share(of: "late") == 0.01)
    #expect(mix.parts.reduce(0) { $0 + $1.weight } == 100)
  }

  @Test("the points service alone has no coupons")
  func coupons() {
    #expect(LoadMix.standard(.loyalty).share(of: "coupon") == 0)
    #expect(LoadMix.standard(.gateway).share(of: "coupon") > 0)
    #expect(throws: LoadError.self) { try LoadMix("earn=1,coupon=1", service: .loyalty) }
  }

  @Test("only the points service moves stored values")
  func storedValues() {
    #expect(LoadMix.standard(.loyalty).share(of: "stored_value") == 0.05)
    #expect(LoadMix.standard(.gateway).share(of: "stored_value") == 0)
    #expect(throws: LoadError.self) { try LoadMix("earn=1,stored_value=1", service: .gateway) }
  }

  @Test("what is written on the command line comes back")
  func text() throws {
    #expect(try LoadMix("redeem=0.5,earn=2", service: .loyalty).text == "earn=2,redeem=0.5")
    for service in LoadService.allCases {
      #expect(try LoadMix(LoadMix.standard(service).text, service: service) == LoadMix.standard(service))
    }
  }

  @Test(
    "a mix that can't be played is refused with advice on what to change",
    arguments: ["", "earn", "earn=x", "earn=-1", "earn=nan", "earn=1,earn=2", "fly=1", "refund=1", "earn=0"]
  )
  func refused(text: String) {
    let error = #expect(throws: LoadError.self) { try LoadMix(text, service: .loyalty) }
    #expect(error?.description.hasPrefix("--mix") == true)
  }
}
