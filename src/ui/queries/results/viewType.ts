// The panel's type: in a file of its own, so that a window that opens does not load what the menu is made of.

/** The type of the panel's webview; VS Code names it in `activeWebviewPanelId` and, in its menu, `webviewId`. */
export const VIEW_TYPE = "boathouse.results";
