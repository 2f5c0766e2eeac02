/** Where a frequency lies in a plot: the scales of audio/axes.py. */

import type { FrequencyScale, Spectrogram } from "../api/types";

function warped(scale: FrequencyScale, hertz: number): number {
  if (scale === "log") return Math.log(hertz);
  return scale === "mel" ? Math.log1p(hertz / 700) : hertz;
}

/** The share of the plot's height below a frequency; under 0 or over 1 outside of it. */
export function heightOf(hertz: number, { scale, hertz: [low, high] }: Pick<Spectrogram, "scale" | "hertz">): number {
  if (scale === "log" && hertz <= 0) return 0;
  const bottom = warped(scale, low);
  return (warped(scale, hertz) - bottom) / (warped(scale, high) - bottom);
}

/** What of a picture is in sight. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** Where the whole picture lies, so that the window of its plot fills the box around it. */
export function pictureIn(view: Window, shown: Spectrogram): Readonly<Record<string, string>> {
  const { plot, picture, seconds: [start, end] } = shown;
  const wide = ((view.to - view.from) / (end - start)) * plot.width;
  const [bottom, top] = [heightOf(view.low, shown), heightOf(view.high, shown)];
  const high = (top - bottom) * plot.height;
  const share = (part: number, of: number): string => `${((100 * part) / of).toFixed(3)}%`;
  return {
    width: share(picture.width, wide),
    left: share(-plot.left - ((view.from - start) / (end - start)) * plot.width, wide),
    height: share(picture.height, high),
    top: share(-plot.top - (1 - top) * plot.height, high),
  };
}
