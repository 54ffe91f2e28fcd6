/** Who somebody is. `anonymous` may watch; the rest are accounts. */
export const ROLES = ['anonymous', 'customer', 'organizer', 'admin'] as const;
export type Role = (typeof ROLES)[number];
