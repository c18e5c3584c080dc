/** Pictures, sound and files: what they are and how large, never their bytes. */
import type { MessagePart } from '../../contract.ts';
import {
  field,
  firstField,
  isObject,
  objectField,
  textField,
  type JsonObject,
} from './json-fields.ts';

type Media = Extract<MessagePart, { type: 'media' }>;

const types: Readonly<Record<string, string>> = {
  blob: '',
  uri: '',
  media: '',
  image: 'image',
  'image-data': 'image',
  'image-url': 'image',
  image_url: 'image',
  input_image: 'image',
  audio: 'audio',
  input_audio: 'audio',
  video: 'video',
  file: '',
  file_data: '',
  'file-data': '',
  'file-url': '',
  input_file: '',
  document: '',
};

export function isMediaType(type: string): boolean {
  return Object.hasOwn(types, type);
}

/** OTel blob, uri, file; OpenAI image_url, input_audio, file; Anthropic source; AI SDK image and file. */
export function toMedia(type: string, block: JsonObject): Media {
  const inner =
    firstObject(block, 'source', 'image_url', 'input_audio', 'file', 'image', 'audio') ?? block;
  const told = mimeOf(inner) || mimeOf(block) || formatOf(type, inner);
  return toReference(
    firstData(inner) ?? firstData(block),
    told,
    textField(block, 'modality') || types[type] || '',
  );
}

/** Gemini's `inlineData` and `fileData`. */
export function toGeminiMedia(data: JsonObject): Media {
  return toReference(firstData(data), mimeOf(data), '');
}

function toReference(data: unknown, told: string, modality: string): Media {
  const text = typeof data === 'string' ? data : '';
  const [, inlineMime = ''] = /^data:([^;,]*)/.exec(text) ?? [];
  const mimeType = told || inlineMime;
  const common = { type: 'media', modality: modality || toModality(mimeType), mimeType } as const;
  if (isReference(text))
    return { ...common, reference: text.slice(0, maxReference), sizeBytes: null };
  return { ...common, reference: '', sizeBytes: text === '' ? null : sizeOfBase64(text) };
}

const maxReference = 2048;

/** An address or the id of a file, not the file itself. */
function isReference(text: string): boolean {
  return (
    /^(?!data:)[a-z][a-z0-9+.-]*:\S*$/i.test(text.slice(0, maxReference)) ||
    /^file[-_][\w-]{1,200}$/.test(text)
  );
}

function sizeOfBase64(text: string): number {
  const start = text.startsWith('data:') ? text.indexOf(',') + 1 : 0;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor(((text.length - start) * 3) / 4) - padding);
}

function firstObject(block: JsonObject, ...names: readonly string[]): JsonObject | undefined {
  return names.map((name) => objectField(block, name)).find((one) => one !== undefined);
}

const dataFields = [
  'url',
  'uri',
  'file_id',
  'fileId',
  'fileUri',
  'file_uri',
  'image_url',
  'image',
  'data',
  'file_data',
  'content',
  'bytes',
  'source',
];

function firstData(block: JsonObject): unknown {
  const value = firstField(block, ...dataFields);
  return isObject(value) ? field(value, 'data') : value;
}

function mimeOf(block: JsonObject): string {
  return textField(block, 'mime_type', 'mimeType', 'media_type', 'mediaType');
}

function formatOf(type: string, inner: JsonObject): string {
  const format = textField(inner, 'format');
  return format === '' || types[type] === '' ? '' : `${types[type]}/${format}`;
}

function toModality(mimeType: string): string {
  const [family = ''] = mimeType.split('/');
  return ['image', 'audio', 'video'].includes(family) ? family : 'file';
}
