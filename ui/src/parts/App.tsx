/** The page: the project at the left, the conversation in the middle, the file at hand at the right. */

import { useEffect } from "preact/hooks";
import { view } from "../state/place";
import { ChatPane } from "./ChatPane";
import { DropZone } from "./DropZone";
import { Header, ViewBar } from "./Header";
import { Notices } from "./Notices";
import { ProjectPane } from "./ProjectPane";
import { WorkPane } from "./WorkPane";

export function App() {
  useEffect(() => {
    const keys = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      view.value = "project";
      requestAnimationFrame(() => document.getElementById("search")?.focus());
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, []);
  return (
    <div class={`page shows-${view.value}`}>
      <Header />
      <ViewBar />
      <ProjectPane />
      <ChatPane />
      <WorkPane />
      <Notices />
      <DropZone />
    </div>
  );
}
