/** Search of the project's memory: findings, notes, turns, files; what holds no longer is told so. */

import { useSignal } from "@preact/signals";
import { api } from "../api/client";
import type { Hit } from "../api/types";
import { tried } from "../state/notices";
import { go, projectName, view } from "../state/place";
import { when } from "../state/wording";
import { Icon } from "./Icon";

export function Search() {
  const words = useSignal("");
  const hits = useSignal<readonly Hit[] | null>(null);
  const look = async (): Promise<void> => {
    const asked = words.value.trim();
    hits.value = asked ? ((await tried(api.search(projectName.value, asked))) ?? null) : null;
  };
  return (
    <search class="search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <Icon name="search" />
        <input
          id="search"
          type="search"
          aria-label="Search the project"
          placeholder="Search the project"
          value={words.value}
          onInput={(event) => {
            words.value = event.currentTarget.value;
            if (!words.value) hits.value = null;
          }}
        />
      </form>
      {hits.value && (
        <div class="hits" role="region" aria-label="Results" aria-live="polite">
          {hits.value.length === 0 && <p class="empty">Nothing of that is known here.</p>}
          <ul>
            {hits.value.map((one) => (
              <li key={one.id}>
                <HitRow hit={one} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </search>
  );
}

function HitRow({ hit }: { readonly hit: Hit }) {
  const { thread, turn, at } = hit.began;
  return (
    <button
      type="button"
      class={hit.ended ? "hit over" : "hit"}
      onClick={() => {
        if (thread) go({ thread });
        view.value = "chat";
      }}
    >
      <span class="hit-text">{hit.text}</span>
      <span class="faint">
        {hit.kind}
        {thread ? ` · ${thread} ${turn}` : ""} · {when(at)}
        {hit.ended ? " · holds no longer" : ""}
      </span>
    </button>
  );
}
