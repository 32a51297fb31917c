// The worker in which Alembic's Python files are read: a wasm program of its own, loaded with the first such project.
//
// The page sends `{id, op, …}` and gets `{id, text}` back, where `text` is JSON of `{done}` or `{failed}`.

import init, { Files, alone, fill, rewrite, write } from '../python.js';

const ready = init();

/** What `ask` finds in the files of a question: `[path, Uint8Array]` pairs, and the `names` of others. */
function among({ files, names = [] }, ask) {
  const shelf = new Files();
  try {
    for (const name of names) shelf.name(name);
    for (const [path, bytes] of files) shelf.put(path, bytes);
    return ask(shelf);
  } finally {
    shelf.free();
  }
}

const operations = {
  candidates: (message) => among(message, (files) => files.candidates()),
  setup: (message) => among(message, (files) => files.setup(message.chosen)),
  open: (message) => among(message, (files) => files.read(message.settings)),
  answered: (message) => among(message, (files) => files.answered(message.settings)),
  read: ({ path, bytes, settings }) => alone(path, bytes, settings),
  write: (message) => write(message.asked),
  rewrite: (message) => rewrite(message.asked),
  fill: (message) => fill(message.asked),
};

self.onmessage = async ({ data }) => {
  const { id, op } = data;
  try {
    await ready;
    postMessage({ id, text: `{"done":${operations[op](data)}}` });
  } catch (error) {
    postMessage({ id, text: JSON.stringify({ failed: String(error?.message ?? error) }) });
  }
};
