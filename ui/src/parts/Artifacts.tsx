/** What a turn made, and what came with its request: to hear, to see, to take away. */

import type { Artifact, Asset, AssetKind } from "../api/types";
import { openFile } from "../state/place";
import { assets } from "../state/studio";
import { clock } from "../state/wording";
import { Icon, type IconName } from "./Icon";

const ICONS: Readonly<Record<AssetKind, IconName>> = {
  audio: "audio", image: "image", midi: "midi", score: "score", text: "text", archive: "archive",
};

export function assetIcon(kind: string): IconName {
  const icons: Readonly<Record<string, IconName>> = { ...ICONS, script: "text", session: "archive", report: "text" };
  return icons[kind] ?? "text";
}

export function Artifacts({ made }: { readonly made: readonly Artifact[] }) {
  return (
    <ul class="artifacts" aria-label="Files that were made">
      {made.map((one) => (
        <li key={`${one.id}${one.name}`} class="artifact">
          {one.kind === "image" && (
            <button type="button" class="thumb" aria-label={`Show ${one.name}`} onClick={() => openFile(one.id)}>
              <img src={one.url} alt="" loading="lazy" />
            </button>
          )}
          <div class="artifact-line">
            <Icon name={assetIcon(one.kind)} />
            <button type="button" class="link" onClick={() => openFile(one.id)}>
              {one.name}
            </button>
            <span class="faint">{lengthOf(one.id)}</span>
            <a class="quiet" href={one.url} download={one.name} aria-label={`Download ${one.name}`}>
              <Icon name="down" />
            </a>
          </div>
        </li>
      ))}
    </ul>
  );
}

function lengthOf(id: string): string {
  const seconds = assets.value.get(id)?.seconds;
  return seconds ? clock(seconds) : "";
}

export function Attached({ files }: { readonly files: readonly Asset[] }) {
  return (
    <ul class="attached" aria-label="Attached files">
      {files.map((one) => (
        <li key={one.id}>
          <button type="button" class="chip" onClick={() => openFile(one.id)}>
            <Icon name={assetIcon(one.kind)} /> {one.name}
            {one.seconds ? <span class="faint"> {clock(one.seconds)}</span> : null}
          </button>
        </li>
      ))}
    </ul>
  );
}
