// The source of /collect/tropa.js: `npm run snippet` makes shared/collect/snippet.ts of it. At most 2 KB when it is made.
((w, d, s) => {
  const n = navigator;
  const post = s.src.replace(/tropa\.js.*/, s.dataset.key);
  // A browser that keeps nothing still says what it can.
  const kept = (name, value, session) => {
    try {
      const storage = session ? sessionStorage : localStorage;
      return value === undefined ? storage.getItem(name) : storage.setItem(name, value);
    } catch {}
  };
  const random = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => (b + 256).toString(16).slice(1)).join('');
  // Whoever has their browser say that they do not want to be followed is not.
  const may = () =>
    !n.globalPrivacyControl &&
    n.doNotTrack !== '1' &&
    kept('_tropa_ok') !== '0' &&
    (s.dataset.consent !== 'required' || kept('_tropa_ok') === '1');
  let queue = [];
  try {
    // Others may have put there what they like.
    queue = JSON.parse(kept('_tropa_q')).filter((event) => event?.type);
  } catch {}
  const save = () => kept('_tropa_q', JSON.stringify(queue));
  let busy = 0;

  const id = () => {
    if (!may()) return;
    const known = /(?:^|; )_tropa_id=([\w-]{16,64})/.exec(d.cookie);
    const mine = known ? known[1] : kept('_tropa_id') || random();
    d.cookie = `_tropa_id=${mine};path=/;max-age=31536000;SameSite=Lax${location.protocol === 'https:' ? ';Secure' : ''}`;
    kept('_tropa_id', mine);
    return mine;
  };

  // Below the 32 KB that are taken at once, and the 64 KB that a page may send while it closes.
  const flush = (most = 20) => {
    if (busy || !queue.length || !may()) return;
    let some = queue.slice(0, most);
    let body;
    const isLarge = () => {
      const said = some.map(({ at, ...event }) => ({ ...event, ago: Math.min(Math.max(Date.now() - at, 0), 864e5) }));
      body = JSON.stringify(said);
      return new Blob([body]).size > 3e4;
    };
    const done = () => {
      queue = queue.filter((event) => !some.includes(event));
      save();
      flush();
    };
    while (isLarge()) {
      if (!some[1]) return done();
      some = some.slice(0, some.length / 2);
    }
    busy = 1;
    fetch(post, { method: 'POST', keepalive: true, body }).then(
      ({ status }) => {
        busy = 0;
        if (status === 413 && some[1]) return flush(some.length / 2);
        if (status < 500 && status !== 429) done();
      },
      () => {
        busy = 0;
      },
    );
  };

  const track = (type, data) => {
    const anonymousId = id();
    if (!anonymousId) return;
    // As it is now, and only if it can be said at all: else it would keep all others back.
    const event = JSON.parse(JSON.stringify({ id: random(), type, at: Date.now(), anonymousId, data }));
    queue = [...queue.slice(-49), event];
    save();
    flush();
  };

  const does = {
    view: (data) => track('product.viewed', data),
    cart: (data) => track('cart.updated', data),
    id,
    consent: (yes) => {
      kept('_tropa_ok', yes ? '1' : '0');
      if (yes) return begin();
      queue = [];
      save();
      kept('_tropa_id', '');
      d.cookie = '_tropa_id=;path=/;max-age=0';
    },
  };

  const begin = () => {
    const mine = id();
    // A Shopify cart carries it into the order, which says who it was.
    if (mine && w.Shopify && kept('_tropa_cart', undefined, 1) !== mine) {
      fetch('/cart/update.js', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ attributes: { _tropa_id: mine } }),
      }).then(
        () => kept('_tropa_cart', mine, 1),
        () => {},
      );
    }
    flush();
  };

  const waiting = w.tropa?.q || [];
  w.tropa = (what, data) => {
    try {
      return does[what]?.(data);
    } catch (error) {
      console.error(error);
    }
  };
  begin();
  for (const [what, data] of waiting) w.tropa(what, data);
})(window, document, document.currentScript);
