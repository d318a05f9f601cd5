extension Journey {
  /// Reads the journey from a folder with its seven files. `coupons.csv.gz`, which says what each coupon may be used on,
  /// is not needed.
  package init(directory: String) throws(DataFileError) {
    baskets = try Self.baskets(try Self.table("transactions", in: directory))
    products = try Self.products(try Self.table("products", in: directory))
    demographics = try Self.demographics(try Self.table("demographics", in: directory))
    campaigns = try Self.campaigns(try Self.table("campaign_descriptions", in: directory))
    campaignsSent = try Self.campaignsSent(try Self.table("campaigns", in: directory))
    redemptions = try Self.redemptions(try Self.table("coupon_redemptions", in: directory))
    firstStores = Dictionary(baskets.map { ($0.household, $0.store) }, uniquingKeysWith: { first, _ in first })
  }

  private static func table(_ name: String, in directory: String) throws(DataFileError) -> CSVTable {
    let path = "\(directory)/\(name).csv.gz"
    return try CSVTable(try GzipFile.read(path), path: path)
  }

  private static func baskets(_ table: CSVTable) throws(DataFileError) -> [Basket] {
    let household = try table.column("household_id")
    let store = try table.column("store_id")
    let number = try table.column("basket_id")
    let product = try table.column("product_id")
    let quantity = try table.column("quantity")
    let paid = try table.column("sales_value")
    let occurredAt = try table.column("transaction_timestamp")

    var baskets: [Int: Basket] = [:]
    for row in 0..<table.rowCount {
      let line = Line(
        product: try table.integer(row, product),
        quantity: try table.integer(row, quantity),
        paidCents: try table.hundredths(row, paid)
      )
      let basket = Basket(
        number: try table.integer(row, number),
        household: try table.integer(row, household),
        store: try table.integer(row, store),
        occurredAt: try table.instant(row, occurredAt),
        lines: [line]
      )
      guard let known = baskets[basket.number] else {
        baskets[basket.number] = basket
        continue
      }
      guard (known.household, known.store, known.occurredAt) == (basket.household, basket.store, basket.occurredAt)
      else { throw DataFileError(path: table.path, line: row + 2, problem: "the basket has two households or times") }
      baskets[basket.number]!.lines.append(line)
    }
    return baskets.values.sorted { ($0.occurredAt, $0.number) < ($1.occurredAt, $1.number) }
  }

  private static func products(_ table: CSVTable) throws(DataFileError) -> [Int: Product] {
    let number = try table.column("product_id")
    let category = try table.column("product_category")
    let type = try table.column("product_type")
    var products: [Int: Product] = [:]
    for row in 0..<table.rowCount {
      let product = Product(category: table.text(row, category), type: table.text(row, type))
      products[try table.integer(row, number)] = product
    }
    return products
  }

  private static func demographics(_ table: CSVTable) throws(DataFileError) -> [Int: [String: String]] {
    let names = [
      "age", "income", "home_ownership", "marital_status", "household_size", "household_comp", "kids_count",
    ]
    let household = try table.column("household_id")
    var columns: [(name: String, column: Int)] = []
    for name in names { columns.append((name, try table.column(name))) }
    var demographics: [Int: [String: String]] = [:]
    for row in 0..<table.rowCount {
      let known = columns.filter { !table.text(row, $0.column).isEmpty }
      demographics[try table.integer(row, household)] = Dictionary(
        uniqueKeysWithValues: known.map { ($0.name, table.text(row, $0.column)) }
      )
    }
    return demographics
  }

  private static func campaigns(_ table: CSVTable) throws(DataFileError) -> [Int: Campaign] {
    let number = try table.column("campaign_id")
    let type = try table.column("campaign_type")
    let firstDay = try table.column("start_date")
    let lastDay = try table.column("end_date")
    var campaigns: [Int: Campaign] = [:]
    for row in 0..<table.rowCount {
      let campaign = Campaign(
        number: try table.integer(row, number),
        type: table.text(row, type),
        firstDay: try table.day(row, firstDay),
        lastDay: try table.day(row, lastDay)
      )
      campaigns[campaign.number] = campaign
    }
    return campaigns
  }

  private static func campaignsSent(_ table: CSVTable) throws(DataFileError) -> [Int: [Int]] {
    let campaign = try table.column("campaign_id")
    let household = try table.column("household_id")
    var sent: [Int: [Int]] = [:]
    for row in 0..<table.rowCount {
      sent[try table.integer(row, household), default: []].append(try table.integer(row, campaign))
    }
    return sent.mapValues { $0.sorted() }
  }

  private static func redemptions(_ table: CSVTable) throws(DataFileError) -> [Redemption] {
    let household = try table.column("household_id")
    let campaign = try table.column("campaign_id")
    let couponCode = try table.column("coupon_upc")
    let day = try table.column("redemption_date")
    var redemptions: [Redemption] = []
    for row in 0..<table.rowCount {
      let redemption = Redemption(
        household: try table.integer(row, household),
        campaign: try table.integer(row, campaign),
        couponCode: table.text(row, couponCode),
        day: try table.day(row, day)
      )
      redemptions.append(redemption)
    }
    return redemptions
  }
}
