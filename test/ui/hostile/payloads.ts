// Strings that would do something, were they read as more than text: each has a number of its own that is found again on the screen.

/** What a script that ran would say on the console. */
export const RAN = "XSS-RAN";
const CALL = `console.error('${RAN}')`;
/** An icon that VS Code itself shows nowhere in these tests. */
const ICON = "squirrel";

/** `#` stands for the payload's mark, which each line of one repeats: what is cut to a line can still be told. */
export const KINDS: readonly string[] = [
  `# <script>${CALL}</script>`,
  `# <img src=x onerror="${CALL}">`,
  `# <svg onload="${CALL}"></svg>`,
  `# "><iframe srcdoc="<script>parent.${CALL}</script>"></iframe>`,
  `# <a href="javascript:${CALL}" autofocus onfocus="${CALL}">x</a>`,
  `# '-${CALL}-'`,
  `# </textarea></title></style><script>${CALL}</script>`,
  `# <details open ontoggle="${CALL}">`,
  `# \${${CALL}} {{constructor.constructor("${CALL}")()}} #{7*7} <%= 7*7 %> %s %o`,
  `# <math><mtext></form><form><mglyph><style></math><img src onerror="${CALL}">`,
  `# <input style="background:url(javascript:${CALL})" onfocus="${CALL}" autofocus>`,
  `# \u202e<b onmouseover="${CALL}">\u202c \u2066\u2069 \u200f`,
  `# [x](command:boathouse.lake.start?%5B%5D) [y](https://example.invalid "t")`,
  `# $(${ICON}) $(${ICON}~spin) \\$(${ICON})`,
  `# <base href="//x"><link rel=stylesheet href="//x"><meta http-equiv=refresh content="0;url=//x">`,
  `# first\n# <img src=x onerror="${CALL}">\r\n# [z](command:workbench.action.quit)`,
  `# \u001b[31mred\u001b]8;;command:workbench.action.quit\u0007link\u001b]8;;\u0007\u001b[0m\u0000`,
  `# ![i](x) <!-- --> \`\`\`html\n# <script>${CALL}</script>\n# \`\`\` __a__ [[wiki]] <command:workbench.action.quit>`,
  `# ${"very long ".repeat(60)}<img src=x onerror="${CALL}">${"\u0301".repeat(40)}`,
];

/** The kind that an address in angle brackets is of. */
export const ADDRESS = KINDS.findIndex((kind) => kind.includes("<command:"));

const mark = (number: number) => `~${number}~`;

/** The numbers of all payloads whose mark stands in a text. */
export function numbersIn(text: string): number[] {
  return [...text.matchAll(/~(\d+)~/g)].map(([, number]) => Number(number));
}

export class Payloads {
  /** How many were made. */
  count = 0;

  /** A payload like no other before it; of that kind where one is named. */
  next(kind?: number): string {
    const number = this.count++;
    return (KINDS[(kind ?? number) % KINDS.length] ?? "").replaceAll(/(^|\n)#/g, `$1${mark(number)}`);
  }

  /** Several. */
  list(length: number): string[] {
    return Array.from({ length }, () => this.next());
  }
}

/**
 * Runs in every page and frame before anything else. Says on the console each report of a policy, and each element or attribute that only
 * a payload could have made, however short it was there.
 */
export const WATCH = `(() => {
  const tell = (what) => console.error("HOSTILE: " + String(what).slice(0, 900));
  addEventListener("securitypolicyviolation", (event) =>
    tell("policy " + event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile + " " + event.sample));
  const marked = (element) => [...element.attributes].some(({ name, value }) =>
    (/^on/i.test(name) && value.includes("${RAN}")) ||
    (/^(href|src|data-href|srcdoc|action|http-equiv)$/i.test(name) && /%5B%5D|workbench\\.action\\.quit|javascript:|${RAN}|example\\.invalid|^\\/\\/x|^x$|~\\d+~/.test(value)));
  const wrong = (element) =>
    element.classList?.contains("codicon-${ICON}") || marked(element) || (element.localName === "script" && element.textContent.includes("${RAN}"));
  const place = (element) => {
    const names = [];
    for (let above = element.parentElement; above && names.length < 12; above = above.parentElement) names.unshift(String(above.className).slice(0, 60));
    return names.join(" > ") + ": " + element.outerHTML;
  };
  const look = (node) => {
    if (node.nodeType !== 1) return;
    if (wrong(node)) tell("element " + place(node));
    for (const element of node.querySelectorAll("*")) if (wrong(element)) tell("element " + place(element));
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") { if (wrong(change.target)) tell("attribute " + place(change.target)); }
      else for (const node of change.addedNodes) look(node);
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class", "href", "src", "data-href", "onerror", "onload", "onfocus", "srcdoc"] });
})();`;
