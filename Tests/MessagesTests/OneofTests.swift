import CommonProto
import Messages
import TestAPI
import Testing

@Suite("Oneofs")
struct OneofTests {
  private static let choices: [TestingV1.Choice.OneOfValue?] = [
    nil, .number(0), .number(-1), .text(""), .text("会员"), .blob([]), .blob([0, 1]), .flag(false), .flag(true),
    .colour(.unspecified), .colour(.anti), .scalars(TestingV1.Scalars()), .scalars(TestingV1.Scalars(int32Value: 1)),
    .steering(TestingV1.Steering(failWithCode: 5)), .measure(0), .measure(2.5),
  ]

  @Test("come back as they were sent, also at the default of the chosen type", arguments: choices)
  func roundTrip(value: TestingV1.Choice.OneOfValue?) throws {
    let message = TestingV1.Choice(value: value, label: "x", reach: .nowhere(GoogleProtobuf.Empty()))
    #expect(try TestingV1.Choice(serializedBytes: message.serializedBytes()) == message)
  }

  @Test("have the member that came last")
  func lastOneWins() throws {
    let wire = Wire().text(2, "text").varint(1, 7).message(6, Wire().varint(3, 1)).bytes(3, [9]).varint(4, 1)
    #expect(try TestingV1.Choice(serializedBytes: wire.bytes).value == .flag(true))
  }

  @Test("merge a message that is given twice in a row")
  func mergesMessages() throws {
    let wire = Wire().message(6, Wire().varint(3, 1)).message(6, Wire().text(14, "x"))
    let expected = TestingV1.Scalars(int32Value: 1, stringValue: "x")
    #expect(try TestingV1.Choice(serializedBytes: wire.bytes).value == .scalars(expected))
  }

  @Test("forget a message when another member comes in between")
  func overruled() throws {
    let wire = Wire().message(6, Wire().varint(3, 1)).varint(1, 5).message(6, Wire().text(14, "x"))
    let expected = TestingV1.Scalars(stringValue: "x")
    #expect(try TestingV1.Choice(serializedBytes: wire.bytes).value == .scalars(expected))
  }
}
