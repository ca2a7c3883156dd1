'use strict';
// The keys of the desk, and decisions without waiting for the server. Every form works without this file; it presses the
// same buttons. What the server has not confirmed is never taken for done.
(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const words = one('#words') ? one('#words').dataset : {};
  const live = one('#live');
  const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  const queue = one('#cards');
  const asks = one('#ask'); // The page that asks about one comment has keys of its own.
  const acts = []; // What can be taken back, the last one last: { act, card, line }.
  let current = null;
  let pending = 0;
  let answered = false;

  document.documentElement.classList.add('js');

  function say(text) {
    if (!live) return;
    live.textContent = '';
    setTimeout(() => { live.textContent = text; }, 30);
  }

  function ask(path, values) {
    return fetch(path, {
      method: 'POST',
      headers: { 'Accept': 'application/json' },
      body: new URLSearchParams(values),
      keepalive: true,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(20000),
    });
  }

  // Moving about

  const cards = () => all('article.card').filter((card) => !card.hidden);

  function frame(card) {
    if (current === card) return;
    if (current) current.classList.remove('current');
    current = card;
    if (card) { card.classList.add('current'); look(); }
  }

  function show(element) {
    const box = element.getBoundingClientRect();
    if (box.top >= 0 && box.bottom <= innerHeight) return;
    const block = box.height > innerHeight - 32 || box.top < 0 ? 'start' : 'nearest';
    element.scrollIntoView({ block, behavior: smooth ? 'smooth' : 'auto' });
  }

  function go(card) {
    frame(card);
    card.focus({ preventScroll: true });
    show(card);
  }

  function step(by) {
    const list = cards();
    const at = list.indexOf(current);
    const next = list[at < 0 ? 0 : at + by];
    if (next) return go(next);
    if (by < 0) return;
    const more = one('#next');
    if (more) { more.focus(); show(more); }
    say(words.end);
  }

  function after(card) {
    const list = all('article.card');
    const at = list.indexOf(card);
    return list.slice(at + 1).find((other) => !other.hidden)
      || list.slice(0, at).reverse().find((other) => !other.hidden);
  }

  document.addEventListener('focusin', (event) => {
    const card = event.target.closest('article.card');
    if (card) frame(card);
  });

  // Deciding

  function told(card, text, kind) {
    let notice = one('.trouble', card);
    if (!notice) {
      notice = document.createElement('p');
      notice.className = 'trouble';
      notice.setAttribute('role', 'alert');
      (one('details.decided', card) || one('form.decide', card)).before(notice);
    }
    notice.textContent = text;
    notice.classList.toggle('taken', kind === 'taken');
  }

  function line(card) {
    const line = document.createElement('div');
    line.className = 'outcome';
    const text = document.createElement('p');
    text.textContent = words.saving;
    line.append(text);
    card.after(line);
    return line;
  }

  // What is left, where the server counted to the end.
  function count(by) {
    const told = one('.count[data-left]');
    if (!told) return;
    const left = Math.max(0, Number(told.dataset.left) + by);
    told.dataset.left = left;
    const phrase = left === 1 ? told.dataset.one : told.dataset.many;
    told.textContent = phrase.replace('{n}', left.toLocaleString(document.documentElement.lang));
  }

  function back(card, line) {
    card.hidden = false;
    if (line) line.remove();
  }

  async function decide(form, submitter) {
    const card = form.closest('article.card');
    const values = new FormData(form, submitter);
    const note = values.get('verdict') === 'note';
    const trouble = one('.trouble', card);
    if (trouble) trouble.remove();
    let trail = null;
    if (!note) {
      trail = line(card);
      const next = after(card);
      card.hidden = true;
      if (next) go(next); else frame(null);
    }
    pending += 1;
    try {
      const answer = await ask('/decide', values);
      if (answer.status === 401) { location.reload(); return; }
      const value = await answer.json();
      if (answer.ok) {
        one('[name=seen]', form).value = value.act + value.comments - 1;
        if (note) {
          one('textarea', form).value = '';
          one('details.note', form).open = false;
          go(card);
        } else {
          one('p', trail).textContent = value.told;
          const undo = document.createElement('button');
          undo.textContent = words.undo;
          const act = { act: value.act, card, line: trail };
          undo.addEventListener('click', () => take(act));
          trail.append(undo);
          acts.push(act);
          count(-1);
        }
        say(value.told);
      } else {
        back(card, trail);
        told(card, value.told || value.error, answer.status === 409 ? 'taken' : 'lost');
        if (answer.status === 409) {
          const link = document.createElement('a');
          link.href = '/item/' + card.dataset.item;
          link.textContent = one('.around a', card) ? one('.around a', card).textContent : '→';
          one('.trouble', card).append(' ', link);
        }
        say(value.told || value.error);
      }
    } catch (error) {
      back(card, trail);
      told(card, words.lost, 'lost');
      say(words.lost);
    } finally {
      pending -= 1;
      carryOn();
    }
  }

  // All of the page is decided and recorded: on to the rest.
  function carryOn() {
    if (pending > 0 || !queue || cards().length > 0 || all('article.card').length === 0) return;
    const more = one('#next');
    const here = new URL(location.href);
    here.searchParams.delete('did');
    location.assign(more ? more.href : here.href);
  }

  async function take(act) {
    pending += 1;
    try {
      const answer = await ask('/undo', act ? { act: act.act } : {});
      if (answer.status === 401) { location.reload(); return; }
      if (answer.status === 404) { say(words.nothing); return; }
      const value = await answer.json();
      say(value.told || value.error);
      if (!answer.ok) { if (act) one('p', act.line).textContent = value.told || value.error; return; }
      if (!act) {
        const here = new URL(location.href);
        here.searchParams.set('did', value.act);
        location.assign(here);
        return;
      }
      acts.splice(acts.indexOf(act), 1);
      one('[name=seen]', act.card).value = value.act + value.comments - 1;
      back(act.card, act.line);
      count(1);
      go(act.card);
    } catch (error) {
      say(words.lost);
      if (act) one('p', act.line).textContent = words.lost;
    } finally {
      pending -= 1;
    }
  }

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.matches('#cards form.decide')) {
      event.preventDefault();
      decide(form, event.submitter);
    } else if (form.matches('form.answer')) {
      // A key that is pressed twice answers once.
      if (answered) event.preventDefault();
      answered = true;
    } else if (form.action.endsWith('/calm')) {
      event.preventDefault();
      calm();
    }
  });

  addEventListener('beforeunload', (event) => {
    if (pending > 0) event.preventDefault();
  });

  // Calm

  function calm() {
    const on = document.body.dataset.calm !== 'on';
    document.body.dataset.calm = on ? 'on' : 'off';
    for (const veil of all('details.veil')) veil.open = !on;
    const button = one('#calm');
    button.textContent = on ? button.dataset.off : button.dataset.on;
    button.value = on ? 'off' : 'on';
    ask('/calm', { calm: on ? 'on' : 'off' }).catch(() => {});
    say(on ? words.covered : words.uncovered);
  }

  // The thread around a comment

  async function open(card) {
    const box = one('.around', card);
    if (!box) return;
    const loaded = one('.threaded', box);
    if (loaded) { loaded.hidden = !loaded.hidden; return; }
    try {
      const answer = await fetch(box.dataset.from + '?part=thread', { credentials: 'same-origin' });
      if (!answer.ok) throw new Error();
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const thread = document.createElement('div');
      thread.className = 'threaded';
      thread.append(...page.body.childNodes);
      box.append(thread);
    } catch (error) {
      say(words.thread);
    }
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.thread');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(link.closest('article.card'));
  });

  // Who looks at what

  let looking = 0;
  function look() {
    clearTimeout(looking);
    looking = setTimeout(claims, 400);
  }

  async function claims() {
    const list = cards();
    if (list.length === 0 || document.hidden) return;
    const values = { items: list.map((card) => card.dataset.item).join(',') };
    if (current && !current.hidden) values.item = current.dataset.item;
    try {
      const answer = await ask('/claims', values);
      if (!answer.ok) return;
      const others = await answer.json();
      for (const card of list) {
        const name = others[card.dataset.item];
        const claim = one('.claim', card);
        claim.hidden = !name;
        claim.textContent = name ? words.looked.replace('{name}', () => name) : '';
      }
    } catch (error) { /* A decision will tell. */ }
  }
  setInterval(claims, 20000);

  // Keys

  const press = (name) => {
    const button = current && one('form.decide button.' + name, current);
    if (button) button.click();
  };

  function tick(number) {
    const box = current && all('fieldset.labels input', current)[number - 1];
    if (!box) return;
    box.checked = !box.checked;
    say(box.parentElement.querySelector('span').textContent + (box.checked ? ' ✓' : ' ✗'));
  }

  function note() {
    const box = current && one('form.decide details.note', current);
    if (!box) return;
    const decided = current.querySelector('details.decided');
    if (decided) decided.open = true;
    box.open = true;
    one('textarea', box).focus();
  }

  const answer = (name) => {
    const button = one('form.answer button.' + name);
    if (button) button.click();
  };

  const help = one('#keys');
  const opens = () => current && open(current);
  const asking = {
    y: () => answer('yes'),
    n: () => answer('no'),
    s: () => answer('later'),
    u: () => take(),
    e: opens,
    b: calm,
    '?': () => help && help.showModal(),
  };
  // Yes in French; what the queue's keys do; the key that is easiest to find.
  Object.assign(asking, { o: asking.y, r: asking.y, a: asking.n, d: asking.s, ' ': asking.s });
  const keys = asks ? asking : {
    j: () => step(1),
    k: () => step(-1),
    a: () => press('approve'),
    r: () => press('reject'),
    d: () => press('defer'),
    u: () => take(acts[acts.length - 1]),
    o: opens,
    n: note,
    e: () => { const reason = current && one('form.decide select', current); if (reason) reason.focus(); },
    m: () => { const more = one('#next'); if (more) more.click(); },
    b: calm,
    '/': () => { const search = one('#text'); if (search) { search.focus(); search.select(); } },
    '?': () => help && help.showModal(),
  };

  document.addEventListener('keydown', (event) => {
    const target = event.target;
    const typing = target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button])');
    if (event.isComposing || (help && help.open)) return;
    if (typing && event.key === 'Enter' && (event.ctrlKey || event.metaKey) && target.matches('textarea')) {
      event.preventDefault();
      one('button[value=note]', target.form).click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (typing || target.closest('form')) { if (current) go(current); else target.blur(); }
      return;
    }
    if (typing) return;
    let act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (event.key === 'Enter') {
      act = target.matches('article.card, body') ? opens : null;
    } else if (event.key === ' ' && target.matches('a, button, summary, input')) {
      return;
    } else if (asks && !act) {
      return;
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (target.matches('input[type=radio]')) return;
      // A comment longer than the window is scrolled through before it is left.
      const box = current ? current.getBoundingClientRect() : null;
      const down = event.key === 'ArrowDown';
      if (box && (down ? box.bottom > innerHeight + 8 : box.top < -8)) return;
      act = () => step(down ? 1 : -1);
    } else if (!act && !event.shiftKey) {
      // By place: on a French keyboard, digits need Shift.
      const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
      if (digit) act = () => tick(Number(digit[1]));
    } else if (!act && /^[1-9]$/.test(event.key)) {
      act = () => tick(Number(event.key));
    }
    if (!act || (event.repeat && !'jk'.includes(event.key.toLowerCase()) && !event.key.startsWith('Arrow'))) return;
    event.preventDefault();
    act();
  });

  const button = one('#help');
  if (button && help) {
    button.hidden = false;
    button.addEventListener('click', () => help.showModal());
  }
  addEventListener('pageshow', () => { answered = false; });
  const first = cards()[0];
  if (first) frame(first);
})();
