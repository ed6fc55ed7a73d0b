/// A made-up sentence and the personal data in it.
public struct PersonalCase: Sendable {
  /// English or Chinese.
  public var text: String
  /// `email`, `phone`, `card`, `national_id`, `url` or `ip`; nil where nothing may be found.
  public var kind: String?
  /// The characters that have to go; empty where nothing may be found.
  public var secret: String
}

/// Makes sentences with invented personal data, and sentences with what only looks like it.
public struct PersonalCaseMaker {
  /// The kinds, in the order in which they come.
  public static let kinds = ["email", "phone", "card", "national_id", "url", "ip"]

  private var random: SeededGenerator

  /// The sentences of a seed.
  public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// `count` cases, every kind as often, two in five without anything to find.
  public mutating func cases(_ count: Int) -> [PersonalCase] {
    (0..<count).map { number in
      let kind = Self.kinds[number / 5 % Self.kinds.count]
      return number % 5 < 3 ? positive(kind) : negative(kind)
    }
  }

  /// A sentence with something to find.
  public mutating func positive(_ kind: String) -> PersonalCase {
    switch kind {
    case "email": sentence(kind, random.email())
    case "phone": phone()
    case "card": sentence(kind, random.card(), random.pick(["", "", "", " 12/26", ", CVV 123"]))
    case "national_id": identity()
    case "url": sentence(kind, random.privateURL())
    default: address()
    }
  }

  /// A sentence with nothing to find.
  public mutating func negative(_ kind: String) -> PersonalCase {
    let harmless =
      switch kind {
      case "email": random.harmlessSign()
      case "phone": random.harmlessNumber()
      case "card": random.harmlessLongNumber()
      case "national_id": random.harmlessIdentity()
      case "url": random.harmlessURL()
      default: random.harmlessVersion()
      }
    return PersonalCase(text: sentence("", harmless).text, kind: nil, secret: "")
  }

  /// In a sentence of either language; the secret stands between other words or marks, with
  /// `after` behind it.
  private mutating func sentence(
    _ kind: String, _ secret: String, _ after: String = ""
  ) -> PersonalCase {
    let shown = secret + after
    let text = random.pick([
      "Please reach me: \(shown).", "I gave them \(shown) and heard nothing back!",
      "My details (\(shown)) were on the parcel", "\(shown) is what the porter wrote down",
      "Lamp arrived broken, see \(shown), never again", "客服让我留下\(shown)，结果没人理",
      "收件信息：\(shown)。包装很差", "the seller asked for “\(shown)” twice 👍🏽",
      "Why does my receipt say \(shown)?", "请看\(shown)", "👩‍🚀 \(shown)\ncafe\u{301} closed",
      "\u{202D}\(shown)\u{202C} is all it said",
    ])
    return PersonalCase(text: text, kind: kind, secret: secret)
  }

  /// One in five has only a word before it to tell what it is.
  private mutating func phone() -> PersonalCase {
    guard random.pick([true, false, false, false, false]) else {
      return sentence("phone", random.phone())
    }
    let secret = random.filled(random.pick(["N##-####", "N##N######", "N1######", "0N##########"]))
    let text = random.pick([
      "Call \(secret) after six.", "my phone is \(secret)", "电话：\(secret)，随时联系",
      "加QQ\(secret)", "tel\(secret)",
    ])
    return PersonalCase(text: text, kind: "phone", secret: secret)
  }

  private mutating func address() -> PersonalCase {
    let (secret, after) = random.address()
    return sentence("ip", secret, after)
  }

  private mutating func identity() -> PersonalCase {
    switch Int.random(in: 0..<9, using: &random) {
    case 0..<4: return sentence("national_id", random.chineseID())
    case 4..<8: return sentence("national_id", random.socialSecurityNumber())
    default:
      let secret = random.filled("5##1#8###")
      return PersonalCase(
        text: "they wanted my SSN, \(secret), why?", kind: "national_id", secret: secret)
    }
  }
}
