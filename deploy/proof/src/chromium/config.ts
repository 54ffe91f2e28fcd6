/** The Chromium to use, where somebody named one. */
export const namedChromium = (): string | undefined => process.env.CHROMIUM_BIN || undefined;

export const searchPath = (): string[] => (process.env.PATH ?? '').split(':').filter(Boolean);

/** This process's environment with some variables set. */
export const environmentWith = (extra: Readonly<Record<string, string>>): Record<string, string> => {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...process.env, ...extra })) {
    if (value !== undefined) environment[name] = value;
  }
  return environment;
};

export const libraryPath = (): string | undefined => process.env.LD_LIBRARY_PATH || undefined;
