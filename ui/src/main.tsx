import { render } from "preact";
import { App } from "./parts/App";
import { start } from "./state/studio";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/chat.css";
import "./styles/project.css";
import "./styles/work.css";

const root = document.getElementById("app");
if (root) render(<App />, root);
void start();
