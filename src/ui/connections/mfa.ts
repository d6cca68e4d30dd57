// Asks for the code of an MFA device.
import { isCancelled } from "../../base/errors.ts";
import { askFor } from "../shell/quickInput.ts";

/** Undefined where the person gives none. */
export async function askMfaCode(serial: string, profile: string): Promise<string | undefined> {
  try {
    return await askFor(`MFA for ${profile}`, {
      prompt: `Code that the device ${serial} shows, for the role of profile ${profile}`,
      placeholder: "123456",
      validate: (code) => (code === "" ? "" : /^\d{6}$/.test(code) ? undefined : "The code has six digits."),
    });
  } catch (error) {
    if (isCancelled(error)) return undefined;
    throw error;
  }
}
