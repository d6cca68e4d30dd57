// The user's own npm settings (registry, login, proxy, certificates), as npm's libraries take them.
import { homedir } from "node:os";

/**
 * Reads npm's built-in, global and user configuration and its environment variables. A project's .npmrc is left out: a cloned
 * repository must not choose where programs come from.
 */
export async function npmSettings(environment: Readonly<NodeJS.ProcessEnv>): Promise<Record<string, unknown>> {
  const { default: Config } = await import("@npmcli/config");
  const { default: definitions } = await import("@npmcli/config/lib/definitions/index.js");
  const config = new Config({
    ...definitions,
    npmPath: "",
    argv: [],
    env: { ...environment },
    cwd: homedir(),
    excludeNpmCwd: true,
    warn: false,
  });
  await config.load();
  return config.flat;
}

/** Of those, what any HTTPS download needs: proxy and certificates, and no login. */
export async function httpSettings(environment: Readonly<NodeJS.ProcessEnv>): Promise<Record<string, unknown>> {
  const flat = await npmSettings(environment);
  return {
    ca: flat["ca"],
    cert: flat["cert"],
    key: flat["key"],
    noProxy: flat["noProxy"],
    proxy: flat["httpsProxy"] ?? flat["proxy"],
    strictSSL: flat["strictSSL"],
    localAddress: flat["localAddress"],
  };
}
