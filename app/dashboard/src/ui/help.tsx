/** The keyboard's shortcuts. */

import { Dialog } from "./dialog";
import { useText } from "./preferences";

export default function Help({ onClose }: { onClose: () => void }) {
  const { help } = useText();
  const groups: [string, [string[], string][]][] = [
    [help.list, [[["/"], help.search], [["j"], help.down], [["k"], help.up], [["Enter"], help.enter], [["x"], help.select], [["c"], help.cancel], [["r"], help.retry]]],
    [help.task, [[["/"], help.search], [["f"], help.follow], [["e"], help.error], [["Esc"], help.back]]],
    [help.everywhere, [[["Ctrl", "K"], help.palette], [["g", "t"], help.tasks], [["g", "p"], help.projects], [["g", "s"], help.system], [["?"], help.this]]],
  ];
  return (
    <Dialog title={help.title} open onClose={onClose}>
      <div className="help">
        {groups.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([combination, meaning]) => (
                <div key={combination.join(" ")}>
                  <dt>{meaning}</dt>
                  <dd>{combination.map((key) => <kbd key={key}>{key}</kbd>)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
