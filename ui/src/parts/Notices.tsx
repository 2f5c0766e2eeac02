/** Faults in words, above everything, until they are put away; and one line for screen readers. */

import { notices, putAway, said } from "../state/notices";
import { sentence } from "../state/wording";
import { Icon } from "./Icon";
import { Told } from "./Told";

export function Notices() {
  return (
    <>
      <div class="notices" role="alert">
        {notices.value.map((one) => (
          <div class="notice" key={one.key}>
            <Icon name="warn" />
            <div class="notice-words">
              <strong>{sentence(one.tried)}</strong>: <Told text={one.happened} />. <span class="notice-do"><Told text={one.do} /></span>
            </div>
            <button type="button" class="quiet" aria-label="Put this message away" onClick={() => putAway(one.key)}>
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
      <div class="unseen" role="status" aria-live="polite">
        {said.value}
      </div>
    </>
  );
}
