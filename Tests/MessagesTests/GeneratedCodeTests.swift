import Messages
import TestAPI
import Testing

@Suite("Generated messages")
struct GeneratedCodeTests {
  @Test("with names that are keywords come back as they were sent")
  func keywords() throws {
    let message = TestingV1.Keywords(
      class: 1,
      self_: "s",
      default: true,
      base: 2,
      func: ["f"],
      description: "d",
      with1Digit: "w",
      init: 0,
      switch: .case(5)
    )
    #expect(try TestingV1.Keywords(serializedBytes: message.serializedBytes()) == message)
  }

  @Test("that contain themselves are values: changing a copy leaves the original")
  func recursiveValues() throws {
    let original = TestingV1.Tree(name: "a", child: TestingV1.Tree(name: "b"))
    var copy = original
    copy.child?.name = "c"
    #expect(original.child?.name == "b")
    #expect(copy.child?.name == "c")
    #expect(copy != original)
    #expect(Set([original, copy, original]).count == 2)
  }

  @Test("that contain themselves come back as they were sent")
  func recursiveRoundTrip() throws {
    let tree = TestingV1.Tree(
      name: "root",
      child: TestingV1.Tree(name: "child", child: TestingV1.Tree(end: .branch(TestingV1.Tree(name: "deep")))),
      children: [TestingV1.Tree(end: .leaf(0)), TestingV1.Tree()],
      named: ["x": TestingV1.Tree(name: "y")],
      ring: TestingV1.TreeRing(tree: TestingV1.Tree(name: "ring"))
    )
    #expect(try TestingV1.Tree(serializedBytes: tree.serializedBytes()) == tree)
  }

  @Test("know their full name")
  func fullName() {
    #expect(TestingV1.Outer.Middle.Inner.messageType.fullName == "patron.testing.v1.Outer.Middle.Inner")
  }
}
