import { models } from '../models.ts';
import { talk } from '../talk.ts';
import { agent, embedding, guardrail, retrieval, step, workflow } from '../verbs.ts';
import type { Workflow } from './workflow.ts';

/** A question against the handbook: embed, search, rank, answer in a stream, check the answer against its sources. */
export const ragAnswer: Workflow = {
  name: 'rag-answer',
  service: 'handbook-bot',
  weight: 32,
  hours: 'office',
  talksTo: 'people',
  tell: ({ random, begin }) => {
    const run = begin();
    const { question, answer, chunk } = random.pick(questions);
    const found = random.chance(0.93);
    workflow(run, 'rag-answer', { pattern: 'sequential', input: question }, (root) => {
      agent(run, 'librarian', 'answerer', () => {
        embedding(run, 18);
        const documents = found
          ? Array.from({ length: 8 }, (_, i) => ({
              id: `handbook#${chunk + i * 7}`,
              score: Math.round(91 - i * 6.5) / 100,
            }))
          : [];
        retrieval(run, 'handbook', question, documents);
        if (found) step(run, 'transform', 'rerank', {}, () => run.wait(random.longTail(75)));
        const model = talk(run, {
          model: random.chance(0.25) ? models.local : models.geminiFlash,
          system: 'Answer from the excerpts alone and cite them. Say so when they do not answer.',
          hiddenTokens: found ? 2600 : 300,
          stream: true,
        });
        model.user(question);
        model.says(
          found
            ? `${answer} [handbook#${chunk}]`
            : 'The handbook does not answer this. Ask people-ops@example.com.',
        );
        guardrail(run, 'groundedness', random.chance(0.04), 'escalate');
      });
      if (!found)
        root.set({ 'orchescope.run.outcome': 'partial', 'orchescope.run.reason': 'nothing found' });
    });
  },
};

type Question = { question: string; answer: string; chunk: number };

const questions: [Question, ...Question[]] = [
  {
    question: 'How many days of parental leave do I get in Germany?',
    answer:
      'Up to three years for each child, of which 24 months may be taken until the eighth birthday. Tell us seven weeks before.',
    chunk: 412,
  },
  {
    question: 'Who approves a laptop that costs more than 2,500 EUR?',
    answer:
      'Your lead and then IT purchasing; above 4,000 EUR also finance. It usually takes two working days.',
    chunk: 95,
  },
  {
    question: 'May I expense a train ticket in first class?',
    answer:
      'Yes, for journeys above three hours, or when it is the cheaper ticket on the day you book.',
    chunk: 233,
  },
  {
    question: 'What do I do when I lose my security key?',
    answer:
      'Lock it at id.example.com/keys within the hour, then ask the desk for a new one. You can sign in with the spare until then.',
    chunk: 17,
  },
  {
    question: 'Is there a budget for conferences?',
    answer:
      'Each person has 1,800 EUR a year for learning, travel included. Speakers travel outside of it.',
    chunk: 308,
  },
];
