export { genAi, orchescope, otel, relations } from './attributes.ts';
