/** A picture of the project, whole. */

import type { Asset } from "../api/types";
import { Icon } from "./Icon";

export function Picture({ file }: { readonly file: Asset }) {
  return (
    <figure class="picture">
      <a href={file.url} target="_blank" rel="noopener" aria-label={`Open ${file.name} by itself`}>
        <img src={file.url} alt={file.name} />
      </a>
      <figcaption>
        {file.width && file.height ? `${file.width} × ${file.height} px · ` : ""}
        <a href={file.url} download={file.name}>
          <Icon name="down" /> Download
        </a>
      </figcaption>
    </figure>
  );
}
