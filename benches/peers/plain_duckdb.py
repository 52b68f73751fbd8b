#!/usr/bin/env python3
"""A line for each property whose two values differ as JSON text, of every page in a folder, by DuckDB.

    python3 plain_duckdb.py DIR OUT.csv
"""

import sys

import duckdb

QUERY = """
COPY (
  WITH items AS (
    SELECT unnest(from_json(json->'$.value', '["json"]')) AS item
    FROM read_json_objects(?, format = 'unstructured', maximum_object_size = 1000000000)
  ), keyed AS (
    SELECT item, item->'deltaFromCurrent' AS delta, item->'currentState' AS current,
           unnest(json_keys(item->'deltaFromCurrent')) AS key
    FROM items
  )
  SELECT item->>'recoveryAction', item->>'entityTypeName', item->>'id', item->>'displayName', key,
         delta->>('/' || key), current->>('/' || key)
  FROM keyed
  WHERE NOT contains(key, '@') AND (delta->('/' || key))::VARCHAR IS DISTINCT FROM (current->('/' || key))::VARCHAR
) TO '{out}' (HEADER false)
"""

folder, out = sys.argv[1:]
duckdb.execute(QUERY.replace("{out}", out.replace("'", "''")), [f"{folder}/**/*.json"])
