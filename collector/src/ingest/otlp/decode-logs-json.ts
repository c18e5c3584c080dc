/** ExportLogsServiceRequest in JSON. Unknown fields are ignored at every level; snake_case names are unknown. */
import type { DecodedLog } from './decoded-logs.ts';
import type { DecodedEnvelope } from './envelope.ts';
import { decodeJsonEnvelope } from './envelope-json.ts';
import { readEnum, readString, readTime, readUint32, type JsonObject } from './json-fields.ts';
import { readAttributes, readValue } from './json-values.ts';
import type { Losses } from './request.ts';

const names = {
  resources: 'resourceLogs',
  scopes: 'scopeLogs',
  records: 'logRecords',
  record: 'a log record',
} as const;

/** @throws MalformedBodyError, TooManyMessagesError */
export function decodeJsonLogs(body: Buffer): DecodedEnvelope<DecodedLog> {
  return decodeJsonEnvelope(body, names, readLog);
}

const severityNames = [
  'SEVERITY_NUMBER_UNSPECIFIED',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((word) =>
    ['', '2', '3', '4'].map((step) => `SEVERITY_NUMBER_${word}${step}`),
  ),
];

function readLog(source: JsonObject, losses: Losses): DecodedLog {
  const cutsBefore = losses.cuts;
  return {
    timeUnixNano: readTime(source['timeUnixNano'], 'timeUnixNano'),
    observedTimeUnixNano: readTime(source['observedTimeUnixNano'], 'observedTimeUnixNano'),
    severityNumber: readEnum(source['severityNumber'], severityNames, 'severityNumber'),
    severityText: readString(source['severityText'], 'severityText'),
    body: readValue(source['body'], losses, 0),
    attributes: readAttributes(source['attributes'], losses),
    droppedAttributes: readUint32(source['droppedAttributesCount'], 'droppedAttributesCount'),
    flags: readUint32(source['flags'], 'flags'),
    traceId: readString(source['traceId'], 'traceId').toLowerCase(),
    spanId: readString(source['spanId'], 'spanId').toLowerCase(),
    eventName: readString(source['eventName'], 'eventName'),
    cut: losses.cuts > cutsBefore,
  };
}
