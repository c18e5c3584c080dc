import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const kilobyte = 1024;

async function gzippedKb(path: string): Promise<number> {
  return gzipSync(await readFile(join(dist, path)), { level: 9 }).length / kilobyte;
}

test('what a browser needs before the first paint is at most 60 KB of script', async () => {
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path = '']) => path);
  expect(scripts.length).toBeGreaterThan(0);
  let total = 0;
  for (const script of scripts) total += await gzippedKb(script);
  expect(total).toBeLessThanOrEqual(60);
});

test('everything together is at most 300 KB of script', async () => {
  const files = (await readdir(join(dist, 'assets'))).filter((file) => file.endsWith('.js'));
  let total = 0;
  for (const file of files) total += await gzippedKb(join('assets', file));
  expect(total).toBeLessThanOrEqual(300);
});

test('nothing is inline: the policy of the server would refuse it', async () => {
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  expect(html.match(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/g)).toBeNull();
});
