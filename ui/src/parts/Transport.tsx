/** Play, position, volume: native controls, so that every keyboard and reader can use them. */

import { useSignal } from "@preact/signals";
import * as player from "../audio/player";
import { pause } from "../audio/comparator";
import { sound, zoom } from "../state/hearing";
import { clock } from "../state/wording";
import { Icon } from "./Icon";

export function Transport() {
  const volume = useSignal(player.element.volume);
  const heard = sound.value;
  if (!heard) return null;
  const length = heard.seconds ?? 0;
  const at = player.position.value;
  if (player.unplayable.value)
    return (
      <p class="failed">
        This browser can’t play {heard.suffix.toUpperCase()} files.{" "}
        <a href={heard.url} download={heard.name}>
          Download it
        </a>{" "}
        to hear it elsewhere; its figures and pictures are all here.
      </p>
    );
  return (
    <div class="transport" role="group" aria-label="Player">
      <button
        type="button"
        class="play"
        aria-label={player.playing.value ? "Pause" : "Play"}
        onClick={() => {
          pause();
          player.toggle();
        }}
      >
        <Icon name={player.playing.value ? "pause" : "play"} />
      </button>
      <span class="time">
        {clock(at)} <span class="faint">/ {clock(length)}</span>
      </span>
      <input
        type="range"
        class="seek"
        aria-label="Position"
        aria-valuetext={`${clock(at)} of ${clock(length)}`}
        min={0}
        max={Math.max(0.1, length)}
        step={0.1}
        value={at}
        onInput={(event) => player.seek(Number(event.currentTarget.value))}
      />
      <div class="transport-more">
        <label class="volume">
          <span class="faint">Volume</span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.02}
            value={volume.value}
            onInput={(event) => {
              volume.value = Number(event.currentTarget.value);
              player.element.volume = volume.value;
            }}
          />
        </label>
        <Zoom />
      </div>
    </div>
  );
}

const ZOOMS = [1, 2, 4, 8, 16, 32];

function Zoom() {
  const at = ZOOMS.indexOf(zoom.value);
  const set = (to: number): void => {
    zoom.value = ZOOMS[to] ?? 1;
  };
  return (
    <div class="zoom" role="group" aria-label="Zoom">
      <button type="button" class="quiet small" aria-label="Zoom out" disabled={at <= 0} onClick={() => set(at - 1)}>
        −
      </button>
      <span class="faint" aria-live="polite">
        <Icon name="zoom" /> ×{zoom.value}
      </span>
      <button type="button" class="quiet small" aria-label="Zoom in" disabled={at === ZOOMS.length - 1} onClick={() => set(at + 1)}>
        +
      </button>
    </div>
  );
}
