/** What the agents are called on the page. */

const NAMES: Readonly<Record<string, string>> = {
  supervisor: "boss", gama: "gama", qwen_vl: "qwen vl", coder: "coder", intake: "intake", integrate: "integrate",
  respond: "answer", summarise: "summary",
};

export function agentName(node: string): string {
  return NAMES[node] ?? node.replaceAll("_", " ");
}
