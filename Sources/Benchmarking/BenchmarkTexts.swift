/// Reviews for the benchmarks of text, where none are given: short and long, English and Chinese.
public enum BenchmarkTexts {
  /// 1,152 texts of one to six sentences.
  public static let all: [String] = {
    let english = [
      "The kettle boils fast, but its handle gets too hot to hold.",
      "I ordered two lamps and only one of them arrived in working order.",
      "Breakfast was generous and the staff remembered our names.",
      "After the last update the app closes whenever I open my basket!",
      "Would it be possible to add a darker theme for the evening?",
      "The delivery came on Tuesday, three days later than promised.",
      "Honestly, for 29.99 this backpack is better than the one I paid twice as much for.",
      "They refused my return and nobody at the counter could tell me why.",
    ]
    let chinese = [
      "水壶烧得很快，就是把手太烫了。", "买了两盏台灯，只有一盏能用。", "早餐很丰富，服务员也很热情。",
      "更新以后一打开购物车就闪退！", "能不能加一个夜间模式？", "快递比说好的晚了三天才到。",
      "说实话，这个价格买到这样的背包很值。", "不给退货，客服也说不清楚原因。",
    ]
    return (0..<1_152).map { index in
      let sentences = index % 3 == 2 ? chinese : english
      return (0...index % 6).map { sentences[(index / 7 + $0 * 3) % sentences.count] }
        .joined(separator: index % 3 == 2 ? "" : " ")
    }
  }()
}
