import Reviews

/// Which of `LabelSchema.aspectGroups` an aspect is about, by the words of its name.
enum AspectGroup {
  /// The group; nil for a name that tells none.
  static func group(of name: String) -> String? {
    // In English the last word says what it is: "price of the screen" is rare, "screen price" not.
    for word in name.split(separator: " ").reversed() {
      if let group = byWord[String(word)] { return group }
    }
    guard name.unicodeScalars.contains(where: \.properties.isIdeographic) else { return nil }
    return chinese.first { _, words in words.contains(where: name.contains) }?.group
  }

  private static let byWord: [String: String] = Dictionary(
    english.flatMap { group, words in
      words.split(whereSeparator: \.isWhitespace).map { (String($0), group) }
    }, uniquingKeysWith: { first, _ in first })

  private static let english: [(group: String, words: String)] = [
    ("price_value", "price pricing cost value money deal bargain fee charge discount worth bill"),
    (
      "delivery_packaging",
      "delivery shipping shipment package packaging packing parcel courier postage box wrapping"
    ),
    (
      "service_support",
      """
      service support staff waiter waitress server waitstaff manager seller reception receptionist
      warranty refund return employee host hostess bartender helpdesk
      """
    ),
    (
      "ambience_location",
      """
      ambience ambiance atmosphere location decor music view place neighborhood lighting parking
      seating patio interior vibe setting noise beach
      """
    ),
    (
      "usability",
      """
      setup installation interface use usability navigation instruction manual control menu
      configuration login update installing operation comfort
      """
    ),
    ("authenticity", "authenticity fake counterfeit original genuineness"),
    (
      "performance_quality",
      """
      quality performance speed battery life durability sound picture processor reliability
      connection signal taste flavor food freshness smell power build material fabric image
      resolution charging fit camera bass audio video
      """
    ),
    (
      "design_features",
      """
      design look color size style appearance weight feature screen keyboard display touchpad button
      case shape port option variety memory storage speaker webcam app selection portion
      """
    ),
    ("general", "product item phone laptop computer restaurant hotel movie film book thing game"),
  ]

  private static let chinese: [(group: String, words: [String])] = [
    ("authenticity", ["正品", "真伪", "假货", "真假", "行货"]),
    ("price_value", ["价格", "性价比", "价", "优惠", "便宜", "费用", "收费", "赠品"]),
    ("delivery_packaging", ["物流", "快递", "包装", "发货", "配送", "送货", "送餐"]),
    ("service_support", ["服务", "客服", "态度", "售后", "前台", "店员", "卖家", "商家", "老板"]),
    ("ambience_location", ["环境", "位置", "交通", "气氛", "装修", "地段", "停车", "隔音", "风景"]),
    ("usability", ["操作", "使用", "安装", "设置", "界面", "上手", "方便"]),
    (
      "performance_quality",
      [
        "质量", "性能", "速度", "电池", "续航", "效果", "味道", "音质", "信号", "做工", "材质",
        "拍照", "画质", "成分", "功效", "气味", "新鲜", "散热", "系统", "充电",
      ]
    ),
    (
      "design_features",
      ["外观", "设计", "颜色", "尺寸", "大小", "屏幕", "款式", "功能", "房间", "键盘", "分量", "品种"]
    ),
    ("general", ["整体", "东西", "产品", "手机", "电脑", "酒店", "餐厅", "电影", "书"]),
  ]
}
