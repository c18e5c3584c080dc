/** How much room there is, and how it is shared between names and time. All in CSS pixels. */
import { readSetting, writeSetting } from '../../settings.ts';

const treeSetting = 'orchescope.tree-width';
const usualTreePx = 380;
/** Narrower than this a bar lies below its name. */
const stackedBelowPx = 480;
const rightMarginPx = 12;

export const treeLimits = { minPx: 240, maxPx: 640 };

export class Geometry {
  width = $state(0);
  height = $state(0);
  isCoarse = $state(false);
  #tree = $state(Number(readSetting(treeSetting)) || usualTreePx);

  readonly isStacked = $derived(this.width > 0 && this.width < stackedBelowPx);
  readonly rowPx = $derived(this.isCoarse || this.isStacked ? 44 : 28);
  readonly treePx = $derived(Math.min(this.#tree, Math.max(160, this.width * 0.6)));
  readonly timePx = $derived(
    Math.max(40, this.isStacked ? this.width : this.width - this.treePx) - rightMarginPx,
  );
  /** Where the time column begins. */
  readonly timeLeft = $derived(this.isStacked ? 0 : this.treePx);

  resizeTree(px: number): void {
    this.#tree = px;
    writeSetting(treeSetting, String(px));
  }

  /** For an `$effect`: rows are higher for fingers. */
  watchPointer(): () => void {
    const pointer = matchMedia('(pointer: coarse)');
    const read = (): void => void (this.isCoarse = pointer.matches);
    read();
    pointer.addEventListener('change', read);
    return () => pointer.removeEventListener('change', read);
  }
}
