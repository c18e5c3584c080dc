/** The examples that AWS publishes for S3 ("Signature calculations: transferring payload in a single chunk"). */
import { expect, test } from 'vitest';
import { signS3, type S3Request } from './sign-s3.ts';

const keys = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const nowMs = Date.UTC(2013, 4, 24);
const bucket = 'https://examplebucket.s3.amazonaws.com';

const vectors: readonly [name: string, request: S3Request, signature: string][] = [
  [
    'part of an object',
    {
      method: 'GET',
      url: new URL(`${bucket}/test.txt`),
      headers: { range: 'bytes=0-9' },
      body: '',
    },
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  [
    'an object with a dollar in its name',
    {
      method: 'PUT',
      url: new URL(`${bucket}/test$file.text`),
      headers: {
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      },
      body: 'Welcome to Amazon S3.',
    },
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  [
    'a question without a value',
    { method: 'GET', url: new URL(`${bucket}/?lifecycle`), headers: {}, body: '' },
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  ],
  [
    'a list with a prefix',
    { method: 'GET', url: new URL(`${bucket}/?max-keys=2&prefix=J`), headers: {}, body: '' },
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
];

test.each(vectors)('signs %s', (_, request, signature) => {
  const { authorization } = signS3(request, keys, nowMs);
  expect(authorization).toContain(`Signature=${signature}`);
});
