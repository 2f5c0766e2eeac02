/** Where the message is written: words, files with their progress, send or cancel. */

import { useRef } from "preact/hooks";
import { attach, attachments, cancel, detach, send, uploading, words, type Attachment } from "../state/asking";
import { busy } from "../state/studio";
import { sentence } from "../state/wording";
import { Icon } from "./Icon";

const TAKEN =
  ".wav,.flac,.ogg,.oga,.mp3,.aif,.aiff,.png,.jpg,.jpeg,.webp,.mid,.midi,.musicxml,.mxl,.xml,.py,.md,.txt,.h,.dsp";

export function Composer() {
  const files = useRef<HTMLInputElement>(null);
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!busy.value) void send();
  };
  return (
    <form
      class="composer"
      aria-label="Message"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {attachments.value.length > 0 && (
        <ul class="attachments" aria-label="Attached files">
          {attachments.value.map((one) => (
            <Attached key={one.key} one={one} />
          ))}
        </ul>
      )}
      <div class="composer-row">
        <input
          ref={files}
          type="file"
          multiple
          accept={TAKEN}
          class="unseen"
          tabIndex={-1}
          aria-label="Files to attach"
          onChange={(event) => {
            attach([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
        <button type="button" class="quiet" aria-label="Attach files" onClick={() => files.current?.click()}>
          <Icon name="clip" />
        </button>
        <textarea
          id="message"
          rows={1}
          aria-label="What should the studio do?"
          placeholder="Ask, or drop files here"
          value={words.value}
          onInput={(event) => (words.value = event.currentTarget.value)}
          onKeyDown={press}
        />
        {busy.value ? (
          <button type="button" class="stop" onClick={() => void cancel()}>
            <Icon name="stop" /> Cancel
          </button>
        ) : (
          <button type="submit" class="primary" disabled={uploading.value} aria-label="Send">
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  );
}

function Attached({ one }: { readonly one: Attachment }) {
  const percent = Math.round(one.share * 100);
  return (
    <li class={one.fault ? "attachment refused" : "attachment"}>
      <span class="attachment-name">{one.name}</span>
      {!one.asset && !one.fault && (
        <progress max={100} value={percent} aria-label={`${one.name}: ${percent} % sent`} />
      )}
      {one.fault && (
        <span class="attachment-fault" role="alert">
          {sentence(one.fault.happened)}. {one.fault.do}
        </span>
      )}
      <button type="button" class="quiet small" aria-label={`Take back ${one.name}`} onClick={() => detach(one.key)}>
        <Icon name="close" />
      </button>
    </li>
  );
}
