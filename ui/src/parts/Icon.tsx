/** Small line drawings; the words beside them or on their button say what they mean. */

const PATHS = {
  play: "M6 4l10 6-10 6z",
  pause: "M6 4h3v12H6zM11 4h3v12h-3z",
  send: "M10 16V4M5 9l5-5 5 5",
  clip: "M13.5 6.5l-6 6a2 2 0 003 3l6-6a4 4 0 00-6-6l-6 6a6 6 0 009 8",
  close: "M5 5l10 10M15 5L5 15",
  check: "M4 10.5l4 4 8-9",
  plus: "M10 4v12M4 10h12",
  stop: "M5.5 5.5h9v9h-9z",
  down: "M10 4v9M6 9l4 4 4-4M4 16.5h12",
  search: "M9 15A6 6 0 109 3a6 6 0 000 12zM13.5 13.5L17 17",
  audio: "M3 8v4M6.5 5v10M10 3v14M13.5 6v8M17 8.5v3",
  image: "M3 4h14v12H3zM3 13l4-4 4 4 2-2 4 4M13 8h.01",
  midi: "M3 4h14v12H3zM7.5 4v8M12.5 4v8M7.5 12v4M12.5 12v4",
  score: "M3 5h14M3 8.5h14M3 12h14M3 15.5h14",
  text: "M5 3h7l4 4v10H5zM8 10h5M8 13h5",
  archive: "M3 5h14v4H3zM4.5 9v7h11V9M8.5 12h3",
  warn: "M10 3l8 14H2zM10 8v4M10 14.5h.01",
  back: "M8 5L4 9l4 4M4 9h8a4 4 0 010 8h-2",
  pencil: "M4 16l1-4 8-8 3 3-8 8zM11.5 5.5l3 3",
  zoom: "M9 15A6 6 0 109 3a6 6 0 000 12zM13.5 13.5L17 17M6.5 9h5",
} as const;

export type IconName = keyof typeof PATHS;

const FILLED: ReadonlySet<IconName> = new Set(["play", "pause", "stop"]);

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={FILLED.has(name) ? "icon icon-filled" : "icon"} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
