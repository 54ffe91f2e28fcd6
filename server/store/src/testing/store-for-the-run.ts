import { type StoreProcess, temporaryFolder } from '@seatwire/embedded';

/** Starts a store in a folder of its own; `end` stops it and removes the folder, as does a failure on the way. */
export async function storeForTheRun(
  start: (dir: string) => Promise<StoreProcess>,
  use: (url: string) => Promise<void> | void,
): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  let store: StoreProcess | undefined;
  const end = async () => {
    await store?.stop();
    await folder.remove();
  };
  try {
    store = await start(folder.path);
    await use(store.url);
    return end;
  } catch (error) {
    await end();
    throw error;
  }
}
