// Before the first paint. Storage may be refused to a page from a folder.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    let kept = null;
    try {
      kept = localStorage.getItem('theme');
    } catch {}
    document.documentElement.dataset.theme = kept || (system.matches ? 'dark' : 'light');
    document.getElementById('theme')?.setAttribute('aria-pressed', document.documentElement.dataset.theme === 'dark');
  };
  const toggle = () => {
    const root = document.documentElement;
    const next = root.dataset.theme === 'dark' ? 'light' : 'dark';
    try {
      if (next === (system.matches ? 'dark' : 'light')) localStorage.removeItem('theme');
      else localStorage.setItem('theme', next);
      apply();
    } catch {
      root.dataset.theme = next;
    }
  };
  apply();
  system.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('DOMContentLoaded', () => {
    apply();
    document.getElementById('theme').addEventListener('click', toggle);
  });
})();
