// Trunk's last hook: prepares the staged site for the server and for the time without one.
//
//   index.html          gets a name for this build, by which the page knows when the server is another
//   service-worker.js   gets the list of files and the same name
//   csp.txt             the Content-Security-Policy to send with every page
//   *.br                a compressed copy beside each file that gains by it (release builds only)

import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compressAll } from './compress.js';

const SITE = process.env.TRUNK_STAGING_DIR;
const RELEASE = process.env.TRUNK_PROFILE === 'release';

const files = await list();
await writeFile(path.join(SITE, 'csp.txt'), await policy());
await nameBuild();
if (RELEASE) await compressAll(SITE, [...files, 'service-worker.js']);

/** Every file of the site but the service worker, which the browser keeps by itself. */
async function list() {
  const entries = await readdir(SITE, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => path.relative(SITE, path.join(entry.parentPath ?? entry.path, entry.name)).split(path.sep).join('/'))
    .filter((file) => file !== 'service-worker.js' && file !== 'csp.txt' && !file.endsWith('.br'))
    .sort();
}

async function nameBuild() {
  const [worker, page] = ['service-worker.js', 'index.html'].map((file) => path.join(SITE, file));
  const source = await readFile(worker, 'utf8');
  const hash = createHash('sha256').update(source);
  for (const file of files) hash.update(file).update(await readFile(path.join(SITE, file)));
  const id = hash.digest('hex').slice(0, 16);
  await writeFile(worker, `const BUILD = ${JSON.stringify({ id, files })};\n${source}`);
  const html = await readFile(page, 'utf8');
  const marked = html.replace('<meta name="cofferdam-build" content="">', `<meta name="cofferdam-build" content="${id}">`);
  if (marked === html) throw new Error('index.html has no place for the name of the build');
  await writeFile(page, marked);
}

async function policy() {
  const html = await readFile(path.join(SITE, 'index.html'), 'utf8');
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)]
    .map(([, text]) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return [
    "default-src 'self'",
    `script-src ${["'self'", "'wasm-unsafe-eval'", ...scripts].join(' ')}`,
    "worker-src 'self'",
    // CodeMirror writes its style sheets into the page.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
