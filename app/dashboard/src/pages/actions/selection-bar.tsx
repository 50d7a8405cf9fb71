/** What can be done to the selected tasks. It floats above the list, so that selecting moves nothing. */

import type { Task } from "../../api/types";
import { allows } from "../../data/actions";
import { formatNumber } from "../../domain/format";
import { CloseIcon } from "../../ui/icons";
import { usePreferences } from "../../ui/preferences";
import { useShortcuts } from "../../ui/shortcuts";
import { useAction } from "./use-action";

interface Properties {
  selected: readonly Task[];
  /** Tasks that are shown, selected or not. */
  shown: number;
  selectAll: () => void;
  clear: () => void;
}

export default function SelectionBar({ selected, shown, selectAll, clear }: Properties) {
  const { text, language } = usePreferences();
  const { ask, dialog } = useAction(clear);
  const number = (count: number) => formatNumber(count, language);
  const cancellable = selected.filter((task) => allows("cancel", task)).length;
  const retryable = selected.length - cancellable;
  useShortcuts({ Escape: clear, c: () => ask("cancel", selected), r: () => ask("retry", selected) });
  return (
    <>
      <div className="selection" role="toolbar" aria-label={text.action.toolbar}>
        <span className="selection-count numeric" role="status">{text.action.selected(number(selected.length))}</span>
        {selected.length < shown && <button type="button" className="button button-quiet" onClick={selectAll}>{text.action.selectAll(number(shown))}</button>}
        <span className="selection-actions">
          <button type="button" className="button" disabled={cancellable === 0} onClick={() => ask("cancel", selected)} title="c">
            {text.action.cancel.verb} <span className="quiet numeric">{number(cancellable)}</span>
          </button>
          <button type="button" className="button" disabled={retryable === 0} onClick={() => ask("retry", selected)} title="r">
            {text.action.retry.verb} <span className="quiet numeric">{number(retryable)}</span>
          </button>
          <button type="button" className="button button-quiet button-icon" onClick={clear} aria-label={text.action.clear} title={`${text.action.clear} (Esc)`}><CloseIcon /></button>
        </span>
      </div>
      {dialog}
    </>
  );
}
