import Reviews
import Testing

@testable import Profiles

@Suite struct AspectNameTests {
  @Test(arguments: [
    ("Battery Life", "battery life"), (" the  batteries ", "battery"), ("My screens", "screen"),
    ("the", "the"), ("USB-C ports", "usb c port"), ("dishes", "dish"), ("boxes", "box"),
    ("glasses", "glass"), ("glass", "glass"), ("series", "series"), ("lenses", "lens"),
    ("movies", "movie"), ("status", "status"), ("waitresses", "waitress"), ("knives", "knife"),
    ("Colour", "color"), ("\"staff\"", "staff"), ("women's shoes", "women's shoe"), ("gas", "gas"),
    ("prices", "price"), ("ＵＳＢ线", "usb线"), ("螢幕", "屏幕"), ("屏", "屏幕"), ("電池壽命", "电池寿命"),
    ("味道的", "味道"), ("价 格", "价格"), ("…", ""), ("", ""), ("crème brûlées", "crème brûlée"),
    ("3", "3"), ("as", "as"),
  ])
  func bringsSpellingsTogether(text: String, name: String) {
    #expect(AspectNames.name(of: text) == name)
    // A name is its own name.
    #expect(AspectNames.name(of: name) == name)
  }

  @Test func rememberedNamesAreTheSame() {
    let names = AspectNames()
    for _ in 0...1 { #expect(names.name(of: "The Batteries") == "battery") }
  }

  @Test(arguments: [
    ("battery life", "performance_quality"), ("screen price", "price_value"),
    ("delivery", "delivery_packaging"), ("waiter", "service_support"),
    ("menu", "usability"), ("view", "ambience_location"), ("sock", nil),
    ("快递", "delivery_packaging"), ("性价比", "price_value"), ("客服态度", "service_support"),
    ("猫", nil),
  ])
  func tellsTheGroup(name: String, group: String?) {
    #expect(AspectGroup.group(of: name) == group)
    if let group { #expect(LabelSchema.aspectGroups.contains(group)) }
  }
}
