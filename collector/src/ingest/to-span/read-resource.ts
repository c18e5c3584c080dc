/** What all spans of a resource or a scope share, read once. */
import { spanFlags, type AttributeValue, type Span } from '../../span.ts';
import type { DecodedResourceSpans, DecodedScopeSpans } from '../otlp/request.ts';
import { cutAttributes, cutText, maxNameBytes, newCuts } from './limits.ts';
import { flagIf } from './read-flags.ts';

export type Resource = Pick<Span, 'serviceName' | 'resourceAttributes' | 'flags'>;
export type Scope = Pick<Span, 'scopeName' | 'scopeVersion' | 'scopeAttributes' | 'flags'>;

export function readResource(decoded: Omit<DecodedResourceSpans, 'scopeSpans'>): Resource {
  const cuts = newCuts();
  const resourceAttributes = cutAttributes(decoded.attributes, cuts);
  keepSchemaUrl(resourceAttributes, 'otel.resource.schema_url', decoded.schemaUrl);
  const name = resourceAttributes.get('service.name');
  const serviceName = typeof name === 'string' ? cutText(name, maxNameBytes, cuts) : '';
  // SDKs write `unknown_service:node` for a service that was given no name.
  const isNamed = serviceName !== '' && !serviceName.startsWith('unknown_service');
  const flags = flagIf(spanFlags.noService, !isNamed) | flagIf(spanFlags.truncated, cuts.truncated);
  return { serviceName: serviceName || 'unknown_service', resourceAttributes, flags };
}

export function readScope(decoded: DecodedScopeSpans): Scope {
  const cuts = newCuts();
  const scopeAttributes = cutAttributes(decoded.attributes, cuts);
  keepSchemaUrl(scopeAttributes, 'otel.scope.schema_url', decoded.schemaUrl);
  const scopeName = cutText(decoded.name, maxNameBytes, cuts);
  const scopeVersion = cutText(decoded.version, maxNameBytes, cuts);
  return {
    scopeName,
    scopeVersion,
    scopeAttributes,
    flags: flagIf(spanFlags.truncated, cuts.truncated),
  };
}

/** The version of a vocabulary: a later reader may need it. */
function keepSchemaUrl(attributes: Map<string, AttributeValue>, key: string, url: string): void {
  if (url !== '') attributes.set(key, url);
}
