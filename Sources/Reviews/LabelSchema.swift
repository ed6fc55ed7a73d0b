/// The two layers of entities; spans of one may overlap spans of the other.
public enum EntityLayer: String, Codable, CaseIterable, Sendable {
  /// Opinion structure: what is judged and the words that judge it.
  case opinion
  /// Named things.
  case name

  /// The entity types of the layer, in the order of the model's labels.
  public var types: [String] {
    switch self {
    case .opinion: ["ASPECT", "OPINION"]
    case .name: ["PER", "LOC", "ORG", "PRODUCT", "WORK", "PRODTYPE"]
    }
  }
}

/// The label names that corpora are mapped to and records speak in.
public enum LabelSchema {
  /// The 13 intents, in the order of the model's labels; none of them means "other".
  public static let intents = [
    "praise", "complaint", "suggestion", "bug_report", "question", "purchase_intent",
    "return_refund", "cancel_or_close", "delivery", "payment_billing", "account_access",
    "contact_human", "comparison",
  ]

  /// What an aspect is about, in nine groups.
  public static let aspectGroups = [
    "general", "performance_quality", "design_features", "usability", "price_value",
    "service_support", "delivery_packaging", "ambience_location", "authenticity",
  ]
}
