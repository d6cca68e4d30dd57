// How large a character of the editor's font is, now and after the person changes it.
import { h } from "./dom.ts";
import type { Metrics } from "./grid.ts";

const DIGITS = 100;

export function measure(changed: (metrics: Metrics) => void): {
  readonly element: HTMLElement;
  readonly metrics: Metrics;
  dispose(): void;
} {
  const line = h("span", {}, "0".repeat(DIGITS));
  const element = h("div", { class: "probe", aria: { hidden: "true" } }, line);
  const read = (): Metrics => {
    const { width, height } = line.getBoundingClientRect();
    // Not in the page yet: as it is with VS Code's own settings.
    const [character, text] = width === 0 ? [8.4, 19] : [width / DIGITS, height];
    return { character, rowHeight: Math.round(text * 1.15) + 4, headHeight: Math.round(text * 2.1) + 8 };
  };
  const observer = new ResizeObserver(() => changed(read()));
  observer.observe(line);
  return {
    element,
    get metrics() {
      return read();
    },
    dispose: () => observer.disconnect(),
  };
}
