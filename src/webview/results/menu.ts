// A button with a menu below it.
import { button, h, icon } from "./dom.ts";

export interface MenuEntry {
  readonly label: string;
  /** Shown behind it: the key that does the same. */
  readonly key?: string;
  readonly press: () => void;
}

let made = 0;

export function menuButton(
  label: string,
  name: Parameters<typeof icon>[0],
  entries: readonly MenuEntry[],
): HTMLElement {
  made += 1;
  const id = `menu${made}`;
  const opener = button(label, () => toggle(), { icon: name });
  opener.append(icon("down"));
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", id);
  const items = entries.map(({ label: text, key, press }) =>
    h(
      "button",
      {
        class: "item",
        role: "menuitem",
        type: "button",
        tabIndex: -1,
        on: {
          click: () => {
            close();
            press();
          },
        },
      },
      h("span", {}, text),
      h("span", { class: "key" }, key ?? ""),
    ),
  );
  const list = h("div", { class: "menu", role: "menu", id, hidden: true, aria: { label } }, ...items);
  const root = h("div", { class: "menuroot" }, opener, list);

  function toggle(): void {
    if (!list.hidden) return close();
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    items[0]?.focus();
  }
  function close(): void {
    if (list.hidden) return;
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  }
  root.addEventListener("keydown", (event) => {
    const index = items.indexOf(document.activeElement as HTMLButtonElement);
    const last = items.length - 1;
    const to: Readonly<Record<string, number>> = {
      ArrowDown: index === last ? 0 : index + 1,
      ArrowUp: index <= 0 ? last : index - 1,
      Home: 0,
      End: last,
    };
    if (event.key === "Escape" && !list.hidden) close();
    else if (to[event.key] !== undefined && !list.hidden) items[to[event.key] ?? 0]?.focus();
    else if (event.key === "ArrowDown" && list.hidden) toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  root.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && root.contains(event.relatedTarget)) return;
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
  });
  return root;
}
