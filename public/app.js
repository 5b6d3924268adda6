// Comfort for pages that work without it: parts that renew themselves, forms that are sent once, keys.

const SECOND_MS = 1000;
const IDLE_PAUSE_MS = 15_000;

/** Renews one part of the page from its address until the part says that it is done. */
function keepLive(part) {
  const everyMs = Number(part.dataset.every) * SECOND_MS;
  let failures = 0;
  const renew = async () => {
    if (!part.isConnected) return;
    if (document.hidden) return void setTimeout(renew, everyMs);
    let isDone = false;
    try {
      const reply = await fetch(part.dataset.live, { headers: { 'Spillway-Part': '1' } });
      if (reply.status === 401 || reply.status === 404) return;
      if (!reply.ok) throw new Error(String(reply.status));
      failures = 0;
      isDone = replaceContent(part, await reply.text());
    } catch {
      failures++;
    }
    if (!isDone) {
      setTimeout(renew, Math.min(IDLE_PAUSE_MS, everyMs * (failures + 1)));
    } else if (part.dataset.then !== undefined) location.assign(part.dataset.then);
  };
  if (part.querySelector('[data-done]') === null) setTimeout(renew, everyMs);
}

/** Only what changed is replaced, so that focus, selection and open details stay where they are. True when what came says that it is done. */
function replaceContent(part, html) {
  const made = document.createElement('template');
  made.innerHTML = html;
  // Asked of what came: attributes of what stands there are not replaced, and nothing is while it has the focus.
  const isDone = made.content.querySelector('[data-done]') !== null;
  const [old, fresh] = [keyed(part), keyed(made.content)];
  const sameKeys = old.size > 0 && old.size === fresh.size && [...old.keys()].every((key) => fresh.has(key));
  if (!sameKeys) {
    if (!part.contains(document.activeElement)) part.replaceChildren(made.content);
    tellAgo(part);
    return isDone;
  }
  for (const [key, element] of old) {
    const next = fresh.get(key);
    if (element.innerHTML === next.innerHTML) continue;
    element.replaceChildren(...next.childNodes);
    if (element.dataset.quiet === undefined) {
      element.classList.remove('changed');
      requestAnimationFrame(() => element.classList.add('changed'));
    }
  }
  tellAgo(part);
  return isDone;
}

function keyed(root) {
  return new Map([...root.querySelectorAll('[data-key]')].map((element) => [element.dataset.key, element]));
}

const relative = new Intl.RelativeTimeFormat(document.documentElement.dataset.locale ?? navigator.language, {
  numeric: 'always',
});
function tellAgo(root = document) {
  for (const time of root.querySelectorAll('time[data-ago]')) {
    const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time.dateTime)) / SECOND_MS));
    const [size, unit] = [
      [86_400, 'day'],
      [3_600, 'hour'],
      [60, 'minute'],
      [1, 'second'],
    ].find(([size]) => seconds >= size) ?? [1, 'second'];
    time.textContent = relative.format(-Math.floor(seconds / size), unit);
  }
}

for (const part of document.querySelectorAll('[data-live]')) keepLive(part);
setInterval(tellAgo, SECOND_MS);

// A form is sent once: the server keeps its key, this only tells that it is on its way.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.confirm !== undefined && !confirm(form.dataset.confirm)) return event.preventDefault();
  if (form.dataset.once === undefined) return undefined;
  if (form.dataset.sent !== undefined) return event.preventDefault();
  form.dataset.sent = '1';
  requestAnimationFrame(() => {
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true');
  });
  return undefined;
});
// Back leads to a form that can be sent again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-disabled');
  }
});

document.addEventListener('change', (event) => {
  if (!event.target.matches('[data-submit-on-change]')) return;
  // Its value names the button that is as if pressed; without one, the form's first.
  event.target.form.requestSubmit(document.getElementById(event.target.dataset.submitOnChange) ?? undefined);
});

for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false;

// A search that shows what it finds while one types: without script its form does the same.
let asked = 0;
document.addEventListener('input', async (event) => {
  const target = document.getElementById(event.target.dataset?.search);
  if (target === null) return;
  const turn = ++asked;
  const address = new URL(event.target.form.action);
  address.searchParams.set(event.target.name, event.target.value);
  const reply = await fetch(address, { headers: { 'Spillway-Part': '1' } });
  if (reply.ok && turn === asked) target.innerHTML = await reply.text();
});

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (button === null) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  button.textContent = 'Copied';
});

// "/" goes to the search; a second key after "g" goes to a page.
const PLACES = {
  a: '/accounts',
  s: '/subscriptions',
  o: '/orders',
  i: '/invoices',
  p: '/payments',
  b: '/bill-runs',
  q: '/console',
};
let isGoing = false;
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, textarea, select'))
    return;
  if (event.key === '/') {
    const find = document.querySelector('[data-find]');
    if (find === null) return;
    event.preventDefault();
    find.focus();
  } else if (isGoing && PLACES[event.key] !== undefined) location.assign(PLACES[event.key]);
  isGoing = event.key === 'g';
});

// The summary of what was refused is where reading goes on; without one, where the page is, the reader stays.
document.getElementById('problems')?.focus();
