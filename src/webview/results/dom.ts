// Elements made by hand: text only ever becomes text nodes, styles are set by property, nothing is parsed as HTML.

type Props<K extends keyof HTMLElementTagNameMap> = {
  readonly class?: string;
  readonly role?: string;
  readonly aria?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
} & Partial<Pick<HTMLElementTagNameMap[K], SafeProperty & keyof HTMLElementTagNameMap[K]>>;

/** Properties whose text is never markup, script or an address. */
type SafeProperty =
  | "title"
  | "id"
  | "tabIndex"
  | "type"
  | "value"
  | "placeholder"
  | "disabled"
  | "hidden"
  | "readOnly"
  | "spellcheck"
  | "selected"
  | "dir";

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: name, role, aria = {}, data = {}, on = {}, ...properties }: Props<K> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (name !== undefined) element.className = name;
  if (role !== undefined) element.setAttribute("role", role);
  for (const [key, value] of Object.entries(aria)) element.setAttribute(`aria-${key}`, value);
  for (const [key, value] of Object.entries(data)) element.dataset[key] = value;
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

/** Paths of icons in a square of 16. */
const ICONS = {
  copy: "M5 1h8v11h-2v3H2V4h3V1zm1 3h5v7h1V2H6v2zM3 5v9h7V5H3z",
  download: "M7.5 1h1v8.1l2.8-2.8.7.7L8 11 4 7l.7-.7 2.8 2.8V1zM2 13h12v1H2v-1z",
  again: "M13 3v4H9V6h2.4A4.5 4.5 0 1 0 12.3 9h1A5.5 5.5 0 1 1 12 5.1V3h1z",
  filter: "M1.5 2h13v1.3L10 8.5V13l-4 2V8.5L1.5 3.3V2zm1.3 1L7 8v5.4l2-1V8l4.2-5H2.8z",
  close: "M8 7.3 12.3 3l.7.7L8.7 8l4.3 4.3-.7.7L8 8.7 3.7 13l-.7-.7L7.3 8 3 3.7l.7-.7L8 7.3z",
  down: "M3.5 6h9L8 11 3.5 6z",
  stop: "M3 3h10v10H3V3zm1 1v8h8V4H4z",
  open: "M2 3h5v1H3v9h9v-4h1v5H2V3zm7-1h5v5h-1V3.7L7.4 9.4l-.8-.8L12.3 3H9V2z",
  error: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 1a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm-.5 3h1v4.5h-1V5zm0 5.5h1v1h-1v-1z",
  done: "M13.7 4.3 6.5 11.5 2.3 7.3l.7-.7 3.5 3.5 6.5-6.5.7.7z",
} as const;

export function icon(name: keyof typeof ICONS): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function button(
  label: string,
  press: () => void,
  options: { readonly icon?: keyof typeof ICONS; readonly class?: string; readonly title?: string } = {},
): HTMLButtonElement {
  const made = h("button", {
    class: options.class ?? "tool",
    type: "button",
    title: options.title ?? label,
    on: { click: press },
  });
  if (options.icon !== undefined) made.append(icon(options.icon));
  made.append(h("span", {}, label));
  return made;
}
