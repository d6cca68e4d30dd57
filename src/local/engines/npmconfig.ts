// The user's own npm settings (registry, login, proxy, certificates), as npm's libraries take them.
import { homedir } from "node:os";

/**
 * `inEditor`: VS Code's extension host puts an agent of its own around every request, which knows the editor's proxies; npm's agent in
 * it never ends where a connection is refused. There npm's agent is left out, unless npm names a proxy of its own.
 *
 * Reads npm's built-in, global and user configuration and its environment variables. A project's .npmrc is left out: a cloned
 * repository must not choose where programs come from.
 */
export async function npmSettings(
  environment: Readonly<NodeJS.ProcessEnv>,
  inEditor = false,
): Promise<Record<string, unknown>> {
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
  const flat = config.flat;
  const own = flat["proxy"] ?? flat["httpsProxy"];
  return inEditor && (own === null || own === undefined || own === false) ? { ...flat, agent: false } : flat;
}

/** Of those, what any HTTPS download needs: proxy and certificates, and no login. */
export async function httpSettings(
  environment: Readonly<NodeJS.ProcessEnv>,
  inEditor = false,
): Promise<Record<string, unknown>> {
  const flat = await npmSettings(environment, inEditor);
  return {
    ...("agent" in flat ? { agent: flat["agent"] } : {}),
    ca: flat["ca"],
    cert: flat["cert"],
    key: flat["key"],
    noProxy: flat["noProxy"],
    proxy: flat["httpsProxy"] ?? flat["proxy"],
    strictSSL: flat["strictSSL"],
    localAddress: flat["localAddress"],
  };
}
