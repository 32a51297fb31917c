// `npm run build`: everything under public/vendor, from node_modules and from the sources beside this file.
//
// Nothing is done again while package-lock.json and the sources are what they were at the last build.

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPglite } from './pglite.js';
import { packExamples } from './examples.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SOURCES = 'public/js';
const VENDOR = 'public/vendor';
const STAMP = path.join(VENDOR, '.stamp');

const FONTS = {
  'inter.woff2': '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  'jetbrains-mono.woff2': '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
};

/** PGlite's branches for Node are never taken in a browser, but what they import must be there to load at all. */
const withoutNode = {
  name: 'without-node',
  setup(bundle) {
    const node = new RegExp(`^(?:node:.*|ws|${builtinModules.join('|')})$`);
    bundle.onResolve({ filter: node }, ({ path: name }) => ({ path: name, namespace: 'nothing' }));
    bundle.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'export {}' }));
  },
};

process.chdir(ROOT);
await packExamples(path.join(VENDOR, 'examples'));
const inputs = await fingerprint();
if (inputs === (await readFile(STAMP, 'utf8').catch(() => ''))) {
  console.log('public/vendor is up to date');
} else {
  console.log('building public/vendor: the editor, PGlite and the fonts');
  await rm(STAMP, { force: true });
  await Promise.all([bundles(), buildPglite(path.join(VENDOR, 'pglite')), fonts()]);
  await writeFile(STAMP, inputs);
}

async function fingerprint() {
  const hash = createHash('sha256').update(await readFile('package-lock.json'));
  const files = await readdir(SOURCES, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort()) {
    hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function bundles() {
  await rm(path.join(VENDOR, 'parts'), { recursive: true, force: true });
  const options = {
    outdir: VENDOR,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
  // Trunk puts it one folder above vendor/.
  const reader = '../python.js';
  const workers = {
    zip: path.join(SOURCES, 'zip/main.js'),
    'dry-run.worker': path.join(SOURCES, 'worker/main.js'),
    'python.worker': path.join(SOURCES, 'python/main.js'),
  };
  await build({ ...options, entryPoints: workers, external: [reader], plugins: [withoutNode] });
  // What the editor needs for Python alone is a part of its own.
  const editor = { editor: path.join(SOURCES, 'editor/main.js') };
  await build({ ...options, entryPoints: editor, splitting: true, chunkNames: 'parts/[name]-[hash]' });
}

async function fonts() {
  const into = path.join(VENDOR, 'fonts');
  await mkdir(into, { recursive: true });
  for (const [name, from] of Object.entries(FONTS)) {
    await copyFile(path.join('node_modules', from), path.join(into, name));
  }
}
