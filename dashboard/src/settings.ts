/** What this browser remembers. Storage may be blocked; then a choice lasts as long as the page. */

/** null when it was never set, or the browser keeps nothing. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    // Storage is blocked: every setting is at its default.
    return null;
  }
}

export function writeSetting(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
    return;
  }
}
