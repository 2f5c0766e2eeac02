/** An answer's Markdown as safe HTML: no scripts, styles, forms, or pictures from elsewhere. */

import DOMPurify from "dompurify";
import { marked } from "marked";
import { useMemo } from "preact/hooks";

const TAGS = [
  "p", "br", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "a",
  "h1", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td",
];

/** Only links that were written as links: `recipes@0.1.0` is no address. */
marked.use({ tokenizer: { url: () => undefined } });

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  node.setAttribute("rel", "noopener noreferrer");
  node.setAttribute("target", "_blank");
});

export function Markdown({ text }: { readonly text: string }) {
  const html = useMemo(() => {
    const raw = marked.parse(text, { async: false, gfm: true });
    return DOMPurify.sanitize(raw, { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ["href", "start", "target", "rel"] });
  }, [text]);
  return <div class="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
