/** Code with line numbers, or what changed in it, told by signs as well as by colour. */

export function Code({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <pre class="code" tabIndex={0} role="region" aria-label={`Code of ${name}`}>
      {text.replace(/\n$/, "").split("\n").map((line, index) => (
        <span class="code-line" key={index}>
          <span class="code-number" aria-hidden="true">
            {index + 1}
          </span>
          {`${line}\n`}
        </span>
      ))}
    </pre>
  );
}

export function Diff({ text }: { readonly text: string }) {
  return (
    <pre class="code" tabIndex={0} role="region" aria-label="What changed">
      {text.replace(/\n$/, "").split("\n").map((line, index) => (
        <span class={`code-line ${kindOf(line)}`} key={index}>
          {`${line}\n`}
        </span>
      ))}
    </pre>
  );
}

function kindOf(line: string): string {
  if (line.startsWith("@@") || line.startsWith("---") || line.startsWith("+++")) return "diff-place";
  if (line.startsWith("+")) return "diff-in";
  return line.startsWith("-") ? "diff-out" : "";
}
