import { orchescope } from '../attributes.ts';
import type { Facts } from '../facts.ts';
import type { AnswerFacts } from './genai-api.ts';
import { toText } from '../redact.ts';
import { contentOf } from './genai-call.ts';
import { providerOf } from './genai-endpoints.ts';
import { messagesOf, text } from './genai-parts.ts';
import type { ModelCall } from './openai-agents-current.ts';
import { toMessage } from './openai-agents-messages.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import { openaiUsage } from './openai-usage.ts';
import { at, listAt, textAt, told } from './json.ts';

/**
 * The request and its answer are believed first, where we saw them: of a streamed completion the library knows less.
 * But words are told only where the library tells them.
 */
export const tellModelCall = ({ operation, model, answer }: ModelCall, data: unknown): void => {
  const { facts, toolCalls, system, tools } = readModelCall(data);
  const { output: heard, ...measured } = answer;
  const output = facts.output ?? (facts.input === undefined ? undefined : heard);
  const named = model ?? facts.model;
  const { provider, ...rest } = facts;
  operation.set({
    ...rest,
    ...measured,
    ...told({ output, model: named, provider: model === undefined ? provider : undefined }),
  });
  if (named !== undefined) operation.span.updateName(`chat ${toText('name', named)}`);
  operation.span.setAttributes(contentOf({ system, tools }));
  if (toolCalls && toolCalls.length > 0)
    operation.span.setAttribute(orchescope.responseToolCalls, toolCalls.slice(0, 128));
};

/** Of a model call the library tells all at its end: a `response` of one API, a `generation` of any model. */
type ModelFacts = Pick<AnswerFacts, 'facts' | 'toolCalls'> & {
  readonly system?: unknown;
  readonly tools?: unknown;
};

const readModelCall = (data: unknown): ModelFacts =>
  textAt(data, 'type') === 'response' ? readResponse(data) : readGeneration(data);

/** Without `traceIncludeSensitiveData` there is but the id. */
const readResponse = (data: unknown): ModelFacts => {
  const response = at(data, '_response');
  const { facts, toolCalls } = response === undefined ? noAnswer : openaiResponses.answer(response);
  return {
    facts: {
      ...told({
        provider: 'openai',
        model: textAt(response, 'model'),
        responseId: textAt(data, 'response_id'),
        input: inputOf(at(data, '_input')),
      }),
      ...facts,
    },
    ...told({ toolCalls, system: systemOf(response), tools: toolsOf(response) }),
  };
};

const toolsOf = (response: unknown): unknown => {
  const tools = listAt(response, 'tools');
  return tools.length === 0 ? undefined : tools;
};

const systemOf = (response: unknown): unknown => {
  const instructions = textAt(response, 'instructions');
  return instructions === undefined ? undefined : [text(instructions)];
};

const readGeneration = (data: unknown): ModelFacts => {
  const [answer, ...rest] = listAt(data, 'output');
  const isChat = at(answer, 'choices') !== undefined;
  const { facts, toolCalls } = isChat ? openaiChat.answer(withoutOwn(answer)) : noAnswer;
  const usage = openaiUsage(at(data, 'usage'));
  return {
    facts: {
      ...told({
        ...whose(data, isChat),
        input: inputOf(at(data, 'input')),
        output:
          isChat || answer === undefined ? undefined : messagesOf([answer, ...rest], toMessage),
      }),
      ...facts,
      ...(usage && { usage }),
    },
    ...told({ toolCalls }),
  };
};

/** What a streamed answer is called that the library put together itself. */
const withoutOwn = (answer: unknown): unknown =>
  at(answer, 'id') === 'FAKE_ID' ? { ...(answer as object), id: undefined } : answer;

const noAnswer: AnswerFacts = { facts: {} };

const inputOf = (input: unknown): Facts['llm']['input'] =>
  messagesOf(Array.isArray(input) ? input : input === undefined ? [] : [input], toMessage);

/** Models of the AI SDK are called `openai.chat:gpt-6` here. */
const whose = (
  data: unknown,
  isChat: boolean,
): { readonly provider: string | undefined; readonly model: string | undefined } => {
  const model = textAt(data, 'model');
  const provider = textAt(data, 'model_config', 'provider');
  if (provider !== undefined)
    return {
      provider: provider.split('.')[0],
      model: model?.startsWith(`${provider}:`) ? model.slice(provider.length + 1) : model,
    };
  const url = textAt(data, 'model_config', 'base_url') ?? '';
  if (URL.canParse(url)) return { provider: providerOf(new URL(url), openaiChat), model };
  return { provider: isChat ? 'openai' : undefined, model };
};
