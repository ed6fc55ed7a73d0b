import Foundation
import GRDB
import Reviews

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
    migrator.registerMigration("2 evidence of sources and users") { database in
      try database.execute(sql: "PRAGMA user_version = 2")
      try database.execute(sql: "ALTER TABLE entity RENAME TO old_entity")
      try database.execute(sql: "ALTER TABLE intent RENAME TO old_intent")
      try database.execute(sql: secondTables)
      try database.execute(sql: fromFirstTables)
      try addSeconds(database)
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

  /// Times of the first tables were any text.
  private static func addSeconds(_ database: Database) throws {
    let update = try database.makeStatement(sql: "UPDATE review SET seconds = ? WHERE id = ?")
    let rows = try Row.fetchCursor(
      database, sql: "SELECT id, CAST(time AS BLOB) FROM review WHERE time IS NOT NULL")
    while let row = try rows.next() {
      let time = ReviewTime.text(try row.text(1))
      let id = try row.decode(Int.self, atIndex: 0)
      try update.execute(arguments: [time.flatMap(ReviewTime.seconds), id])
    }
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

  private static let secondTables = """
    -- salt: of the hashes of erased users; generation: changes with the evidence;
    -- population: what is worked out of it, and of which generation
    CREATE TABLE setting (name TEXT PRIMARY KEY NOT NULL, value ANY NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO setting VALUES ('salt', randomblob(32)), ('generation', 0);

    CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

    -- who read, and from which confidence on
    CREATE TABLE reading (
      id INTEGER PRIMARY KEY,
      model TEXT NOT NULL,
      minimum_confidence REAL NOT NULL,
      UNIQUE (model, minimum_confidence)
    ) STRICT;

    -- merged_into: the user whose profile this one's reviews count for
    CREATE TABLE user (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      merged_into INTEGER REFERENCES user
    ) STRICT;
    CREATE INDEX user_merged_into ON user (merged_into) WHERE merged_into IS NOT NULL;

    -- content: hash of writer, item, time and text; text is null where it is not kept
    CREATE TABLE review (
      id INTEGER PRIMARY KEY,
      source INTEGER NOT NULL REFERENCES source,
      name TEXT NOT NULL,
      user INTEGER NOT NULL REFERENCES user,
      reading INTEGER NOT NULL REFERENCES reading,
      content BLOB NOT NULL,
      item TEXT,
      time TEXT,
      seconds INTEGER,
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
      abstained INTEGER NOT NULL DEFAULT 0,
      text TEXT,
      UNIQUE (source, name)
    ) STRICT;
    CREATE INDEX review_user ON review (user, seconds);
    CREATE INDEX review_reading ON review (reading);

    -- position keeps the order that the model gave, from 0
    CREATE TABLE entity (
      review INTEGER NOT NULL REFERENCES review ON DELETE CASCADE,
      position INTEGER NOT NULL,
      layer TEXT NOT NULL CHECK (layer IN ('opinion', 'name')),
      type TEXT NOT NULL,
      text TEXT NOT NULL,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      confidence REAL NOT NULL,
      polarity TEXT CHECK (polarity IN ('negative', 'neutral', 'positive')),
      PRIMARY KEY (review, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE intent (
      review INTEGER NOT NULL REFERENCES review ON DELETE CASCADE,
      position INTEGER NOT NULL,
      label TEXT NOT NULL,
      confidence REAL NOT NULL,
      PRIMARY KEY (review, position)
    ) STRICT, WITHOUT ROWID;

    -- what a source other than reviews says of a user
    CREATE TABLE known (
      user INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
      source INTEGER NOT NULL REFERENCES source,
      field TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (user, source, field)
    ) STRICT, WITHOUT ROWID;

    -- users who were erased, as hashes
    CREATE TABLE tombstone (hash BLOB PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;

    -- users stand as hashes here, so that erasing one leaves nothing
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      time TEXT NOT NULL,
      action TEXT NOT NULL,
      details TEXT NOT NULL
    ) STRICT;
    """

  private static let fromFirstTables = """
    INSERT INTO source (name) SELECT 'reviews' WHERE EXISTS (SELECT 1 FROM gloss);
    INSERT INTO reading (model, minimum_confidence) SELECT DISTINCT model, 0.0 FROM gloss;
    INSERT INTO user (name) SELECT DISTINCT user FROM gloss;
    -- no content has this hash: what is annotated again replaces these rows
    INSERT INTO review (
        source, name, user, reading, content, item, time, language, stars, label, confidence,
        probability_1, probability_2, probability_3, probability_4, probability_5, tokens, windows)
      SELECT
        1, review_id, user.id, reading.id, x'', item, time, language, stars, label, confidence,
        probability_1, probability_2, probability_3, probability_4, probability_5, tokens, windows
      FROM gloss JOIN user ON user.name = gloss.user JOIN reading USING (model);
    INSERT INTO entity
      SELECT review.id, position, layer, type, old_entity.text, start, end, old_entity.confidence,
        polarity
      FROM old_entity JOIN review ON review.name = review_id;
    INSERT INTO intent
      SELECT review.id, position, old_intent.label, old_intent.confidence
      FROM old_intent JOIN review ON review.name = review_id;
    DROP TABLE old_entity;
    DROP TABLE old_intent;
    DROP TABLE gloss;
    """
}
