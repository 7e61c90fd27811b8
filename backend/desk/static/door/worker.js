// Answers for the door page and its files when there is no network, and for nothing else.
'use strict';
const CACHE = 'xinhu-door';
const PATIENCE_MS = 4000;

const isDoor = (path) => /^\/desk\/lectures\/[0-9a-z]{16}\/door$/.test(path);
const mayAnswer = (request, url) =>
  request.method === 'GET' && url.origin === self.location.origin
  && (isDoor(url.pathname) || url.pathname.startsWith('/desk/static/'));

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (mayAnswer(event.request, url)) event.respondWith(answer(event.request, url));
});

async function answer(request, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(isDoor(url.pathname) ? url.pathname : request, { ignoreVary: true });
  if (!kept) return fetch(request);
  if (url.searchParams.has('v')) return kept; // its address holds the hash of its content
  try {
    const fresh = await withPatience(fetch(request));
    return fresh.status >= 500 ? kept : fresh;
  } catch {
    return kept;
  }
}

// A network that is there and answers nothing is worse than none.
function withPatience(promise) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('too slow')), PATIENCE_MS);
    promise.then(resolve, reject);
  });
}
