/** The file at hand: a sound with wave, marks and spectrogram; a picture; or a link to anything else. */

import { useEffect } from "preact/hooks";
import { sentence, size } from "../state/wording";
import { file } from "../state/studio";
import { keepDrawn, sound } from "../state/hearing";
import { Compare } from "./Compare";
import { Icon } from "./Icon";
import { Picture } from "./Picture";
import { SpectrogramView } from "./SpectrogramView";
import { Transport } from "./Transport";
import { Waveform } from "./Waveform";

export function Listen() {
  useEffect(keepDrawn, []);
  const shown = file.value;
  if (!shown) return <p class="empty">Nothing to hear yet. Drop a sound anywhere on the page.</p>;
  if (shown.kind === "image") return <Picture file={shown} />;
  if (sound.value)
    return (
      <div class="listen">
        <Waveform />
        <Transport />
        <SpectrogramView />
        <Compare />
      </div>
    );
  return (
    <p class="other-file">
      {sentence(shown.kind)}
      {shown.size_bytes ? `, ${size(shown.size_bytes)}` : ""}.{" "}
      <a href={shown.url} download={shown.name}>
        <Icon name="down" /> Download {shown.name}
      </a>
    </p>
  );
}
