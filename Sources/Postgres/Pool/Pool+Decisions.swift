extension Pool {
  /// Returns the next action, nil when there is none before another event or ``nextWake``.
  mutating func nextAction(now: Moment) -> PoolAction<Client>? {
    nextLease(now: now) ?? nextSend(now: now) ?? nextOpen(now: now) ?? nextClose(now: now)
  }

  /// Leases an idle connection to the transaction that waited longest. When there is none and none can be opened,
  /// reserves the least busy one, so that a stream of plain queries cannot starve transactions.
  private mutating func nextLease(now: Moment) -> PoolAction<Client>? {
    if leases.isEmpty, reservedCount == 0 { return nil }
    if leasedCount < limits.maximumLeases, let index = slots.firstIndex(where: { $0.isIdle && !$0.isDraining }),
      let client = leases.popFirst()
    {
      slots[index].phase = .leased
      slots[index].isReserved = false
      slots[index].since = now
      return .lease(client, slots[index].id)
    }
    reserve()
    return nil
  }

  /// Reserves the least busy connections, as many as waiting transactions may have.
  private mutating func reserve() {
    let isFull = slots.count >= limits.maximumConnections
    let wanted = isFull ? min(leases.count, limits.maximumLeases - leasedCount) - connectingCount : 0
    if reservedCount > max(0, wanted) { for index in slots.indices { slots[index].isReserved = false } }
    let missing = wanted - reservedCount
    guard missing > 0 else { return }
    let candidates = slots.indices.filter { slots[$0].isShared && !slots[$0].isReserved && !slots[$0].isDraining }
    for index in candidates.sorted(by: { slots[$0].inFlight < slots[$1].inFlight }).prefix(missing) {
      slots[index].isReserved = true
    }
  }

  /// Sends the query that waited longest on the least busy connection: an idle one, or, when none is idle and none can
  /// be opened, one with capacity whose current statement has not run for long.
  private mutating func nextSend(now: Moment) -> PoolAction<Client>? {
    guard !queries.isEmpty, let index = leastBusy(now: now), let client = queries.popFirst() else { return nil }
    let inFlight = slots[index].inFlight
    if inFlight == 0 { slots[index].since = now }
    slots[index].phase = .shared(inFlight: inFlight + 1)
    return .send(client, slots[index].id)
  }

  private func leastBusy(now: Moment) -> Int? {
    let canGrow = retry.failures == 0 && (slots.count < limits.maximumConnections || connectingCount > 0)
    var best: Int?
    var bestInFlight = limits.queriesInFlight
    for index in slots.indices {
      let slot = slots[index]
      guard case .shared(let inFlight) = slot.phase, inFlight < bestInFlight else { continue }
      guard !slot.isPaused, !slot.isReserved, !slot.isDraining else { continue }
      if inFlight == 0 { return index }
      guard !canGrow, now - slot.since < limits.slowQueryNanoseconds else { continue }
      best = index
      bestInFlight = inFlight
    }
    return best
  }

  /// Opens a connection when calls wait or share one, up to the maximum. After a failure it opens one at a time, after
  /// the pause.
  private mutating func nextOpen(now: Moment) -> PoolAction<Client>? {
    guard slots.count < limits.maximumConnections else { return nil }
    let isWanted =
      connectingCount < demand
      || (!isShuttingDown && slots.count < limits.minimumConnections)
    guard isWanted else { return nil }
    if retry.failures > 0, connectingCount > 0 || retry.forbids(now) { return nil }
    return .open(makeSlot(now: now))
  }

  /// How many more connections would be used at once.
  private var demand: Int {
    var shared = 0
    var inFlight = 0
    for slot in slots where slot.isShared && !slot.isDraining && !slot.isReserved {
      shared += 1
      inFlight += slot.inFlight
    }
    let freeLeases = limits.maximumLeases - leasedCount
    return min(leases.count, max(0, freeLeases)) + max(0, queries.count + inFlight - shared)
  }

  /// Closes a connection that is too old, idle for too long, or idle during a shutdown.
  private mutating func nextClose(now: Moment) -> PoolAction<Client>? {
    for index in slots.indices {
      if slots[index].expires <= now { slots[index].isDraining = true }
      guard slots[index].isIdle else { continue }
      let isTooMany = slots.count > limits.minimumConnections && slots[index].since + limits.idleNanoseconds <= now
      let isUseless = isShuttingDown && waitingCount == 0
      guard isTooMany || isUseless || slots[index].isDraining else { continue }
      return .close(slots.remove(at: index).id)
    }
    if isShuttingDown, waitingCount == 0, let index = slots.firstIndex(where: { $0.phase == .connecting }) {
      return .close(slots.remove(at: index).id)
    }
    return nil
  }

  /// The next moment at which an action becomes due without an event. Nil when there is none.
  var nextWake: Moment? {
    var wake: Moment?
    func consider(_ moment: Moment) {
      wake = min(wake ?? moment, moment)
    }
    if let retryAt = retry.retryAt, connectingCount == 0, slots.count < limits.maximumConnections {
      if demand > 0 || slots.count < limits.minimumConnections { consider(retryAt) }
    }
    for slot in slots where slot.phase != .connecting && !slot.isDraining {
      consider(slot.expires)
      if slot.isIdle, slots.count > limits.minimumConnections { consider(slot.since + limits.idleNanoseconds) }
    }
    return wake
  }

  var leasedCount: Int { slots.count { $0.phase == .leased } }
  var connectingCount: Int { slots.count { $0.phase == .connecting } }
  private var reservedCount: Int { slots.count { $0.isReserved } }
}
