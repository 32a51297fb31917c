// PGlite's parts for the page: engine, file system, extension archives with a list of what they hold, and an empty
// database, ready-made, because running initdb in the tab costs two seconds at every start.

import { PGlite } from '@electric-sql/pglite';
import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import path from 'node:path';
import { files } from './tar.js';
import { START_PARAMETERS } from '../worker/start-parameters.js';

const PGLITE = 'node_modules/@electric-sql/pglite/dist';
const ARCHIVES = [PGLITE, 'node_modules/@electric-sql/pglite-pgvector/dist'];

export async function buildPglite(into) {
  await mkdir(into, { recursive: true });
  for (const name of ['pglite.wasm', 'pglite.data']) {
    await copyFile(path.join(PGLITE, name), path.join(into, name));
  }
  const extensions = await copyExtensions(into);
  const { tar, version } = await emptyDatabase();
  await writeFile(path.join(into, 'database.tar'), tar);
  await writeFile(path.join(into, 'contents.json'), JSON.stringify({ version, extensions }));
}

/** Copies the archives that hold extensions; answers `{name: {archive, requires}}`, in order of name. */
async function copyExtensions(into) {
  const found = [['plpgsql', { archive: null, requires: [] }]];
  for (const folder of ARCHIVES) {
    for (const archive of (await readdir(folder)).filter((name) => name.endsWith('.tar.gz'))) {
      const held = extensionsIn(gunzipSync(await readFile(path.join(folder, archive))), archive);
      if (held.length > 0) await copyFile(path.join(folder, archive), path.join(into, archive));
      found.push(...held);
    }
  }
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function extensionsIn(tar, archive) {
  const held = [];
  for (const { name, data } of files(tar)) {
    if (!name.endsWith('.control')) continue;
    const requires = /^\s*requires\s*=\s*'([^']*)'/m.exec(data.toString('utf8'))?.[1] ?? '';
    held.push([
      path.basename(name, '.control'),
      { archive, requires: requires.split(',').map((other) => other.trim()).filter(Boolean) },
    ]);
  }
  return held;
}

/**
 * A fresh data directory as a tar archive, made small because every start unpacks it: a write-ahead log in segments of
 * 1 MB instead of 16, and none of the template databases, whose only use is CREATE DATABASE.
 */
async function emptyDatabase() {
  const database = await PGlite.create({
    startParams: START_PARAMETERS,
    initDbStartParams: ['--wal-segsize=1'],
  });
  const { rows } = await database.query('SHOW server_version');
  await database.exec('UPDATE pg_catalog.pg_database SET datistemplate = false');
  for (const template of ['template0', 'template1']) await database.exec(`DROP DATABASE ${template}`);
  await database.exec('CHECKPOINT');
  const tar = Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer());
  await database.close();
  return { tar, version: rows[0].server_version };
}
