/** The drawn wave of the sound that is loaded, in the colours of the page. */

import WaveSurfer from "wavesurfer.js";
import type { Peaks } from "../api/types";
import { element } from "./player";

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Wave {
  zoom(times: number): void;
  remove(): void;
}

const HEIGHT = 104;

/** Draw a wave into a box; tells which stretch of it is in sight. */
export function drawWave(box: HTMLElement, peaks: Peaks, inSight: (stretch: Stretch) => void): Wave {
  const surfer = WaveSurfer.create({
    container: box,
    media: element,
    peaks: [peaks.peaks.map(([, high]) => Math.max(0, high)), peaks.peaks.map(([low]) => Math.min(0, low))],
    duration: peaks.seconds,
    height: HEIGHT,
    cursorWidth: 1,
    dragToSeek: true,
    cspNonce: nonce(),
    autoCenter: false,
    ...colours(box),
  });
  const whole = { from: 0, to: peaks.seconds };
  let times = 1;
  surfer.on("scroll", (from, to) => inSight(times === 1 ? whole : { from, to: Math.min(to, peaks.seconds) }));
  surfer.on("error", () => undefined);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const recolour = (): void => surfer.setOptions(colours(box));
  scheme.addEventListener("change", recolour);
  const zoom = (next: number): void => {
    if (!surfer.getDecodedData() || next === times) return;
    times = next;
    surfer.zoom(next === 1 ? 0 : (box.clientWidth / peaks.seconds) * next);
    const [half, at] = [peaks.seconds / next / 2, element.currentTime];
    const from = Math.min(Math.max(0, at - half), peaks.seconds - 2 * half);
    surfer.setScrollTime(from);
    inSight(next === 1 ? whole : { from, to: from + 2 * half });
  };
  return {
    zoom,
    remove: () => {
      scheme.removeEventListener("change", recolour);
      surfer.destroy();
    },
  };
}

/** What lets the wave's own styles through the page's policy. */
function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? "";
}

function colours(box: HTMLElement): { waveColor: string; progressColor: string; cursorColor: string } {
  const style = getComputedStyle(box);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return { waveColor: colour("--wave"), progressColor: colour("--wave-past"), cursorColor: colour("--ink") };
}
