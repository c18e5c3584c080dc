/** The code of the README, as a program: `node --import @orchescope/sdk/register examples/readme.ts`. */
// #region name-your-own
import { observe, run } from '@orchescope/sdk';

const lookUpOrder = observe(findOrder, { kind: 'tool', name: 'orders.lookup' });
const order = await run({ kind: 'workflow', name: 'support' }, () => lookUpOrder('4711'));
// #endregion
console.log(`order ${order.id}: ${order.status}`);

type Order = { readonly id: string; readonly status: string };

/** Stands for any function of yours. */
async function findOrder(id: string): Promise<Order> {
  return { id, status: 'shipped' };
}
