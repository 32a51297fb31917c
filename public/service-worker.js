// Keeps the whole app, PostgreSQL included, so that it starts without a network.
//
// The build puts `const BUILD = { id, files }` in front of this text: one cache holds one build, whole. A new build
// installs beside the old one and waits until the page says `skip-waiting`. What the server answers under /api/ is never
// touched, so that a missing server is noticed at once.

const PREFIX = 'cofferdam-';
const CACHE = PREFIX + BUILD.id;
const PAGE = new URL('index.html', self.registration.scope).href;

self.addEventListener('install', (event) => {
  event.waitUntil(keep());
});

async function keep() {
  const cache = await caches.open(CACHE);
  // `no-cache` asks the server whether the browser's copy is still good instead of trusting it.
  await cache.addAll(BUILD.files.map((file) => new Request(new URL(file, self.registration.scope), { cache: 'no-cache' })));
}

self.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener('message', ({ data }) => {
  if (data === 'skip-waiting') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = url.origin === self.location.origin && request.method === 'GET';
  if (!ours || url.pathname.startsWith('/api/') || url.pathname === '/healthz') return;
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request));
});

/** Every address of the app is the same page, of the same build as the files that it asks for. */
async function page(request) {
  return (await kept(PAGE)) ?? fetch(request);
}

async function file(request) {
  return (await kept(request)) ?? fetch(request);
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request, { ignoreSearch: true });
}
