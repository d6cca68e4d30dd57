// The panel's page: an empty body, one script and one style sheet, and a policy under which nothing else loads or runs.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** Holds no text of a person or a service: all of it comes by messages and is set as text. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(18).toString("base64url");
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", "webview", name));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
    // No string becomes HTML or script, whatever a later change of the page may try.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Results</title>
<link rel="stylesheet" nonce="${nonce}" href="${file("results.css")}">
</head>
<body>
<script nonce="${nonce}" src="${file("results.js")}"></script>
</body>
</html>
`;
}
