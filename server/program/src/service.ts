/** A part of a process with a life of its own. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  /** Takes no new work and finishes what is in hand. */
  drain(): Promise<void>;
  /** Lets go of what it holds; called after `drain`. */
  stop(): Promise<void>;
}

/**
 * Starts services in the order they are given: what others stand on comes first. Returns how to end them: all drain, then they stop in
 * reverse. When one does not start, those before it are ended and its error is thrown.
 */
export async function startServices(services: Iterable<Service>): Promise<() => Promise<void>> {
  const started: Service[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(started.map((service) => service.drain()));
    for (const service of started.toReversed()) await service.stop();
  };
  try {
    for (const service of services) {
      await service.start();
      started.push(service);
    }
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}
