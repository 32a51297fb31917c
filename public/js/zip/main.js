// A zip archive of text and binary files, for "download everything".

import { zipSync } from 'fflate';

/** `files`: `[path, Uint8Array]` pairs. */
export function zip(files) {
  return zipSync(Object.fromEntries(files), { level: 6 });
}
