// Reads plain tar archives: enough to see what PGlite's extension archives hold.

const BLOCK = 512;

/** Every regular file of an uncompressed archive, as `{name, data}`. */
export function* files(archive) {
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const field = (from, length) => archive.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = parseInt(field(124, 12).trim() || '0', 8);
    const data = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (['', '0'].includes(field(156, 1))) yield { name: field(0, 100), data };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
