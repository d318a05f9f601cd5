import Testing

@testable import MembersService

@Suite("A phone number")
struct PhoneNumberTests {
  @Test(
    "is brought to E.164, whichever way people write it",
    arguments: [
      ("13800138000", "+8613800138000"),
      ("138 0013 8000", "+8613800138000"),
      ("138-0013-8000", "+8613800138000"),
      ("138\u{A0}0013\u{3000}8000", "+8613800138000"),
      ("+86 138 0013 8000", "+8613800138000"),
      ("+86 10 6552 9988", "+861065529988"),
      ("+86 755 8888 8888", "+8675588888888"),
      ("+1 415-555-2671", "+14155552671"),
      ("+44 20 7946 0958", "+442079460958"),
      ("+290 2222", "+2902222"),
      ("+123456789012345", "+123456789012345"),
      ("１３８００１３８０００", "+8613800138000"),
      ("＋８６（１３８）００１３－８０００", "+8613800138000"),
      ("8613800138000", "+8613800138000"),
      ("86 138 0013 8000", "+8613800138000"),
      ("0086.138.0013.8000", "+8613800138000"),
      ("+86 (138) 0013-8000", "+8613800138000"),
      ("+86013800138000", "+8613800138000"),
      ("+86 010 6552 9988", "+861065529988"),
      ("(+86) 138\u{2013}0013\u{202F}8000", "+8613800138000"),
      ("+44 (0)20 7946 0958", "+442079460958"),
      ("+44020 7946 0958", "+442079460958"),
      ("0044 20 7946 0958", "+442079460958"),
      ("+49 0151 23456789", "+4915123456789"),
      ("+353 087 123 4567", "+353871234567"),
      ("+39 06 698 12345", "+390669812345"),
      ("+225 07 01 02 03 04", "+2250701020304"),
    ]
  )
  func isBroughtToE164(text: String, e164: String) throws {
    #expect(try PhoneNumber(parsing: text).e164 == e164)
  }

  @Test(
    "is refused when it cannot be one",
    arguments: [
      "", " ", "-", "+", "1380013800", "138001380000", "12800138000", "08613800138000", "a3800138000",
      "+8613800138", "+861380013800", "+8612800138000", "+08613800138000", "+123456",
      "+1234567890123456", "+86 138 0013 800x", "++8613800138000", "13800138000+", "138\u{200B}00138000", "0086", "+44",
      "+0044 20 7946 0958",
      String(repeating: "1", count: 1_000),
    ]
  )
  func isRefused(text: String) {
    #expect { try PhoneNumber(parsing: text) } throws: { error in
      (error as? InvalidValue)?.reason == .phoneInvalid
    }
  }

  @Test("is never repeated in the refusal")
  func isNeverRepeated() {
    #expect { try PhoneNumber(parsing: "+8613912345") } throws: { error in
      (error as? InvalidValue)?.sentence.contains("139123") == false
    }
  }

  @Test("that was brought to E.164 once stays as it is")
  func isStable() throws {
    for text in ["13800138000", "+86 10 6552 9988", "+14155552671"] {
      let once = try PhoneNumber(parsing: text)
      #expect(try PhoneNumber(parsing: once.e164) == once)
    }
  }
}
