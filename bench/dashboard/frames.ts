/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { percentile } from '../percentile.ts';

export type Movement = 'scroll' | 'jump' | 'zoom';
export type Frames = { readonly p95Ms: number; readonly late: number };

/** Moves the waterfall once a frame and watches the time between frames. */
export async function framesOf(
  page: Page,
  what: Movement,
  count: number,
  lateMs: number,
): Promise<Frames> {
  const gaps = await page.evaluate(runFrames, { count, what });
  return { p95Ms: percentile(gaps, 0.95), late: gaps.filter((gap) => gap > lateMs).length };
}

/** In the page. */
async function runFrames({ count, what }: { count: number; what: Movement }): Promise<number[]> {
  const scroller = document.querySelector('[role=treegrid]')?.parentElement;
  if (!(scroller instanceof HTMLElement)) throw new Error('no waterfall on the page');
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const step = (i: number): void => {
    if (what === 'scroll') scroller.scrollTop += 84;
    else if (what === 'jump') scroller.scrollTop = Math.random() * scroller.scrollHeight;
    else {
      const wheel = { ctrlKey: true, deltaY: i < count / 2 ? -20 : 20, clientX: 900 };
      scroller.dispatchEvent(
        new WheelEvent('wheel', { ...wheel, bubbles: true, cancelable: true }),
      );
    }
  };
  const gaps: number[] = [];
  let last = await frame();
  for (let i = 0; i < count; i += 1) {
    step(i);
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  return gaps;
}
