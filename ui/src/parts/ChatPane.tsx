/** The conversation of one thread, and the message below it. */

import { useEffect, useRef } from "preact/hooks";
import { goOn, note, undo, words } from "../state/asking";
import { projectName, threadId } from "../state/place";
import { asked, busy, loadEarlier, run, thread } from "../state/studio";
import { Composer } from "./Composer";
import { Icon } from "./Icon";
import { LiveTurn } from "./LiveTurn";
import { Turn } from "./Turn";

const IDEAS = [
  "How loud is it, in which key and tempo, and is anything wrong with it?",
  "Master it to −14 LUFS with a true peak below −1 dBTP",
  "Draw a spectrogram and tell me where it is harsh",
  "Note: the goal is a warm late-night single; the drop runs from 1:04 to 1:36",
];

export function ChatPane() {
  const log = useRef<HTMLDivElement>(null);
  const messages = thread.value?.messages ?? [];
  useFollowing(log);
  return (
    <main class="chat" id="chat" aria-label="Conversation">
      <h2 class="unseen">
        Conversation {threadId.value} of {projectName.value}
      </h2>
      <div class="log" ref={log} role="log" aria-label="Messages" aria-live="polite" aria-relevant="additions" tabIndex={0}>
        {messages.length > 0 && (messages[0]?.turn ?? 1) > 1 && (
          <button type="button" class="earlier" onClick={() => void loadEarlier()}>
            Earlier turns
          </button>
        )}
        {thread.value && !messages.length && !run.value && <Welcome />}
        {messages.map((one) => (
          <Turn key={one.turn} message={one} />
        ))}
        {!busy.value && messages.length > 0 && <LastTurn />}
        {run.value && asked.value && <LiveTurn run={run.value} asked={asked.value} />}
        {!busy.value && thread.value?.unfinished && (
          <div class="unfinished">
            <p>A turn was cut off: “{thread.value.unfinished.request}”</p>
            <button type="button" class="primary" onClick={() => void goOn()}>
              Go on with it
            </button>
          </div>
        )}
      </div>
      <Composer />
    </main>
  );
}

function LastTurn() {
  return (
    <p class="last-turn">
      <button type="button" class="quiet small" onClick={() => void undo()}>
        <Icon name="back" /> Take the last turn back
      </button>
      <span>{note.value}</span>
    </p>
  );
}

function Welcome() {
  return (
    <div class="welcome">
      <p class="welcome-title">What are we working on?</p>
      <p>
        Drop a mix, a loop, a score or a picture anywhere on this page, and say what you want. Instruments measure;
        models only add to that; everything stays on this machine.
      </p>
      <ul aria-label="Ideas">
        {IDEAS.map((idea) => (
          <li key={idea}>
            <button
              type="button"
              class="idea"
              onClick={() => {
                words.value = idea;
                document.getElementById("message")?.focus();
              }}
            >
              {idea}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Keep the newest in sight while the reader is at the end of the log. */
function useFollowing(log: { readonly current: HTMLDivElement | null }): void {
  const atEnd = useRef(true);
  useEffect(() => {
    const box = log.current;
    if (!box) return;
    const look = (): void => {
      atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    };
    box.addEventListener("scroll", look, { passive: true });
    return () => box.removeEventListener("scroll", look);
  }, []);
  const seen = [thread.value?.messages.length, run.value?.lines.length, run.value?.answer.length, run.value?.approvals.length];
  useEffect(() => {
    if (atEnd.current && !run.value?.approvals.length) log.current?.scrollTo({ top: log.current.scrollHeight });
  }, seen);
}
