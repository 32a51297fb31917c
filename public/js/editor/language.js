// What the editor's texts are written in: PostgreSQL's SQL, with keywords and the given tables and columns offered while
// typing, or Python, which is loaded with the first Python file.

import { PostgreSQL, sql } from '@codemirror/lang-sql';

/** `tables`: `[{schema, name, columns}]`, where `schema` may be null. */
export function postgres(tables) {
  return sql({ dialect: PostgreSQL, upperCaseKeywords: true, schema: namespace(tables) });
}

/** A promise of Python's extension. */
export async function python() {
  const { python } = await import('@codemirror/lang-python');
  return python();
}

/** As lang-sql takes it: dots in a key separate, unless escaped. */
function namespace(tables) {
  const escaped = (name) => name.replaceAll('.', '\\.');
  const key = ({ schema, name }) => [schema, name].filter((part) => part !== null).map(escaped).join('.');
  return Object.fromEntries(tables.map((table) => [key(table), table.columns]));
}
