// Signing in at IAM Identity Center: a code to compare, the browser, and waiting that can be cancelled.
import * as vscode from "vscode";
import type { SsoSettings } from "../../aws/profiles.ts";
import { withProgress } from "../shell/progress.ts";

/** Resolves once the token is written; throws what the sign-in throws, `cancelled` where the person stopped it. */
export async function signInByDevice(sso: SsoSettings, profile: string, endpoint?: string): Promise<void> {
  const { signInSso } = await import("../../aws/sso.ts");
  await withProgress(
    { title: `Signing in (${profile})`, cancelled: "The sign-in was cancelled." },
    async ({ signal, say }) => {
      say("asking IAM Identity Center for a code");
      const left = new AbortController();
      await signInSso(sso, {
        signal: AbortSignal.any([signal, left.signal]),
        ...(endpoint === undefined ? {} : { endpoint }),
        show: ({ userCode, url }) => {
          say(`code ${userCode}: confirm it in the browser`);
          void openPage(userCode, url).then((goesOn) => {
            if (!goesOn) left.abort();
          });
        },
      });
    },
  );
}

/** False where the person left the dialog. */
async function openPage(code: string, url: string): Promise<boolean> {
  const open = "Open Browser";
  const copy = "Copy Address";
  const pressed = await vscode.window.showInformationMessage(
    "Sign in at IAM Identity Center",
    { modal: true, detail: `Confirm this code in the browser:\n\n${code}\n\n${url}` },
    open,
    copy,
  );
  if (pressed === open) await vscode.env.openExternal(vscode.Uri.parse(url, true));
  if (pressed === copy) await vscode.env.clipboard.writeText(url);
  return pressed !== undefined;
}
