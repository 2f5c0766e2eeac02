/** A small form behind a plus: asks for a name and makes the thing. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./Icon";

interface Props {
  readonly what: string;
  readonly make: (name: string) => Promise<void>;
}

export function NewName({ what, make }: Props) {
  const open = useSignal(false);
  const name = useSignal("");
  const field = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => field.current?.focus(), [open.value]);
  const close = (): void => {
    open.value = false;
    name.value = "";
    opener.current?.focus();
  };
  return (
    <span class="new-name">
      <button
        ref={opener}
        type="button"
        class="quiet small"
        aria-expanded={open.value}
        aria-label={`New ${what}`}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name="plus" />
      </button>
      {open.value && (
        <form
          class="new-name-form"
          onSubmit={(event) => {
            event.preventDefault();
            const given = name.value.trim();
            if (given) void make(given).then(close);
          }}
          onKeyDown={(event) => event.key === "Escape" && close()}
        >
          <input
            ref={field}
            aria-label={`Name of the new ${what}`}
            placeholder={`Name of the ${what}`}
            maxLength={80}
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
          <button type="submit">Create</button>
        </form>
      )}
    </span>
  );
}
