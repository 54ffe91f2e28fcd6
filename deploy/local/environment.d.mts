type Environment = Readonly<Record<string, string | undefined>>;
/** What of the shell `npm start` keeps. */
export function launcherEnvironment(env?: Environment): Record<string, string>;
/** What of the shell `npm test` keeps. */
export function testEnvironment(env?: Environment): Record<string, string>;
export function buildEnvironment(env?: Environment): Record<string, string>;
export function takeOn(environment: Environment): void;
export function keepOwnRights(): void;
export function installation(env?: Environment): { args: string[]; env: Environment };
