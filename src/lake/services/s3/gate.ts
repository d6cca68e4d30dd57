// Lets changes of a bucket's keys run beside each other, and a change of the bucket itself alone.

interface Door {
  sharing: number;
  /** Those who want the bucket alone, and those who came behind them. */
  readonly waiting: { readonly alone: boolean; readonly enter: () => void }[];
  closed: boolean;
}

export class BucketGate {
  private readonly doors = new Map<string, Door>();

  async share<T>(bucket: string, action: () => Promise<T>): Promise<T> {
    const door = this.door(bucket);
    if (door.closed || door.waiting.length > 0) await this.wait(door, false);
    else door.sharing += 1;
    try {
      return await action();
    } finally {
      door.sharing -= 1;
      this.next(bucket, door);
    }
  }

  async alone<T>(bucket: string, action: () => Promise<T>): Promise<T> {
    const door = this.door(bucket);
    if (door.closed || door.sharing > 0 || door.waiting.length > 0) await this.wait(door, true);
    else door.closed = true;
    try {
      return await action();
    } finally {
      door.closed = false;
      this.next(bucket, door);
    }
  }

  private door(bucket: string): Door {
    let door = this.doors.get(bucket);
    if (door === undefined) {
      door = { sharing: 0, waiting: [], closed: false };
      this.doors.set(bucket, door);
    }
    return door;
  }

  private wait(door: Door, alone: boolean): Promise<void> {
    return new Promise((enter) => door.waiting.push({ alone, enter }));
  }

  /** Lets in whoever is first, in order of arrival; counts them here, so that nobody slips in between. */
  private next(bucket: string, door: Door): void {
    for (let first = door.waiting[0]; first !== undefined && !door.closed; first = door.waiting[0]) {
      if (first.alone && door.sharing > 0) return;
      if (first.alone) door.closed = true;
      else door.sharing += 1;
      door.waiting.shift();
      first.enter();
    }
    if (!door.closed && door.sharing === 0 && door.waiting.length === 0) this.doors.delete(bucket);
  }
}
