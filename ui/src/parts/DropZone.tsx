/** Files may be dropped anywhere on the page. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { attach } from "../state/asking";

export function DropZone() {
  const over = useSignal(false);
  useEffect(() => {
    const stop = new AbortController();
    const on = { signal: stop.signal };
    let depth = 0;
    const brings = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    addEventListener("dragenter", (event) => brings(event) && (over.value = ++depth > 0), on);
    addEventListener("dragleave", (event) => brings(event) && (over.value = --depth > 0), on);
    addEventListener("dragover", (event) => brings(event) && event.preventDefault(), on);
    addEventListener(
      "drop",
      (event) => {
        if (!brings(event)) return;
        event.preventDefault();
        depth = 0;
        over.value = false;
        attach(event.dataTransfer?.files ?? []);
      },
      on,
    );
    addEventListener(
      "paste",
      (event) => {
        const files = event.clipboardData?.files;
        if (!files?.length) return;
        event.preventDefault();
        attach(files);
      },
      on,
    );
    return () => stop.abort();
  }, []);
  if (!over.value) return null;
  return (
    <div class="drop-zone" aria-hidden="true">
      <p>Drop audio, pictures, MIDI or scores to attach them</p>
    </div>
  );
}
