/** Makes the assets under dist those under src; answers how many there are. */
export function copyAssets(packageDir: string): Promise<number>;
