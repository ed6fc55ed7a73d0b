/// Short made-up reviews in two languages, enough to train a small tokenizer on.
public enum Sentences {
  /// 160 sentences, no two alike.
  public static let all: [String] = {
    let subjects = ["The kettle", "My new lamp", "This backpack", "The driver", "Breakfast"]
    let verbs = ["was", "seems", "arrived", "turned out", "stayed"]
    let endings = ["wonderful", "a bit late", "cheaper than 20 others", "cracked twice"]
    let things = ["水壶", "台灯", "早餐", "司机", "背包"]
    let degrees = ["真的", "有点", "实在"]
    let judgements = ["很好用", "太贵了", "比想象的慢", "值得再买"]
    let english = subjects.flatMap { subject in
      verbs.flatMap { verb in endings.map { "\(subject) \(verb) \($0)." } }
    }
    let chinese = things.flatMap { thing in
      degrees.flatMap { degree in judgements.map { "\(thing)\(degree)\($0)。" } }
    }
    return english + chinese
  }()
}
