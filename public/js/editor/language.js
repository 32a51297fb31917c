// PostgreSQL's SQL, with keywords and the given tables and columns offered while typing.

import { PostgreSQL, sql } from '@codemirror/lang-sql';

/** `tables`: `[{name, columns}]`, where a name may be qualified by its schema. */
export function postgres(tables) {
  return sql({
    dialect: PostgreSQL,
    upperCaseKeywords: true,
    schema: Object.fromEntries(tables.map(({ name, columns }) => [name, columns])),
  });
}
