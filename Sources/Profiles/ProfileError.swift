import GRDB

/// What can go wrong with a store of glosses; each description is one line that ends in what to do.
public enum ProfileError: Error, Equatable, Sendable {
  /// The file can be neither opened nor created.
  case cannotOpen(path: String)
  /// The file is something else than a store; it is left as it was.
  case notAStore(path: String)
  /// The store was written by a later version of Gloss; it is left as it was.
  case newerStore(path: String)
  /// The store or its folder may not be written to.
  case readOnly(path: String)
  /// Another program kept the store locked for longer than we wait.
  case busy(path: String)
  /// There is no room left where the store lives.
  case diskFull(path: String)
  /// The store's content breaks the rules it was written by.
  case damaged(path: String, reason: String)
  /// SQLite refused for another reason.
  case failed(path: String, reason: String)
  /// A gloss names no user, so no profile can hold it.
  case missingUser(review: String)
  /// A gloss holds values that no model writes.
  case malformed(review: String, reason: String)
  /// A copy would replace a file.
  case exists(path: String)
  /// The store holds nothing of a user.
  case unknownUser(user: String)
  /// A user would be merged into themselves.
  case sameUser(user: String)
  /// A user is part of another's profile already.
  case alreadyMerged(user: String, into: String)
  /// A user is part of no other profile.
  case notMerged(user: String)
  /// The users of the store are pseudonyms under a key, and names come without it or under another.
  case otherPseudonyms(path: String)
  /// The users of the store go by their names, and would come under pseudonyms now.
  case plainNames(path: String)

  /// Says in our words what SQLite reported about the store at `path`.
  init(_ error: any Error, path: String) {
    guard let error = error as? DatabaseError else {
      self = error as? ProfileError ?? .damaged(path: path, reason: String(describing: error))
      return
    }
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    self =
      switch error.resultCode {
      case .SQLITE_CANTOPEN: .cannotOpen(path: path)
      case .SQLITE_NOTADB: .notAStore(path: path)
      case .SQLITE_READONLY, .SQLITE_PERM: .readOnly(path: path)
      case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
      case .SQLITE_FULL: .diskFull(path: path)
      case .SQLITE_CORRUPT: .damaged(path: path, reason: reason)
      default: .failed(path: path, reason: reason)
      }
  }
}

extension ProfileError: CustomStringConvertible {
  /// What is wrong and what to do, on one line.
  public var description: String {
    let line =
      switch self {
      case .cannotOpen(let path):
        "\(path): cannot be opened or created; check that its folder exists and may be written to"
      case .notAStore(let path):
        "\(path): not a Gloss store; name another file, or one that does not exist yet"
      case .newerStore(let path):
        "\(path): written by a newer version of Gloss; update Gloss or name another store"
      case .readOnly(let path):
        "\(path): read-only; allow writing to the file and to its folder, or copy it"
      case .busy(let path):
        "\(path): in use by another program; wait until it is done and run again"
      case .diskFull(let path):
        "\(path): no space left on the disk; make room and run again"
      case .damaged(let path, let reason):
        "\(path): damaged (\(reason)); restore a copy, or annotate the reviews into a new store"
      case .failed(let path, let reason):
        "\(path): SQLite says \"\(reason)\"; check the disk and run again"
      case .missingUser(let review):
        "review \"\(review)\": no user; name the field that holds the writer with --user-field"
      case .malformed(let review, let reason):
        "review \"\(review)\": \(reason); correct the record or classify the review again"
      case .exists(let path):
        "\(path): is there already; name a file that is not"
      case .unknownUser(let user):
        "no user '\(user)' in the store; gloss profile list shows all"
      case .sameUser(let user):
        "'\(user)' would be merged into the same profile; name two different users"
      case .alreadyMerged(let user, let into):
        "'\(user)' is part of the profile of '\(into)'; name that one, or unmerge first"
      case .notMerged(let user):
        "'\(user)' is not merged into another profile; nothing to unmerge"
      case .otherPseudonyms(let path):
        "\(path): its users are pseudonyms; give --pseudonymize with the key that they were made with"
      case .plainNames(let path):
        "\(path): its users go by their names, and keep them; begin a new store with --pseudonymize"
      }
    return TerminalText.clean(line)
  }
}
