/** Constants of the seats' rules that the model and the scripts share. */

/** How many overdue holds a command ends that meets them on its way. */
export const ENDED_ON_THE_WAY = 100;
/** How long a hold lives at least after a declined payment, where its event's rules allow it. */
export const AFTER_DECLINE_MS = 60_000;
