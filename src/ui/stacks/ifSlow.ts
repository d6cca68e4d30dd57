// Progress for what is quick as a rule: it shows only where it lasts.
import { abandonable } from "../../base/wait.ts";
import { withProgress } from "../shell/progress.ts";

/** What lasts longer has progress; ms. */
const SLOW = 1000;

/**
 * Waits for `doing`, with progress once it lasts longer than a second.
 * @param cancelled what Cancel means: the waiting is given up, and the error says so. False: there is no Cancel.
 */
export async function ifSlow<T>(title: string, cancelled: string | false, doing: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => {
      withProgress({ title, cancelled }, ({ signal }) => abandonable(doing, signal)).then(resolve, reject);
    }, SLOW);
  });
  try {
    return await Promise.race([doing, slow]);
  } finally {
    clearTimeout(timer);
  }
}
