// Sees a lake come and go by its record, lake.json, without asking in turns: the folder tells.
import { existsSync, type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** The lake writes its record aside and renames it; both show, and so does what it removes. */
const RECORD = /^lake\.json/;
/** One look for what happens within so long; ms. */
const SETTLE = 40;

export class LakeWatch {
  private watcher: FSWatcher | undefined;
  private watched: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param changed called after something happened to the record of the lake in `folder`. */
  constructor(
    readonly folder: string,
    private readonly changed: () => void,
  ) {
    this.aim();
  }

  /** Watches the folder, or the nearest one above it that exists: a lake that was never started has no folder yet. */
  aim(): void {
    let target = this.folder;
    while (!existsSync(target) && dirname(target) !== target) target = dirname(target);
    if (target === this.watched) return;
    this.watcher?.close();
    this.watched = target;
    const next = target === this.folder ? undefined : below(target, this.folder);
    try {
      this.watcher = watch(target, { persistent: false }, (_event, name) => {
        if (name !== null && !(next === undefined ? RECORD.test(name) : name === next)) return;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
          this.aim();
          this.changed();
        }, SETTLE);
      });
      // A folder that is deleted, or a limit of the system: then a look at the window's focus has to do.
      this.watcher.on("error", () => this.dispose());
    } catch {
      this.watcher = undefined;
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watcher?.close();
    this.watcher = undefined;
    this.watched = undefined;
  }
}

/** The name of what lies right below `above` on the way to `folder`. */
function below(above: string, folder: string): string {
  let at = folder;
  while (dirname(at) !== above && dirname(at) !== at) at = dirname(at);
  return basename(at);
}
