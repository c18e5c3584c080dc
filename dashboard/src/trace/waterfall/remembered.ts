/** Small choices of this browser. A browser that keeps nothing is not an error. */
export function readChoice(name: string): string | null {
  try {
    return localStorage.getItem(`orchescope.${name}`);
  } catch {
    return null;
  }
}

export function writeChoice(name: string, value: string): void {
  try {
    localStorage.setItem(`orchescope.${name}`, value);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
    return;
  }
}
