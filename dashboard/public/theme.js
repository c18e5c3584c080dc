// Runs before the first paint, so that a stored choice never flashes. src/shell/theme.svelte.ts takes over later.
(() => {
  let stored = null;
  try {
    stored = localStorage.getItem('orchescope.theme');
  } catch {
    // Storage is blocked: the system's choice stands.
    stored = null;
  }
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme =
    stored === 'dark' || stored === 'light' ? stored : system;
})();
