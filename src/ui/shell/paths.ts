// Paths as a narrow place shows them: below the home folder as "~", and without their middle where they are long.
import { homedir } from "node:os";

/** Characters that a line of a side bar has room for. */
const LONGEST = 50;

/** "~/.local/share/boathouse/lake"; "/srv/…/boathouse/lake". The whole path belongs into the tooltip. */
export function shownPath(path: string, home = homedir(), longest = LONGEST): string {
  const short = belowHome(path, home);
  if (short.length <= longest) return short;
  // The first part says where on the machine it is, the last ones what it is.
  const [first = "", ...rest] = short.startsWith("/")
    ? [`/${short.split("/")[1]}`, ...short.split("/").slice(2)]
    : short.split("/");
  let tail = "";
  while (rest.length > 1) {
    const longer = `/${rest.pop()}${tail}`;
    if (first.length + longer.length + 2 > longest) break;
    tail = longer;
  }
  if (tail !== "") return `${first}/…${tail}`;
  const half = Math.floor((longest - 1) / 2);
  return `${short.slice(0, longest - 1 - half)}…${short.slice(-half)}`;
}

function belowHome(path: string, home: string): string {
  if (home === "" || home === "/") return path;
  if (path === home) return "~";
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
