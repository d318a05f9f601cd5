import CommonProto
import Foundation
import Messages
import TestAPI
import Testing

@Suite("Well-known types")
struct WellKnownTests {
  @Test("come back as they were sent")
  func roundTrip() throws {
    let message = TestingV1.WellKnown(
      at: GoogleProtobuf.Timestamp(seconds: -1, nanos: 999_999_999),
      span: GoogleProtobuf.Duration(seconds: -3, nanos: -500_000_000),
      mask: GoogleProtobuf.FieldMask(paths: ["name", "address.city"]),
      any: GoogleProtobuf.AnyMessage(typeUrl: "type.googleapis.com/x", value: [1]),
      empty: GoogleProtobuf.Empty(),
      text: GoogleProtobuf.StringValue(value: ""),
      times: [GoogleProtobuf.Timestamp()]
    )
    #expect(try TestingV1.WellKnown(serializedBytes: message.serializedBytes()) == message)
  }

  @Test("a timestamp counts microseconds, rounded down, on both sides of 1970")
  func microseconds() {
    for value: Int64 in [0, 1, -1, 999_999, -1_000_001, 1_700_000_000_123_456] {
      #expect(GoogleProtobuf.Timestamp(unixMicroseconds: value).unixMicroseconds == value)
    }
    #expect(GoogleProtobuf.Timestamp(unixMicroseconds: -1) == GoogleProtobuf.Timestamp(seconds: -1, nanos: 999_999_000))
    #expect(GoogleProtobuf.Timestamp(seconds: -1, nanos: 999_999_999).unixMicroseconds == -1)
  }

  @Test("a timestamp out of range becomes the nearest in range")
  func saturation() {
    #expect(GoogleProtobuf.Timestamp(seconds: .max, nanos: .max).unixMicroseconds == .max)
    #expect(GoogleProtobuf.Timestamp(seconds: .min, nanos: .min).unixMicroseconds == .min)
    #expect(GoogleProtobuf.Timestamp(unixMicroseconds: .min).unixMicroseconds == .min)
    #expect(GoogleProtobuf.Timestamp(date: .distantFuture).isValid)
    #expect(GoogleProtobuf.Timestamp(date: Date(timeIntervalSince1970: .infinity)).isValid)
    #expect(GoogleProtobuf.Timestamp(date: Date(timeIntervalSince1970: -.infinity)).isValid)
    #expect(GoogleProtobuf.Timestamp(date: Date(timeIntervalSince1970: .nan)).isValid)
  }

  @Test("a timestamp is a date")
  func date() {
    let date = Date(timeIntervalSince1970: 1_700_000_000.125)
    #expect(GoogleProtobuf.Timestamp(date: date).date == date)
    #expect(GoogleProtobuf.Timestamp(date: date).nanos == 125_000_000)
  }

  @Test(
    "A time is cut, never rounded up: a nanosecond before a moment is before it, also at the end of the year 9999",
    arguments: [-62_135_596_800, -1, 0, 1, 1_767_225_600, 4_102_444_800, 253_402_300_799] as [Int64]
  )
  func cut(second: Int64) throws {
    let last = GoogleProtobuf.Timestamp(seconds: second, nanos: 999_999_999)
    let again = GoogleProtobuf.Timestamp(date: last.date)
    #expect(again.seconds == second && again.nanos <= 999_999_000)
    #expect(last.date < GoogleProtobuf.Timestamp(seconds: second + 1).date)
    #expect(try GoogleProtobuf.Timestamp(json: again.json()) == again)
  }

  @Test("Whole microseconds of this century come back as they were")
  func exact() {
    for index in 0..<10_000 as Range<Int64> {
      let micros = 1_767_225_600_000_000 + index * 104_729_123_457
      #expect(
        GoogleProtobuf.Timestamp(date: GoogleProtobuf.Timestamp(unixMicroseconds: micros).date).unixMicroseconds
          == micros
      )
    }
  }

  @Test("extremes of timestamps and durations convert without a trap")
  func extremes() {
    for seconds in [Int64.min, .min + 1, 0, .max - 1, .max] {
      for nanos in [Int32.min, -1, 0, .max] {
        _ = GoogleProtobuf.Timestamp(seconds: seconds, nanos: nanos).date
        let duration = GoogleProtobuf.Duration(seconds: seconds, nanos: nanos).duration
        #expect(abs(duration.components.seconds) <= 315_576_000_000)
        _ = GoogleProtobuf.Duration(duration)
      }
    }
  }

  @Test("a timestamp knows whether it is in range")
  func validity() {
    #expect(GoogleProtobuf.Timestamp().isValid)
    #expect(!GoogleProtobuf.Timestamp(nanos: -1).isValid)
    #expect(!GoogleProtobuf.Timestamp(nanos: 1_000_000_000).isValid)
    #expect(!GoogleProtobuf.Timestamp(seconds: 253_402_300_800).isValid)
  }

  @Test("a duration is a Swift duration")
  func duration() {
    for value: Duration in [.zero, .milliseconds(1500), .milliseconds(-1500), .nanoseconds(1), .seconds(-7)] {
      #expect(GoogleProtobuf.Duration(value).duration == value)
      #expect(GoogleProtobuf.Duration(value).isValid)
    }
    #expect(GoogleProtobuf.Duration(.milliseconds(-1500)) == GoogleProtobuf.Duration(seconds: -1, nanos: -500_000_000))
    #expect(!GoogleProtobuf.Duration(seconds: 1, nanos: -1).isValid)
  }
}
