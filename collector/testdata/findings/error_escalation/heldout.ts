/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { each, failed, repeat, tell, work, type Scope } from '../heldout-traffic.ts';

const found: readonly FindingCase[] = [
  {
    name: 'a page that times out ends the scraper, the researcher and the lead',
    finds: [{}],
    spans: tell(
      'orchescope',
      'report',
      (run) => {
        work('outliner', { rounds: 3 })(run);
        run.agent(
          'lead',
          (lead) => {
            lead.round({ tools: [['read_brief']] });
            lead.agent(
              'researcher',
              (researcher) => {
                researcher.round({ tools: [['search'], ['search']], beside: true });
                researcher.agent(
                  'scraper',
                  (scraper) => {
                    repeat(4, () => scraper.round({ tools: [['fetch_page']] }));
                    scraper.round({
                      tools: [['fetch_page', { error: 'TimeoutError', ms: 30_000 }]],
                    });
                  },
                  failed('TimeoutError'),
                );
              },
              failed('TimeoutError'),
            );
          },
          failed('TimeoutError'),
        );
      },
      failed('TimeoutError'),
    ),
  },
  {
    name: 'four agents wrap an error of a database, each in an error of its own',
    finds: [{}],
    spans: tell(
      'pydantic-ai',
      'month end',
      (run) => {
        const wrap = (who: string, cause: string): string => `${who} failed: ${cause}`;
        const cause = 'connection to ledger-db refused';
        run.agent(
          'controller',
          (a) => {
            a.round({ tools: [['list_accounts']] });
            a.agent(
              'bookkeeper',
              (b) => {
                b.round({ tools: [['load_rates']] });
                b.agent(
                  'reconciler',
                  (c) => {
                    c.round({ tools: [['list_entries']] });
                    c.agent(
                      'ledger',
                      (d) => void d.tool('query', failed('OperationalError', cause)),
                      failed('LedgerError', wrap('ledger', cause)),
                    );
                  },
                  failed('ReconcileError', wrap('reconciler', wrap('ledger', cause))),
                );
              },
              failed('BookError', wrap('bookkeeper', wrap('reconciler', wrap('ledger', cause)))),
            );
          },
          failed('RuntimeError', 'month end was not closed'),
        );
      },
      failed('RuntimeError', 'month end was not closed'),
    ),
  },
  {
    name: 'LangGraph: a rate limit in a graph within a graph within a graph',
    finds: [{}],
    spans: tell(
      'openinference',
      'due diligence',
      (run) => {
        work('intake', { rounds: 4 })(run);
        run.agent(
          'partner',
          (a) =>
            void a.agent(
              'associate',
              (b) => {
                b.round({ tools: [['find_filings']] });
                b.agent(
                  'clerk',
                  (c) => void c.ask(failed('RateLimitError', '429')),
                  failed('RateLimitError', '429'),
                );
              },
              failed('RateLimitError', '429'),
            ),
          failed('RateLimitError', '429'),
        );
      },
      failed('RateLimitError', '429'),
    ),
  },
  {
    name: 'agents that are tools of agents: the last one fails, and all tools above it',
    finds: [{}],
    spans: tell('ai-sdk', 'assistant', (run) => {
      run.agent(
        'assistant',
        (a) => {
          repeat(3, () => a.round({ tools: [['searchMail']] }));
          a.ask({ finish: 'tool_calls' });
          a.tool('askTravel', failed('Error', 'no seat map'), (t) => {
            t.agent(
              'travel',
              (b) => {
                b.round({ tools: [['findTrip']] });
                b.tool('askSeats', failed('Error', 'no seat map'), (u) => {
                  u.agent(
                    'seats',
                    (c) => void c.tool('readSeatMap', failed('Error', 'no seat map')),
                    failed('Error', 'no seat map'),
                  );
                });
              },
              failed('Error', 'no seat map'),
            );
          });
        },
        failed('Error', 'no seat map'),
      );
    }),
  },
  {
    name: 'one of five workers is refused by its provider, and takes squad and manager with it',
    finds: [{}],
    spans: tell(
      'orchescope',
      'catalogue',
      (run) => {
        run.agent(
          'manager',
          (manager) => {
            manager.round({ tools: [['list_products']] });
            manager.agent(
              'squad',
              (squad) => {
                squad.beside(
                  ...each(5, (n) => (side: Scope) => {
                    side.agent(
                      `describer ${n}`,
                      (agent) => {
                        repeat(3, () => agent.round({ tools: [['read_product']] }));
                        agent.ask(n === 3 ? failed('AuthenticationError', 'key revoked') : {});
                      },
                      n === 3 ? failed('AuthenticationError', 'key revoked') : {},
                    );
                  }),
                );
              },
              failed('AuthenticationError', 'key revoked'),
            );
          },
          failed('AuthenticationError', 'key revoked'),
        );
      },
      failed('AuthenticationError', 'key revoked'),
    ),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'the researcher catches what failed the scraper, and goes on',
    finds: [],
    spans: tell('orchescope', 'report', (run) => {
      run.agent('lead', (lead) => {
        lead.agent('researcher', (researcher) => {
          researcher.round({ tools: [['search']] });
          researcher.agent(
            'scraper',
            (agent) => void agent.tool('fetch_page', failed('TimeoutError')),
            failed('TimeoutError'),
          );
          repeat(4, () => researcher.round({ tools: [['read_archive']] }));
          researcher.round({ output: 600 });
        });
        lead.round({ output: 900 });
      });
    }),
  },
  {
    name: 'five workers, each of which stumbles over a page of its own',
    finds: [],
    spans: tell(
      'orchescope',
      'crawl',
      (run) => {
        run.agent('foreman', (foreman) => {
          foreman.beside(
            ...each(5, (n) => (side: Scope) => {
              const error = failed(n % 2 === 0 ? 'NotFound' : 'TimeoutError', `page ${n}`);
              side.agent(
                `crawler ${n}`,
                (agent) => {
                  agent.round({ tools: [['fetch_page']] });
                  agent.tool('fetch_page', error);
                },
                error,
              );
            }),
          );
          foreman.round({ output: 300 });
        });
      },
      { attributes: { 'orchescope.run.outcome': 'partial' } },
    ),
  },
  {
    name: 'one agent, its attempts, its graph and the workflow around it',
    finds: [],
    spans: tell(
      'openinference',
      'answer',
      (run) => {
        work('retriever', { rounds: 5 })(run);
        run.step(
          'subgraph',
          (graph) =>
            void graph.agent(
              'answerer',
              (agent) =>
                void agent.step(
                  'call',
                  (s) => void s.ask(failed('BadRequest')),
                  failed('BadRequest'),
                ),
              failed('BadRequest'),
            ),
          failed('BadRequest'),
        );
      },
      failed('BadRequest'),
    ),
  },
  {
    name: 'the lead goes on for long after its two helpers failed, and fails of something else',
    finds: [],
    spans: tell(
      'orchescope',
      'offer',
      (run) => {
        run.agent(
          'lead',
          (lead) => {
            const lost = failed('PriceListMissing', 'no price list for 2026');
            lead.agent(
              'pricer',
              (a) => void a.agent('catalogue', (b) => void b.tool('get_prices', lost), lost),
              lost,
            );
            repeat(5, () => lead.round({ tools: [['estimate_price']] }));
            lead.tool('send_offer', failed('SmtpError', 'mailbox unavailable'));
          },
          failed('SmtpError', 'mailbox unavailable'),
        );
      },
      failed('SmtpError', 'mailbox unavailable'),
    ),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];

/** Came out wrong when first judged; a rule was changed after them, and they hold nothing out any more. */
export const usedUp: readonly FindingCase[] = [
  {
    name: 'the user pressed stop, and four agents within each other end as cancelled',
    finds: [],
    spans: tell(
      'orchescope',
      'long job',
      (run) => {
        const stop: ReturnType<typeof failed> = {
          ...failed('AbortError', 'This operation was aborted'),
          attributes: { 'orchescope.outcome': 'cancelled' },
        };
        work('starter', { rounds: 4 })(run);
        run.agent(
          'boss',
          (a) =>
            void a.agent(
              'lead',
              (b) =>
                void b.agent(
                  'worker',
                  (c) => {
                    c.round({ tools: [['search']] });
                    c.agent('reader', (d) => void d.ask(stop), stop);
                  },
                  stop,
                ),
              stop,
            ),
          stop,
        );
      },
      {
        ...failed('AbortError', 'This operation was aborted'),
        attributes: { 'orchescope.run.outcome': 'cancelled' },
      },
    ),
  },
];
