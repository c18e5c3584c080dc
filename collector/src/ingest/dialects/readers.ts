/**
 * From an attribute value, of whatever type it was sent, to the type of a canonical column; null = says nothing.
 * JavaScript exporters send 1.0 as the int 1, and others send numbers as text, so the column decides, not the wire.
 */
import type { AttributeValue } from '../../span.ts';

export type Reader<T> = (value: AttributeValue) => T | null;

export const readText: Reader<string> = (value) => {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
};

const readNumber: Reader<number> = (value) => {
  if (typeof value === 'string' && value.trim() === '') return null;
  const isNumeric = ['number', 'bigint', 'string'].includes(typeof value);
  const number = isNumeric ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
};

/** A whole number from 0 on. */
export const readCount: Reader<number> = (value) => {
  const number = readNumber(value);
  return number !== null && number >= 0 ? Math.round(number) : null;
};

export const readSeconds: Reader<number> = (value) => {
  const number = readNumber(value);
  return number !== null && number >= 0 ? number : null;
};

/** To seconds. */
export const readMilliseconds: Reader<number> = (value) => {
  const number = readSeconds(value);
  return number === null ? null : number / 1_000;
};

/** USD as a decimal string of up to twelve decimals; never in exponent notation. */
export const readUsd: Reader<string> = (value) => {
  const number = readNumber(value);
  if (number === null || number < 0 || number >= 1e15) return null;
  return number.toFixed(12).replace(/\.?0+$/, '');
};

/** A point in time: ISO 8601, also in the quotes of JSON. */
export const readUnixSeconds: Reader<number> = (value) => {
  if (typeof value !== 'string') return null;
  const milliseconds = Date.parse(value.replaceAll('"', ''));
  return Number.isNaN(milliseconds) ? null : milliseconds / 1_000;
};
