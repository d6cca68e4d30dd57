// Types of the kept clients that publish none: only what is used of them.
declare module "make-fetch-happen" {
  export interface FetchResponse {
    status: number;
    statusText: string;
    headers: { get(name: string): string | null };
    body: AsyncIterable<Uint8Array>;
  }
  export default function fetch(url: string, options: Readonly<Record<string, unknown>>): Promise<FetchResponse>;
}

declare module "npm-registry-fetch" {
  export default function fetch(
    url: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<import("make-fetch-happen").FetchResponse>;
}

declare module "pacote" {
  type Options = Readonly<Record<string, unknown>>;
  interface Pacote {
    extract(spec: string, folder: string, options: Options): Promise<unknown>;
    /** `_resolved`: where the tarball lies. */
    manifest(spec: string, options: Options): Promise<{ _resolved: string }>;
  }
  const pacote: Pacote;
  export default pacote;
}

declare module "@npmcli/config" {
  export default class Config {
    constructor(options: Readonly<Record<string, unknown>>);
    load(): Promise<void>;
    /** npm's settings under the names that its libraries take as options. */
    readonly flat: Record<string, unknown>;
  }
}

declare module "@npmcli/config/lib/definitions/index.js" {
  const definitions: { definitions: object; shorthands: object; flatten: object; nerfDarts: string[] };
  export default definitions;
}
