// Packs the example projects into one JSON file each, so that a page without a server can open them.

import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const EXAMPLES = ['observatory', 'alembic'];
const WANTED = /\.(sql|toml|ini|mako|py)$/;

export async function packExamples(into) {
  await mkdir(into, { recursive: true });
  for (const name of EXAMPLES) {
    const packed = JSON.stringify({ files: await read(path.join('examples', name)) });
    const target = path.join(into, `${name}.json`);
    if ((await readFile(target, 'utf8').catch(() => '')) !== packed) await writeFile(target, packed);
  }
}

async function read(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && WANTED.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  return Promise.all(
    paths.map(async (file) => ({
      path: path.relative(folder, file).split(path.sep).join('/'),
      text: await readFile(file, 'utf8'),
    })),
  );
}
