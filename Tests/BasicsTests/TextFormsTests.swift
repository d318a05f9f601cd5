import Basics
import SeededRandomness
import Testing

@Suite("Base64 and hexadecimal digits")
struct TextFormsTests {
  @Test("RFC 4648's examples", arguments: ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foobar": "Zm9vYmFy"])
  func examples(_ content: String, _ text: String) {
    #expect(Base64.encode(content.utf8) == Array(text.utf8))
    #expect(Base64.decode(text.utf8) == Array(content.utf8))
  }

  @Test("what is written in one alphabet is read in it, padded or not, and only there", arguments: SeededRandom.several)
  func alphabets(_ seeded: SeededRandom) {
    var random = seeded
    for count in 0..<40 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &random) } + [0xFB, 0xFF]
      for isPadded in [true, false] {
        let standard = Base64.encode(bytes, isPadded: isPadded)
        let forURLs = Base64.encode(bytes, .forURLs, isPadded: isPadded)
        #expect(Base64.decode(standard) == bytes && Base64.decode(standard, only: .standard) == bytes, "\(seeded)")
        #expect(Base64.decode(forURLs) == bytes && Base64.decode(forURLs, only: .forURLs) == bytes, "\(seeded)")
        let isPlain = standard == forURLs
        #expect((Base64.decode(standard, only: .forURLs) == nil) == !isPlain)
        #expect((Base64.decode(forURLs, only: .standard) == nil) == !isPlain)
      }
      #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }
  }

  @Test("in URLs there is exactly one form", arguments: ["Zg==", "Zh", "Z", "Zm8=", "+/8", "Zm9v\n"])
  func oneForm(_ text: String) {
    #expect(Base64URL.decode(text) == nil)
  }

  @Test("hexadecimal digits are read in either case and written in small letters")
  func hexadecimal() {
    #expect(Hex.text([0x00, 0x9A, 0xFF]) == "009aff")
    #expect(Hex.word("00ABcdef".utf8) == 0xAB_CDEF)
    #expect(Hex.word("0g".utf8) == nil)
    #expect(Hex.word("00abcdef".utf8, isLowercase: true) == 0xAB_CDEF)
    #expect(Hex.word("00Abcdef".utf8, isLowercase: true) == nil)
    for value in 0..<16 as Range<UInt8> {
      #expect(Hex.value(of: Hex.digit(value)) == value && Hex.value(of: Hex.capital(value)) == value)
    }
    for byte in UInt8.min ... .max where Hex.value(of: byte) != nil {
      #expect(Character(Unicode.Scalar(byte)).isHexDigit)
    }
  }
}
