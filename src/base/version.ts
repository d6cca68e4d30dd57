// The version of what is built; esbuild writes package.json's in its place.
declare const BOATHOUSE_VERSION: string | undefined;

export const VERSION: string = typeof BOATHOUSE_VERSION === "undefined" ? "0.0.0-dev" : BOATHOUSE_VERSION;
