// The worker in which Alembic's Python files are read: a wasm program of its own, loaded with the first such project.
//
// The page sends `{id, op, …}` and gets `{id, text}` back, where `text` is JSON of `{done}` or `{failed}`. The files of
// the project that was opened last are kept, as one of its files may ask what the others made.

import init, { Files, rewrite, write } from '../python.js';

const ready = init();

/** The files of a question: `[path, Uint8Array]` pairs, and the `names` of others. */
function shelf({ files, names = [] }) {
  const shelf = new Files();
  for (const name of names) shelf.name(name);
  for (const [path, bytes] of files) shelf.put(path, bytes);
  return shelf;
}

/** @type {Files | undefined} */
let project;

function open(message) {
  project?.free();
  project = shelf(message);
  return project.read(message.settings);
}

const operations = {
  open,
  setup: (message) => shelf(message).setup(message.chosen),
  read: ({ path, bytes, settings }) => (project ??= new Files()).beside(path, bytes, settings),
  write: (message) => write(message.asked),
  rewrite: (message) => rewrite(message.asked),
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
