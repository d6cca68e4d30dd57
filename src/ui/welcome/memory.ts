// Where VS Code's memory of this machine keeps the first steps.

/** Steps that were reached once. */
export const REACHED = "boathouse.reached";

/** The sample's folder that is being opened, whose window shows the README. */
export const OPENING = "boathouse.openingSample";
