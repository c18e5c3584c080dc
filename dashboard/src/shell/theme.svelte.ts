/** System, dark or light. public/theme.js sets the same attribute before the first paint. */
import { readSetting, writeSetting } from '../settings.ts';

export const themes = ['system', 'dark', 'light'] as const;
export type Theme = (typeof themes)[number];

const key = 'orchescope.theme';
const system = matchMedia('(prefers-color-scheme: dark)');
let choice = $state<Theme>(readStored());

export const theme = {
  get choice(): Theme {
    return choice;
  },
};

export function chooseTheme(next: Theme): void {
  choice = next;
  writeSetting(key, next === 'system' ? null : next);
  apply();
}

/** Follows the system while it is the choice. Returns what stops it. */
export function startTheme(): () => void {
  system.addEventListener('change', apply);
  return () => system.removeEventListener('change', apply);
}

function readStored(): Theme {
  const stored = readSetting(key);
  return themes.find((value) => value === stored) ?? 'system';
}

function apply(): void {
  const dark = choice === 'dark' || (choice === 'system' && system.matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}
