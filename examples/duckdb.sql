-- What a table of records says, asked with DuckDB:
--   gloss classify reviews.jsonl --output csv --out glosses.csv
--   duckdb < examples/duckdb.sql
CREATE TABLE glosses AS
FROM read_csv('glosses.csv', header = true, types = {'id': 'VARCHAR', 'entities': 'JSON'});

SELECT sentiment, count(*) AS reviews, round(avg(stars), 2) AS stars
FROM glosses WHERE NOT abstained GROUP BY sentiment ORDER BY sentiment;

-- Intents are parted by semicolons.
SELECT intent, count(*) AS reviews
FROM (SELECT unnest(string_split(intents, ';')) AS intent FROM glosses)
WHERE intent <> '' GROUP BY intent ORDER BY reviews DESC, intent;
