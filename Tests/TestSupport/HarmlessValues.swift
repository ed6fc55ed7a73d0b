/// What only looks like personal data.
extension SeededGenerator {
  mutating func harmlessSign() -> String {
    pick([
      "follow @marla_k for more", "meet me @ 5", "rated it 4@5", "a@b", "price @ $12.99 each",
      "user@localhost", "the so-called @home line", "写给@客服", "5@3.50", "＠客服",
    ])
  }

  mutating func harmlessNumber() -> String {
    filled(
      pick([
        "order 112-#######-#######", "2019-0N-1#", "12/0N/2018", "1,###,### views", "$1,2##.99",
        "ISBN 978-0-##-######-#", "from 2010-2015", "model XR-N##-####", "part no. N##########N#",
        "rated 4.5 of 1200", "~N######### in the queue", "20240N1# batch", "at 10:30-11:45",
        "serial N########", "tracking 1Z999AA1########N#", "邮编100####0", "0.0N##########",
        "手机66666666", "the phone, from 2017-2018", "cancelled N###### of them", "+2021.4.22 179",
        "sizes 8 10 12 14 16 18", "hotel 4N##### stars",
        // One in twelve of these looks just like a mobile number.
        "订单号1##########",
      ]))
  }

  /// Right length, wrong check digit; and numbers of other kinds.
  mutating func harmlessLongNumber() -> String {
    let digits = card().filter(\.isNumber)
    let wrong = ((digits.last?.wholeNumberValue ?? 0) + 1) % 10
    return pick([
      digits.dropLast() + String(wrong), filled("barcode 5########0##"),
      filled("IMEI 35########00###"), filled("ISBN 978########0#"), filled("1###############"),
      filled("0.4###############"),
      // One in twenty of these looks just like a card.
      filled("article 4###############"),
    ])
  }

  mutating func harmlessIdentity() -> String {
    var wrong = Array(chineseID())
    // Every check character fits one character of this place alone.
    wrong[16] = wrong[16] == "3" ? "4" : "3"
    return pick([
      String(wrong), filled("000-1#-2###"), filled("666-1#-2###"), filled("9##-1#-2###"),
      filled("123-00-####"), filled("order 2024010112#####"), filled("1##-2#-3####"),
      filled("A1##-2#-3###"), filled("1##.2#.3###"),
    ])
  }

  mutating func harmlessURL() -> String {
    pick([
      "https://www.example.com/help", "www.example.org", "http://shop.example/lamps/desk-lamps",
      "see example.com/a", "https://example.com/2024/05/how-to-clean-a-kettle-properly", "and/or",
      "https://example.com/faq#returns", "https://example.com/the-10-best-kettles-for-small-rooms",
      "https://example.com/the_10_best_kettles_of_2024", "www.www.www.example", "http://",
    ])
  }

  mutating func harmlessVersion() -> String {
    filled(
      pick([
        "version 1.2.N.4", "v10.0.1#.2", "firmware 3.12.1#.7", "scored 9.5.1", "10:30:45",
        "section 4.3.2.1.5", "300.1.2.3", "1.2.3", "std::vector", "ratio 1:2:3", "at 12::30",
        "since 1.0.2.3#", "9.0.1.12# 版本", "a::b",
      ]))
  }
}
