import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/list.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { firstLanguage, loadTexts } from "./ui/preferences";

const root = document.getElementById("root");
if (root) {
  const show = () =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
  const language = firstLanguage();
  if (language === "en") show();
  // In English, if the texts do not come.
  else void loadTexts(language).then(show, show);
}
