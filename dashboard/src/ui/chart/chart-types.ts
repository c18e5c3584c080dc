/** What a chart is made of. Times are milliseconds since the epoch; null is not known, and stays a gap. */

export type ChartSeries = {
  /** Stays the same while its values change. */
  readonly key: string;
  readonly label: string;
  /** One entry a time. */
  readonly values: readonly (number | null)[];
  /** `muted` = something to compare with, drawn thin and dashed; `threshold` = a line that moves with time. */
  readonly look: 'plain' | 'muted' | 'threshold';
};

/** A stretch of time that stands out, e.g. while something fired. */
export type ChartBand = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly label: string;
};

/** A moment: an incident, a deploy. */
export type ChartMarker = {
  readonly atMs: number;
  readonly label: string;
  readonly kind: 'incident' | 'deploy';
};

/** Where the plot lies inside its figure, in CSS pixels, and what its edges stand for. */
export type Plot = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly bottom: number;
  readonly topValue: number;
};
