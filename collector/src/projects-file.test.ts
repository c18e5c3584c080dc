import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { openProjectsFile, ProjectsFileError } from './projects-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'orchescope-projects-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = join(folder, 'projects.json');
function write(content: unknown): string {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const { projectDefaults: defaults } = readConfig({});

test('without a file every project has the settings of all', () => {
  const { settingsOf, retentionOf } = openProjectsFile('', defaults);
  expect(settingsOf('any')).toEqual({
    retentionDays: 30,
    contentRetentionDays: 30,
    spansPerSecond: null,
    bytesPerSecond: null,
  });
  expect(retentionOf('any')).toEqual({ spanDays: 30, contentDays: 30 });
});

test('a project keeps what the file says of it, and the defaults for the rest', () => {
  const file = write({
    shop: { retentionDays: 90, spansPerSecond: 500 },
    lab: { retentionDays: 7 },
    chat: { contentRetentionDays: 3 },
  });
  const { settingsOf, retentionOf } = openProjectsFile(file, { ...defaults, bytesPerSecond: 10 });
  expect(settingsOf('shop')).toMatchObject({ spansPerSecond: 500, bytesPerSecond: 10 });
  expect(retentionOf('shop')).toEqual({ spanDays: 90, contentDays: 30 });
  expect(retentionOf('lab')).toEqual({ spanDays: 7, contentDays: 7 });
  expect(retentionOf('chat')).toEqual({ spanDays: 30, contentDays: 3 });
  expect(retentionOf('__proto__')).toEqual({ spanDays: 30, contentDays: 30 });
});

test('null lifts a limit that all others have', () => {
  const file = write({ trusted: { spansPerSecond: null } });
  const { settingsOf } = openProjectsFile(file, { ...defaults, spansPerSecond: 5 });
  expect([settingsOf('trusted').spansPerSecond, settingsOf('other').spansPerSecond]).toEqual([
    null,
    5,
  ]);
});

test.each([
  ['an unknown key', { shop: { retentiondays: 3 } }, /shop: Unrecognized key: "retentiondays"/],
  ['no days', { shop: { retentionDays: 0 } }, /shop\.retentionDays: /],
  ['a rate of nothing', { shop: { spansPerSecond: 0 } }, /shop\.spansPerSecond: /],
  ['half a day', { shop: { retentionDays: 1.5 } }, /shop\.retentionDays: /],
  ['messages without spans', { shop: { contentRetentionDays: 31 } }, /keep spans at least as long/],
  ['a name no project has', { 'a b': {} }, /"a b" cannot be the name/],
  ['a list', [], /the whole: /],
  ['no JSON', '{', /it cannot be read: /],
])('%s is refused with a sentence that names the file', (_, content, sentence) => {
  const file = write(content);
  expect(() => openProjectsFile(file, defaults)).toThrow(ProjectsFileError);
  expect(() => openProjectsFile(file, defaults)).toThrow(sentence);
  expect(() => openProjectsFile(file, defaults)).toThrow(`ORCHESCOPE_PROJECTS_FILE=${file}`);
});

test('a file that is not there is refused with a sentence', () => {
  expect(() => openProjectsFile(join(folder, 'none.json'), defaults)).toThrow(/cannot be read/);
});

test('the file is read again when asked, and a broken one changes nothing', () => {
  const projects = openProjectsFile(write({ shop: { retentionDays: 5 } }), defaults);
  write({ shop: { retentionDays: 6 } });
  projects.reload();
  expect(projects.retentionOf('shop').spanDays).toBe(6);
  write({ shop: { retentionDays: 'long' } });
  expect(projects.reload).toThrow(ProjectsFileError);
  expect(projects.retentionOf('shop').spanDays).toBe(6);
});
