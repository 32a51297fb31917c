// Folders and files of the person's machine, where the browser lends them.

const cancelled = (error) => error.name === 'AbortError';

/** The picked folder's handle, or null when the person changed their mind. */
export async function pickFolder() {
  try {
    return await window.showDirectoryPicker({ id: 'cofferdam', mode: 'readwrite' });
  } catch (error) {
    if (cancelled(error)) return null;
    throw error;
  }
}

/** Files chosen by a form's file input, for browsers without folder handles; null when the person changed their mind. */
export function pickFiles(folder) {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = folder;
    input.onchange = () => resolve([...input.files]);
    input.oncancel = () => resolve(null);
    input.click();
  });
}

/** `[path, handle]` pairs of the files below a folder; `skipped(name)` prunes folders. */
export async function listFolder(folder, skipped) {
  const found = [];
  const walk = async (at, prefix) => {
    for await (const [name, handle] of at.entries()) {
      const path = prefix + name;
      if (handle.kind !== 'directory') found.push([path, handle]);
      else if (!skipped(name)) await walk(handle, `${path}/`);
    }
  };
  await walk(folder, '');
  return found;
}

/** The content of each file: of a folder, or chosen in a form. */
export function readFiles(files) {
  return inBatches(files, async (file) => bytes(file.getFile ? await file.getFile() : file));
}

/** What `read` makes of each item: one after another is slow, and thousands at once are refused. */
async function inBatches(items, read) {
  const done = [];
  for (let at = 0; at < items.length; at += 64) {
    done.push(...(await Promise.all(items.slice(at, at + 64).map((item) => read(item)))));
  }
  return done;
}

async function bytes(file) {
  return new Uint8Array(await file.arrayBuffer());
}

/** The file's bytes, or null when there is none. */
export async function readFile(folder, path) {
  try {
    const { parent, name } = await locate(folder, path, false);
    return await bytes(await (await parent.getFileHandle(name)).getFile());
  } catch (error) {
    if (error.name === 'NotFoundError') return null;
    throw error;
  }
}

/** Writes whole files only: until `close` succeeds the old content stays. */
export async function writeFile(folder, path, content) {
  const { parent, name } = await locate(folder, path, true);
  const file = await parent.getFileHandle(name, { create: true });
  const stream = await file.createWritable();
  await stream.write(content);
  await stream.close();
}

export async function removeFile(folder, path) {
  const { parent, name } = await locate(folder, path, false);
  await parent.removeEntry(name);
}

/** Whether the folder may be written; only a click may `ask`. */
export async function permission(folder, ask) {
  const mode = { mode: 'readwrite' };
  const state = ask ? await folder.requestPermission(mode) : await folder.queryPermission(mode);
  return state === 'granted';
}

async function locate(folder, path, create) {
  const names = path.split('/');
  const name = names.pop();
  let parent = folder;
  for (const part of names) parent = await parent.getDirectoryHandle(part, { create });
  return { parent, name };
}
