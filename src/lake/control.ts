// The lake's private routes for its own clients: status, leases, stop and, for tests, the clock. Bearer: the root secret.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { OffsetClock } from "../base/clock.ts";
import { readBody } from "./exchange.ts";
import { ServiceError } from "./fault.ts";
import type { PrivateRoute } from "./lake.ts";

/** A client that does not renew for this long has gone; ms. */
const LEASE = 20_000;
/** The lake ends this long after its last lease; ms. */
const IDLE = 60_000;
/** Between two looks at the leases; ms. */
const CHECK = 2000;

export interface ControlParts {
  readonly secret: string;
  readonly version: string;
  /** `lake start` asked for it: it stays until `lake stop`. */
  readonly persistent: boolean;
  readonly clock: OffsetClock;
  readonly busy: () => boolean;
  readonly stop: () => void;
}

export class Control {
  private readonly leases = new Map<string, number>();
  private idleSince = Date.now();
  private checked = Date.now();
  private persistent: boolean;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly parts: ControlParts) {
    this.persistent = parts.persistent;
    this.timer = setInterval(() => this.checkIdle(), CHECK);
    this.timer.unref();
  }

  routes(): Record<string, PrivateRoute> {
    return {
      // Open to all on loopback: it says nothing that lake.json does not.
      status: async (_request, response) =>
        answer(response, {
          pid: process.pid,
          version: this.parts.version,
          busy: this.parts.busy(),
          persistent: this.persistent,
          leases: this.leases.size,
        }),
      leases: this.guarded(async (body) => {
        const { id, release } = body as { id?: string; release?: boolean };
        if (id === undefined) throw new ServiceError("ValidationException", "A lease has an id.");
        if (release === true) this.leases.delete(id);
        else this.leases.set(id, Date.now() + LEASE);
        return { renewWithin: LEASE };
      }),
      persist: this.guarded(async () => {
        this.persistent = true;
        return {};
      }),
      stop: this.guarded(async () => {
        setImmediate(this.parts.stop);
        return {};
      }),
      clock: this.guarded(async (body) => {
        const { advance } = body as { advance?: number };
        if (advance !== undefined) this.parts.clock.advance(advance);
        return { now: this.parts.clock.now() };
      }),
    };
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  private checkIdle(): void {
    const now = Date.now();
    // A machine that slept: leases look old, but their clients slept too and renew in a moment.
    const slept = now - this.checked > 5 * CHECK;
    this.checked = now;
    if (slept) {
      this.idleSince = now;
      for (const id of this.leases.keys()) this.leases.set(id, now + LEASE);
      return;
    }
    for (const [id, until] of this.leases) if (until < now) this.leases.delete(id);
    if (this.persistent || this.leases.size > 0 || this.parts.busy()) this.idleSince = now;
    else if (now - this.idleSince > IDLE) this.parts.stop();
  }

  private guarded(act: (body: unknown) => Promise<object>): PrivateRoute {
    return async (request: IncomingMessage, response: ServerResponse) => {
      if (request.headers.authorization !== `Bearer ${this.parts.secret}`) {
        throw new ServiceError("AccessDenied", "The lake's private routes take its secret key as a bearer token.", {
          status: 403,
        });
      }
      const body = await readBody(request, 65_536);
      answer(response, await act(body.length === 0 ? {} : JSON.parse(body.toString("utf8"))));
    };
  }
}

function answer(response: ServerResponse, value: object): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
