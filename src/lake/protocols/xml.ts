// Small pieces that both XML protocols use.

/** What stands within the root element of `xml`. */
export function innerXml(xml: string): string {
  const start = xml.indexOf(">");
  if (start < 0 || xml[start - 1] === "/") return "";
  return xml.slice(start + 1, xml.lastIndexOf("</"));
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
