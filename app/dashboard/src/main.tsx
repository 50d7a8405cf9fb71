import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/list.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { session } from "./api/client";
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
  const begin = async (): Promise<void> => {
    // Nothing is waited for, but where the issuer has just sent the browser back.
    const place = (await session?.begin()) ?? null;
    if (place !== null) history.replaceState(null, "", place);
    // In English, if the texts do not come.
    if (language !== "en") await loadTexts(language).catch(() => undefined);
    show();
  };
  void begin();
}
