// The worker in which a dry run happens: one PGlite, one connection, thrown away by `terminate()`.
//
// The page sends `{id, op, …}` and gets `{id, text}` back, where `text` is JSON of one of
// `{ready}`, `{answer}`, `{error}` and `{lost}`, in the shapes of the engine's `run` module.
// Messages are handled one at a time, in order.

import { PGlite } from '@electric-sql/pglite';
import { describeMessages, queryMessage, readAnswer, readDescription, unsendable } from './protocol.js';
import { START_PARAMETERS } from './start-parameters.js';

/** @type {PGlite | undefined} */
let database;

/** Starts PostgreSQL from parts that the page has loaded and compiled, with the extensions whose archives are named. */
async function boot({ module, files, dataDirectory, extensions }) {
  database = await PGlite.create({
    pgliteWasmModule: module,
    // Never run, as the data directory is ready-made; without one PGlite would download initdb.
    initdbWasmModule: module,
    fsBundle: files,
    loadDataDir: dataDirectory,
    extensions: Object.fromEntries(extensions.map(({ name, url }) => [name, new URL(url)])),
    startParams: START_PARAMETERS,
  });
  const missing = await notInstalled(extensions.map(({ name }) => name));
  if (missing.length > 0) {
    return { lost: `the files of ${missing.join(', ')} could not be loaded` };
  }
  return { ready: true };
}

/** PGlite only logs it when an extension's archive cannot be fetched. */
async function notInstalled(names) {
  if (names.length === 0) return [];
  const { answer } = readAnswer(await exchange('SELECT name FROM pg_catalog.pg_available_extensions'));
  const available = new Set(answer?.rows.map(([name]) => name));
  return names.filter((name) => !available.has(name));
}

async function exchange(text) {
  const { messages } = await database.execProtocol(queryMessage(text), { throwOnError: false });
  return messages;
}

async function sql({ text }) {
  if (!database) return { lost: 'the database is not started' };
  const error = unsendable(text);
  if (error) return { error };
  const started = performance.now();
  const messages = await exchange(text);
  const elapsed_ms = performance.now() - started;
  const outcome = readAnswer(messages);
  if (outcome.answer) outcome.answer.elapsed_ms = elapsed_ms;
  return outcome;
}

/** Prepares one SQL text, and says what it returns. */
async function describe({ text }) {
  if (!database) return { lost: 'the database is not started' };
  const error = unsendable(text);
  if (error) return { error };
  const started = performance.now();
  const all = [];
  for (const message of describeMessages(text)) {
    const { messages } = await database.execProtocol(message, { throwOnError: false });
    all.push(...messages);
  }
  const outcome = readDescription(all);
  if (outcome.answer) outcome.answer.elapsed_ms = performance.now() - started;
  return outcome;
}

const operations = { boot, sql, describe };
let queue = Promise.resolve();

// PGlite starts PostgreSQL in callbacks whose failures reach nobody else: a promise that would wait for ever becomes an
// `error` event at the page.
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  reportError(event.reason);
});

self.onmessage = ({ data }) => {
  queue = queue.then(async () => {
    let outcome;
    try {
      outcome = await operations[data.op](data);
    } catch (error) {
      outcome = { lost: String(error?.message ?? error) };
    }
    self.postMessage({ id: data.id, text: JSON.stringify(outcome) });
  });
};
