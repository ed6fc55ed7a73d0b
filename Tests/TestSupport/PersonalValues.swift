/// Invented personal data.
extension SeededGenerator {
  mutating func email() -> String {
    let name = pick([
      "marla.k", "tobias_w", "li.wei88", "j-novak", "sunny+shop", "r2d2fan", "a.b.c", "wang_fang",
      "josé.p", "o'neil",
    ])
    let domain = pick([
      "mail.example", "post.example.com", "shop-help.co.uk", "school.edu", "firma.de",
      "sina.com.cn", "müller.example", "post.xn--p1ai",
    ])
    let address = "\(name)@\(domain)"
    return pick([false, false, false, false, true]) ? address.fullWidth : address
  }

  mutating func phone() -> String {
    let number = filled(
      pick([
        "(N##) N##-####", "N##-N##-####", "N##.N##.####", "1-N##-N##-####", "+1 N## N## ####",
        "N## N##-####", "N##\u{2011}N##\u{2011}####", "N##\u{A0}N##\u{A0}####",
        "+44 20 7N## ####", "+44 (20) 7N## ####", "0044 20 7N## ####", "+49 30 N#######",
        "07### ######", "020 7### ####", "+33 1 4# ## ## ##", "13#########", "15# #### ####",
        "+86 13# #### ####", "86-138-####-####", "010-6#######", "0755-2#######", "400-8##-####",
        "138\u{200B}####\u{200B}####",
        // Ten digits alone may be anything.
        "N##N######",
      ]))
    return pick([false, false, false, false, true]) ? number.fullWidth : number
  }

  mutating func card() -> String {
    let (prefix, count) = pick([
      ("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("34", 15), ("37", 15), ("62", 16),
      ("62", 19), ("6011", 16), ("4", 16),
    ])
    let body = prefix + filled(String(repeating: "#", count: count - 1 - prefix.count))
    let number = body + Self.luhnDigit(of: body)
    let parts: [Int] =
      switch count {
      case 16: pick([[16], [4, 4, 4, 4]])
      case 15: pick([[15], [4, 6, 5]])
      default: [count]
      }
    return number.parted(parts, by: pick([" ", "-", "\u{A0}"]))
  }

  /// The digit that makes the sum a multiple of ten: every second digit from the right counts
  /// double, and of two digits their sum (ISO/IEC 7812-1, annex B).
  static func luhnDigit(of body: String) -> String {
    let doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
    let sum = body.reversed().enumerated().reduce(0) { sum, digit in
      let value = digit.element.wholeNumberValue ?? 0
      return sum + (digit.offset % 2 == 0 ? doubled[value] : value)
    }
    return String((10 - sum % 10) % 10)
  }

  /// With a check character by the standard's own words: the weighted sum leaves 1 over 11.
  mutating func chineseID() -> String {
    let body =
      filled(pick(["110105", "310104", "440305", "51010#"])) + filled("19N#")
      + pick(["01", "07", "12"]) + pick(["01", "15", "28"]) + filled("###")
    let sum = body.enumerated().reduce(0) { sum, digit in
      let weight = (0..<17 - digit.offset).reduce(1) { power, _ in power * 2 % 11 }
      return sum + (digit.element.wholeNumberValue ?? 0) * weight
    }
    let check = (0...10).first { (sum + $0) % 11 == 1 } ?? 0
    return body + (check == 10 ? pick(["X", "x"]) : String(check))
  }

  mutating func socialSecurityNumber() -> String {
    filled(pick(["1##-2#-3###", "5##-1#-8###", "2## 4# 6###", "3##\u{2013}5#\u{2013}7###"]))
  }

  mutating func privateURL() -> String {
    filled(
      pick([
        "https://shop.example/reset?token=a8f3#########kq", "http://marla:pass##@files.example/box",
        "https://login.example/cb~access_token=ey##########", "www.track.example/u?user=marla_k",
        "https://cdn.example/d/9f8e7d6c5b4a3f2e1d0c##", "https://app.example/invite?code=QX##TT",
        "shop.example/order?mail=marla", "https://pics.example/Ab3-Cd4_Ef5-Gh6_Ij7",
        "https://api.example/u/3f2b8c1e-0d4a-4e5b-9c6d-7e8f9a0b1c##",
      ]))
  }

  /// An address and what may follow it.
  mutating func address() -> (secret: String, after: String) {
    func octet() -> Int { Int.random(in: 1...254, using: &self) }
    let secret = pick([
      filled("192.168.N.1#"), filled("10.0.1#.N"), "\(octet()).\(octet()).\(octet()).\(octet())",
      filled("2001:db8:##::8a2e:370:N##4"), "fe80::1c2d:3e4f:5a6b:7c8d",
      filled("2001:0db8:85a3:0000:0000:8a2e:0370:73##"), filled("::ffff:203.0.113.1##"),
    ])
    return (secret, secret.contains("::") ? "" : pick(["", "", ":8080"]))
  }
}

extension String {
  /// ASCII as its full-width forms.
  fileprivate var fullWidth: String {
    var wide = ""
    for scalar in unicodeScalars {
      let isVisible = (0x21...0x7E).contains(scalar.value)
      wide.unicodeScalars.append(
        isVisible ? Unicode.Scalar(0xFEE0 + scalar.value) ?? scalar : scalar)
    }
    return wide
  }

  /// In parts of so many characters.
  fileprivate func parted(_ counts: [Int], by separator: String) -> String {
    var rest = self[...]
    return counts.map { count in
      defer { rest = rest.dropFirst(count) }
      return String(rest.prefix(count))
    }.joined(separator: separator)
  }
}
