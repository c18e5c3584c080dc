/** Who acts here, as this browser remembers it: there are no accounts. */
import { readSetting, writeSetting } from '../settings.ts';

const key = 'orchescope.name';

/** Empty when nobody said. */
export function person(): string {
  return readSetting(key) ?? '';
}

export function rememberPerson(name: string): void {
  writeSetting(key, name === '' ? null : name);
}
