import GRDB

/// The tables of a store and the way older stores become today's.
enum StoreSchema {
  /// What SQLite's `application_id` holds in every store: "Glos" in ASCII.
  static let applicationID = 0x476C_6F73

  /// Every change of the tables, oldest first; one that has shipped is never edited.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 gloss, entity, intent") { database in
      try database.execute(sql: "PRAGMA application_id = \(applicationID)")
      try database.execute(sql: firstTables)
    }
    return migrator
  }

  /// Whether the database is a store, or still empty and may become one.
  static func accepts(_ database: Database) throws -> Bool {
    let id = try Int.fetchOne(database, sql: "PRAGMA application_id")
    if id == applicationID { return true }
    // The migrator's own table is made before the first migration: a store whose making was cut
    // short has that one alone.
    let others = try Int.fetchOne(
      database, sql: "SELECT COUNT(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'")
    return id == 0 && others == 0
  }

  private static let firstTables = """
    CREATE TABLE gloss (
      review_id TEXT PRIMARY KEY NOT NULL,
      user TEXT NOT NULL,
      item TEXT,
      time TEXT,
      language TEXT NOT NULL,
      stars REAL NOT NULL,
      label TEXT NOT NULL CHECK (label IN ('negative', 'neutral', 'positive')),
      confidence REAL NOT NULL,
      probability_1 REAL NOT NULL,
      probability_2 REAL NOT NULL,
      probability_3 REAL NOT NULL,
      probability_4 REAL NOT NULL,
      probability_5 REAL NOT NULL,
      tokens INTEGER NOT NULL,
      windows INTEGER NOT NULL,
      model TEXT NOT NULL
    ) STRICT;
    CREATE INDEX gloss_user ON gloss (user, time, review_id);

    -- position keeps the order that the model gave, from 0
    CREATE TABLE entity (
      review_id TEXT NOT NULL REFERENCES gloss ON DELETE CASCADE,
      position INTEGER NOT NULL,
      layer TEXT NOT NULL CHECK (layer IN ('opinion', 'name')),
      type TEXT NOT NULL,
      text TEXT NOT NULL,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      confidence REAL NOT NULL,
      polarity TEXT CHECK (polarity IN ('negative', 'neutral', 'positive')),
      PRIMARY KEY (review_id, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE intent (
      review_id TEXT NOT NULL REFERENCES gloss ON DELETE CASCADE,
      position INTEGER NOT NULL,
      label TEXT NOT NULL,
      confidence REAL NOT NULL,
      PRIMARY KEY (review_id, position)
    ) STRICT, WITHOUT ROWID;
    """
}
