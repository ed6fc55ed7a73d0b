import Tensors

/// Reviews for the benchmarks of text, where none are given: short and long, English and Chinese.
public enum BenchmarkTexts {
  /// 1,152 texts of one to six sentences, every third Chinese; hardly a sentence comes twice, as a
  /// processor is faster with what it has just read.
  public static let all: [String] = {
    var random = SeededRandom(seed: 1)
    return (0..<1_152).map { index in
      let isChinese = index % 3 == 2
      return (0...index % 6).map { _ in sentence(isChinese ? chinese : english, &random) }
        .joined(separator: isChinese ? "" : " ")
    }
  }()

  private struct Language {
    /// Sentences in which `@` stands for a thing and `#` for a number.
    let sentences: [String]
    let things: [String]
  }

  private static func sentence(_ language: Language, _ random: inout SeededRandom) -> String {
    language.sentences[random.nextInt(below: language.sentences.count)].reduce(into: "") {
      switch $1 {
      case "@": $0 += language.things[random.nextInt(below: language.things.count)]
      case "#": $0 += String(2 + random.nextInt(below: 98))
      default: $0.append($1)
      }
    }
  }

  private static let english = Language(
    sentences: [
      "The @ works fast, but its @ gets too hot to hold.",
      "I ordered # of them and only the @ arrived in working order.",
      "The @ was generous and the @ remembered our names after # months.",
      "After the last update the @ closes whenever I open my @!",
      "Would it be possible to add a darker @ to the @?",
      "The @ came on Tuesday, # days later than promised.",
      "Honestly, for #.99 this @ is better than the @ I paid twice as much for.",
      "They refused my @ and nobody at the @ could tell me why.",
    ],
    things: [
      "kettle", "handle", "lamp", "breakfast", "staff", "basket", "theme", "delivery", "backpack",
      "return", "counter", "battery", "charger", "screen", "keyboard", "zip", "mattress", "shower",
      "waiter", "soup", "novel", "soundtrack", "ending", "helmet", "saddle", "router", "signal",
      "refund", "voucher", "calendar", "camera", "lens", "speaker", "carpet", "window", "curtain",
      "pharmacist", "ointment", "blender", "lid", "sleeve", "collar", "guide", "garden", "parcel",
      "courier", "password", "invoice",
    ])
  private static let chinese = Language(
    sentences: [
      "@用起来很快，就是@太烫了。", "买了#个@，只有@能用。", "@很丰富，@也很热情。", "更新以后一打开@就闪退！",
      "能不能给@加一个夜间模式？", "@比说好的晚了#天才到。", "说实话，#块钱买到这样的@很值。",
      "@不给退货，@也说不清楚原因。",
    ],
    things: [
      "水壶", "把手", "台灯", "早餐", "服务员", "购物车", "快递", "背包", "客服", "电池", "充电器", "屏幕",
      "键盘", "拉链", "床垫", "浴室", "房间", "火锅", "小说", "配乐", "结局", "头盔", "路由器", "信号",
      "优惠券", "相机", "镜头", "音箱", "地毯", "窗帘", "药膏", "榨汁机", "盖子", "袖子", "领口", "导游",
      "花园", "包裹", "密码", "发票",
    ])
}
