// Brotli copies of a site's files. A copy once made is kept under target/ by its content's digest: PGlite's files take
// twenty seconds, and change only with its version.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const KEPT = 'target/brotli';
const GAINS = /\.(html|js|css|json|svg|webmanifest|wasm|data|tar)$/;
const QUALITY = 9;

const compress = promisify(brotliCompress);

export async function compressAll(site, files) {
  await mkdir(KEPT, { recursive: true });
  for (const file of files.filter((name) => GAINS.test(name))) {
    const bytes = await readFile(path.join(site, file));
    const small = await compressed(bytes);
    if (small.length < bytes.length) await writeFile(path.join(site, `${file}.br`), small);
  }
}

async function compressed(bytes) {
  const kept = path.join(KEPT, `${createHash('sha256').update(bytes).digest('hex')}.${QUALITY}.br`);
  const found = await readFile(kept).catch(() => null);
  if (found) return found;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const small = await compress(bytes, { params });
  await writeFile(`${kept}.${process.pid}`, small);
  await rename(`${kept}.${process.pid}`, kept);
  return small;
}
