// Runs before the first paint, so that a dark room never sees a white flash. A file, since the policy forbids inline scripts.
(() => {
  const page = globalThis;
  let choice = 'auto';
  try {
    choice = page.localStorage.getItem('mantine-color-scheme-value') ?? 'auto';
  } catch {
    // Storage is switched off: follow the system.
  }
  const isDark = choice === 'dark' || (choice !== 'light' && page.matchMedia('(prefers-color-scheme: dark)').matches);
  page.document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
})();
