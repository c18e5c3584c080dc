/** Which rows of a fixed height are on screen, with a few beyond either edge. */
export type RowWindow = { readonly first: number; readonly end: number };

const overscan = 6;

export function toRowWindow(view: {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly count: number;
}): RowWindow {
  const first = Math.floor(view.scrollTop / view.rowHeight) - overscan;
  const end = Math.ceil((view.scrollTop + view.height) / view.rowHeight) + overscan;
  return {
    first: Math.max(0, Math.min(first, view.count)),
    end: Math.max(0, Math.min(end, view.count)),
  };
}
