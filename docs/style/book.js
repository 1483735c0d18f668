const byId = (id) => document.getElementById(id);
const say = (text) => (byId('status').textContent = text);

// Contents: open where there is room for them.
{
  const contents = document.querySelector('.contents details');
  const wide = matchMedia('(min-width: 62rem)');
  const fit = () => (contents.open = wide.matches);
  fit();
  wide.addEventListener('change', fit);
  const here = contents.querySelector('[aria-current=page]');
  if (wide.matches && here) contents.parentElement.scrollTop = here.offsetTop - innerHeight / 3;

  // The section being read.
  const links = new Map();
  for (const link of contents.querySelectorAll('a[href^="#"]')) links.set(decodeURIComponent(link.hash.slice(1)), link);
  const headings = [...document.querySelectorAll('main :is(h1, h2, h3)[id]')].filter((heading) => links.has(heading.id));
  const mark = () => {
    const read = headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    for (const link of links.values()) link.removeAttribute('aria-current');
    links.get(read?.id)?.setAttribute('aria-current', 'location');
  };
  if (headings.length) {
    let waiting = false;
    addEventListener('scroll', () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    }, { passive: true });
    mark();
  }
}

// What scrolls sideways can be reached with the keyboard.
{
  const reachable = ({ target }) => {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute('tabindex');
  };
  const sizes = new ResizeObserver((entries) => entries.forEach(reachable));
  for (const box of document.querySelectorAll('main :is(pre, .scroll)')) {
    sizes.observe(box);
    reachable({ target: box });
  }
}

// Copying: data-copy if the block has it (a transcript's commands), else the code without its callouts.
{
  const textOf = (pre) => {
    if (pre.dataset.copy !== undefined) return pre.dataset.copy;
    const copy = pre.cloneNode(true);
    for (const callout of copy.querySelectorAll('.conum, .conum + b')) callout.remove();
    return copy.textContent.replace(/[ \t]+$/gm, '').replace(/\n+$/, '');
  };
  const write = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      area.className = 'unseen';
      document.body.append(area);
      const before = document.activeElement;
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      before?.focus();
      return done;
    }
  };
  for (const pre of document.querySelectorAll('main pre')) {
    if (pre.closest('[data-nocopy]') || !textOf(pre)) continue;
    const what = pre.closest('.diff') ? 'The new lines' : pre.dataset.copy !== undefined ? 'The commands' : 'The code';
    const button = byId('copy').content.firstElementChild.cloneNode(true);
    button.setAttribute('aria-label', what.replace('The', 'Copy the'));
    button.title = 'Copy';
    button.addEventListener('click', async () => {
      const done = await write(textOf(pre));
      button.toggleAttribute('data-copied', done);
      say(done ? `Copied: ${what.toLowerCase()}.` : 'The browser did not allow copying.');
      clearTimeout(button.timer);
      button.timer = setTimeout(() => button.removeAttribute('data-copied'), 2000);
    });
    const frame = document.createElement('div');
    frame.className = 'copyable';
    pre.replaceWith(frame);
    frame.append(pre, button);
  }
}

// Search: all words must be in the section; one in a title counts more.
{
  const input = byId('search');
  const list = byId('results');
  const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const marked = (text, words) => {
    const all = new RegExp(words.map(escaped).join('|'), 'gi');
    const parts = document.createDocumentFragment();
    let from = 0;
    for (const match of text.matchAll(all)) {
      const mark = document.createElement('mark');
      mark.textContent = match[0];
      parts.append(text.slice(from, match.index), mark);
      from = match.index + match[0].length;
    }
    parts.append(text.slice(from));
    return parts;
  };
  const around = (text, words) => {
    const at = Math.min(...words.map((word) => text.toLowerCase().indexOf(word)).filter((index) => index >= 0));
    if (at === Infinity) return text.slice(0, 120);
    const from = at < 50 ? 0 : text.indexOf(' ', at - 50) + 1;
    return (from ? '… ' : '') + text.slice(from, from + 120) + ' …';
  };
  const find = (words) =>
    bookIndex
      .map((entry) => {
        const title = `${entry.chapter} ${entry.section}`.toLowerCase();
        const text = entry.text.toLowerCase();
        if (!words.every((word) => title.includes(word) || text.includes(word))) return { score: 0 };
        const inTitle = words.filter((word) => entry.section.toLowerCase().includes(word)).length;
        const times = words.reduce((sum, word) => sum + Math.min(text.split(word).length - 1, 5), 0);
        return { entry, score: 1 + inTitle * 10 + times };
      })
      .filter((found) => found.score)
      .sort((one, other) => other.score - one.score);
  const close = () => {
    list.hidden = true;
    list.replaceChildren();
  };
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    close();
    if (!words.length) return say('');
    const found = find(words);
    for (const { entry } of found.slice(0, 12)) {
      const link = document.createElement('a');
      link.href = entry.href;
      const title = document.createElement('span');
      title.className = 'where';
      title.append(marked(entry.section ? `${entry.chapter} › ${entry.section}` : entry.chapter, words));
      const text = document.createElement('span');
      text.append(marked(around(entry.text, words), words));
      link.append(title, text);
      const item = document.createElement('li');
      item.append(link);
      list.append(item);
    }
    const count = found.length === 0 ? 'Nothing found' : found.length === 1 ? '1 section found' : `${found.length} sections found`;
    const note = document.createElement('li');
    note.className = 'count';
    note.textContent = count + (found.length > 12 ? ', the first 12 shown' : '');
    list.prepend(note);
    list.hidden = false;
    say(count);
  };
  const move = (by) => {
    const stops = [input, ...list.querySelectorAll('a')];
    stops[(stops.indexOf(document.activeElement) + by + stops.length) % stops.length].focus();
  };
  input.addEventListener('input', show);
  input.addEventListener('focus', () => list.hidden && show());
  input.closest('.search').addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && event.target === input) list.querySelector('a')?.click();
    else if (event.key === 'Escape') {
      input.value = '';
      close();
      input.focus();
    } else return;
    event.preventDefault();
  });
  list.addEventListener('click', (event) => event.target.closest('a') && close());
  document.addEventListener('pointerdown', (event) => event.target.closest('.search') || close());
  input.closest('.search').addEventListener('focusout', (event) => {
    if (event.relatedTarget && !event.relatedTarget.closest('.search')) close();
  });
}

// Keys, where none is being typed into.
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('input, textarea, select, [tabindex="0"], .search')) return;
  const turn = { ArrowLeft: 'prev', p: 'prev', ArrowRight: 'next', n: 'next' }[event.key];
  if (turn) document.querySelector(`a[rel=${turn}]`)?.click();
  else if (event.key === '/') byId('search').focus();
  else return;
  event.preventDefault();
});
