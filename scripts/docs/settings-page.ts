import { describeSettings } from '../../collector/src/config.ts';
import { code, toPage, toTable } from './markdown.ts';

/** What an operator may set, as `--help` says it. */
export function toSettingsPage(): string {
  const rows = describeSettings().map(({ name, defaultText, meaning }) => [
    code(name),
    defaultText === '' ? 'unset' : code(defaultText),
    meaning,
  ]);
  return toPage(
    'Settings of the server',
    '[collector/src/config.ts](../../collector/src/config.ts)',
    [
      'Environment variables, read once at start. An empty one counts as unset; a wrong one stops the server with a sentence',
      'that names it. `orchescope --help` prints the same list.',
      '',
      ...toTable(['Setting', 'Default', 'What it is'], rows),
      '',
      'The SDK has settings of its own: [sdk/README.md](../../sdk/README.md#capture-and-privacy).',
    ],
  );
}
