#!/bin/sh
# Classifies reviews into a table of an SQLite database:
#   sqlite.sh REVIEWS DATABASE.sqlite
set -eu
table=$(mktemp)
trap 'rm -f "$table"' EXIT
"${GLOSS:-gloss}" classify "$1" --output csv --out "$table" || [ $? -eq 1 ]
sqlite3 "$2" <<SQL
DROP TABLE IF EXISTS glosses;
.import --csv $table glosses
SELECT sentiment, count(*), round(avg(stars), 2) FROM glosses WHERE abstained = 'false' GROUP BY sentiment;
-- Entities are a JSON array in their column.
SELECT lower(json_extract(value, '\$.text')) AS aspect, json_extract(value, '\$.polarity'), count(*)
FROM glosses, json_each(glosses.entities) WHERE json_extract(value, '\$.type') = 'ASPECT'
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 10;
SQL
