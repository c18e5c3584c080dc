import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllowList } from './allow-list.ts';
import { post, type PostOptions } from './outbound.ts';
import { startSink, type Sink } from './sink.testing.ts';
import { OutboundFailed, OutboundRefused } from './target.ts';

let v4: Sink;
let v6: Sink;
beforeAll(async () => {
  v4 = await startSink();
  v6 = await startSink(undefined, { host: '::1' });
});
afterAll(async () => {
  await v4[Symbol.asyncDispose]();
  await v6[Symbol.asyncDispose]();
});

const never = new AbortController().signal;
const send = (target: string, options: Partial<PostOptions> = {}) =>
  post(target, {
    headers: { 'content-type': 'application/json' },
    body: '{}',
    signal: never,
    allow: [],
    nowMs: Date.UTC(2026, 10, 21),
    ...options,
  });

const refusal = async (target: string, options: Partial<PostOptions> = {}): Promise<string> => {
  const answer = await send(target, options).catch((error: unknown) => error);
  expect(answer).toBeInstanceOf(OutboundRefused);
  return answer instanceof Error ? answer.message : '';
};

/** As an attacker's name server would. */
const names: Readonly<Record<string, readonly string[]>> = {
  'loopback.example': ['127.0.0.1'],
  'mixed.example': ['93.184.215.14', '127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'private.example': ['10.0.0.7'],
  localhost: ['::1', '127.0.0.1'],
};
const resolve = async (host: string): Promise<readonly string[]> => {
  const found = names[host];
  if (found === undefined) throw new Error('ENOTFOUND');
  return found;
};

describe('what is not on the public internet is not connected to', () => {
  test.each([
    ['an address', '127.0.0.1'],
    ['another address of the same', '127.8.9.10'],
    ['a decimal number', '2130706433'],
    ['octal', '0177.0.0.1'],
    ['hexadecimal', '0x7f.1'],
    ['one hexadecimal number', '0x7f000001'],
    ['a short form', '127.1'],
    ['letters of full width', '１２７.0.0.1'],
    ['percent codes', '%31%32%37.0.0.1'],
    ['the unspecified address', '0.0.0.0'],
    ['zero', '0'],
    ['a mapped address', '[::ffff:127.0.0.1]'],
    ['a mapped address in hexadecimal', '[::ffff:7f00:1]'],
    ['a compatible address', '[::127.0.0.1]'],
    ['a translated address', '[::ffff:0:127.0.0.1]'],
    ['NAT64', '[64:ff9b::127.0.0.1]'],
    ['NAT64 of a network of its own', '[64:ff9b:1::7f00:1]'],
    ['6to4', '[2002:7f00:1::]'],
    ['a client behind Teredo', '[2001:0:5db8:d822::80ff:fffe]'],
    ['a server of Teredo', '[2001:0:7f00:1::a247:27dd]'],
    ['the unspecified address of IPv6', '[::]'],
    ['loopback of IPv6', '[::1]'],
    ['a local address of IPv6', '[fd00::1]'],
    ['a link', '[fe80::1]'],
    ['a site', '[fec0::1]'],
    ['what nobody was given', '[4000::1]'],
    ['the metadata of a cloud', '169.254.169.254'],
    ['the metadata of a cloud, in IPv6', '[fd00:ec2::254]'],
    ['a private network', '10.1.2.3'],
    ['another', '172.16.0.1'],
    ['a third', '192.168.1.1'],
    ['the network of a provider', '100.64.0.1'],
    ['benchmarks', '198.18.0.1'],
    ['documentation', '203.0.113.9'],
    ['everybody', '255.255.255.255'],
    ['many', '224.0.0.1'],
    ['a name', 'localhost'],
    ['a name with a dot', 'localhost.'],
    ['a name that leads to it', 'loopback.example'],
    ['a name that leads there too', 'mixed.example'],
    ['a name that leads to the metadata', 'metadata.example'],
    ['a name that leads to a mapped address', 'mapped.example'],
    ['a name that leads to a private one', 'private.example'],
  ])('%s: %s', async (_, host) => {
    const before = [v4.connections(), v6.connections()];
    for (const { port } of [v4, v6]) {
      for (const scheme of ['http', 'https']) {
        expect(await refusal(`${scheme}://${host}:${port}/`, { resolve })).toMatch(
          /is not a public address\. Use a public host(, or let the operator add \S+ to ORCHESCOPE_ALERT_ALLOW)?\.$/,
        );
      }
    }
    expect([v4.connections(), v6.connections()]).toEqual(before);
  });
});

test.each([
  ['ftp://hooks.example/', 'Messages go out over https or http, not ftp://.'],
  ['file:///etc/passwd', 'Messages go out over https or http, not file://.'],
  ['gopher://127.0.0.1:6379/_INFO', 'Messages go out over https or http, not gopher://.'],
  ['javascript:alert(1)', 'Messages go out over https or http, not javascript://.'],
  ['data:text/plain,hi', 'Messages go out over https or http, not data://.'],
  ['hooks.example/path', 'The address is not a URL. Write it as https://host/path.'],
  ['', 'The address is not a URL. Write it as https://host/path.'],
  ['http://256.1.1.1/', 'The address is not a URL. Write it as https://host/path.'],
  [
    'https://hooks.example@127.0.0.1/',
    'The address has a user name or a password in it. Remove them; the signature tells who sends.',
  ],
  [
    'https://1.1.1.1:6379/',
    'Port 6379 is not among 443, 80. Use one of them, or let the operator add 1.1.1.1:6379 to ORCHESCOPE_ALERT_ALLOW.',
  ],
  [
    'http://169.254.169.254/latest/meta-data/',
    '169.254.169.254 is not a public address. Use a public host.',
  ],
  [
    'https://loopback.example/',
    'loopback.example leads to 127.0.0.1, which is not a public address. Use a public host, or let the operator add 127.0.0.1 to ORCHESCOPE_ALERT_ALLOW.',
  ],
  [
    'http://[::1]:8080/',
    '::1 is not a public address. Use a public host, or let the operator add [::1]:8080 to ORCHESCOPE_ALERT_ALLOW.',
  ],
])('%s is answered with what to change', async (target, sentence) => {
  expect(await refusal(target, { resolve })).toBe(sentence);
});

describe('what the operator allows is reached', () => {
  test.each([
    ['an address with its port', '127.0.0.1', '127.0.0.1'],
    ['a network with a port', '127.0.0.1', '127.0.0.0/8'],
    ['a name', 'loopback.example', 'loopback.example'],
    ['names below another', 'loopback.example', '*.example'],
    ['a name by its address', 'loopback.example', '127.0.0.1'],
    ['an address in another form', '2130706433', '127.0.0.1'],
    ['a mapped address', '[::ffff:127.0.0.1]', '127.0.0.1'],
  ])('%s', async (_, host, entry) => {
    const allow = parseAllowList([`${entry}:${v4.port}`]);
    const before = v4.requests.length;
    const answer = await send(`http://${host}:${v4.port}/hook?a=b`, { allow, resolve });
    expect(answer).toEqual({ status: 200, retryAfterMs: null, bodyStart: 'ok' });
    expect(v4.requests.slice(before)).toMatchObject([
      { method: 'POST', path: '/hook?a=b', body: '{}' },
    ]);
  });

  test('an address of IPv6', async () => {
    const allow = parseAllowList([`[::1]:${v6.port}`]);
    expect(await send(`http://[::1]:${v6.port}/`, { allow })).toMatchObject({ status: 200 });
  });

  test.each([
    ['another port', ['127.0.0.1'], '127.0.0.1'],
    ['another network', ['10.0.0.0/8', '[::1]:80'], '127.0.0.1'],
    ['a name that is above', ['*.loopback.example'], 'loopback.example'],
    ['a name that only ends like it', ['*.back.example'], 'loopback.example'],
    ['a name that leads to the metadata', ['metadata.example'], 'metadata.example'],
  ])('but not %s', async (_, items, host) => {
    const allow = parseAllowList(items);
    expect(await refusal(`http://${host}:${v4.port}/`, { allow, resolve })).toContain(host);
  });

  test('a name vouches for private addresses, never for the metadata of a cloud', async () => {
    const allow = parseAllowList(['metadata.example']);
    expect(await refusal('http://metadata.example/', { allow, resolve })).toMatch(
      /^metadata.example leads to 169.254.169.254/,
    );
  });
});

test('the connection goes to the address that was checked, though the name leads elsewhere next', async () => {
  await using inner = await startSink(undefined, { host: '127.0.0.2', port: v4.port });
  let asked = 0;
  const rebinding = async () => {
    asked += 1;
    return asked === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
  };
  const allow = parseAllowList([`127.0.0.1:${v4.port}`]);
  const target = `http://rebinding.example:${v4.port}/`;
  expect(await send(target, { allow, resolve: rebinding })).toMatchObject({ status: 200 });
  expect(asked).toBe(1);
  expect(v4.requests.at(-1)?.headers.host).toBe(`rebinding.example:${v4.port}`);
  expect(await refusal(target, { allow, resolve: rebinding })).toMatch(/leads to 127.0.0.2/);
  expect(inner.connections()).toBe(0);
});

test('of several addresses the next is tried where nothing listens', async () => {
  const answer = await send(`http://several.example:${v4.port}/`, {
    allow: parseAllowList([`127.0.0.0/8:${v4.port}`]),
    resolve: async () => ['127.0.0.3', '127.0.0.1'],
  });
  expect(answer).toMatchObject({ status: 200 });
});

test('a redirect is an answer, and not followed', async () => {
  const location = `http://127.0.0.1:${v4.port}/secret`;
  await using sink = await startSink(() => ({ status: 307, headers: { location } }));
  const before = v4.connections();
  const allow = parseAllowList([`127.0.0.1:${sink.port}`, `127.0.0.1:${v4.port}`]);
  expect(await send(`http://127.0.0.1:${sink.port}/`, { allow })).toMatchObject({ status: 307 });
  expect(v4.connections()).toBe(before);
});

test('of a long answer 64 kB are read', async () => {
  await using sink = await startSink(() => ({ status: 200, body: 'x'.repeat(5_000_000) }));
  const allow = parseAllowList([`127.0.0.1:${sink.port}`]);
  const { status, bodyStart } = await send(`http://127.0.0.1:${sink.port}/`, { allow });
  expect([status, bodyStart.length]).toEqual([200, 65_536]);
});

test.each([200, 500])('a status of %i counts though its body does not end', async (status) => {
  await using sink = await startSink(() => ({ status, isEndless: true }));
  const allow = parseAllowList([`127.0.0.1:${sink.port}`]);
  expect(await send(`http://127.0.0.1:${sink.port}/`, { allow })).toMatchObject({
    status,
    bodyStart: 'o',
  });
});

describe('what goes wrong is said, without the path', () => {
  const failure = async (target: string, options: Partial<PostOptions>): Promise<string> => {
    const answer = await send(target, options).catch((error: unknown) => error);
    expect(answer).toBeInstanceOf(OutboundFailed);
    return answer instanceof Error ? answer.message : '';
  };

  test('a server that hangs', async () => {
    await using sink = await startSink(() => 'hang');
    const host = `127.0.0.1:${sink.port}`;
    const options = { allow: parseAllowList([host]), timeoutMs: 200 };
    expect(await failure(`http://${host}/secret`, options)).toBe(
      `${host} did not answer within 0.2 s.`,
    );
  });

  test('a name server that hangs', async () => {
    const options = { resolve: () => new Promise<never>(() => undefined), timeoutMs: 50 };
    expect(await failure('https://hooks.example/secret', options)).toBe(
      'hooks.example did not answer within 0.05 s.',
    );
  });

  test('a server that resets', async () => {
    await using sink = await startSink(() => 'reset');
    const host = `127.0.0.1:${sink.port}`;
    expect(await failure(`http://${host}/secret`, { allow: parseAllowList([host]) })).toBe(
      `${host} could not be reached: it closed the connection.`,
    );
  });

  test('a port that nobody listens on', async () => {
    const sink = await startSink();
    const host = `127.0.0.1:${sink.port}`;
    await sink[Symbol.asyncDispose]();
    expect(await failure(`http://${host}/secret`, { allow: parseAllowList([host]) })).toBe(
      `${host} could not be reached: nothing listens there.`,
    );
  });

  test('a server without TLS', async () => {
    const host = `127.0.0.1:${v4.port}`;
    expect(await failure(`https://${host}/secret`, { allow: parseAllowList([host]) })).toBe(
      `${host} could not be reached: it does not speak the protocol of the address.`,
    );
  });

  test('a name that does not exist', async () => {
    expect(await failure('https://nowhere.example/secret', { resolve })).toBe(
      'The name nowhere.example could not be looked up. Check how it is written.',
    );
  });

  test('whoever stops', async () => {
    const stopped = AbortSignal.abort();
    expect(await failure('https://loopback.example/', { resolve, signal: stopped })).toMatch(
      /could not be reached/,
    );
  });
});
