/** A part of a process with a life of its own. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  /** Takes no new work and finishes what is in hand. */
  drain(): Promise<void>;
  /** Lets go of what it holds; called after `drain`. */
  stop(): Promise<void>;
}

/** One service, or several that stand on the same and drain side by side. */
export type Stage = Service | readonly Service[];

const nothing = async (): Promise<void> => undefined;

/** What is left out does nothing. */
export function service(name: string, parts: Partial<Omit<Service, 'name'>>): Service {
  return { name, start: nothing, drain: nothing, stop: nothing, ...parts };
}

/**
 * Starts services in the order they are given: what others stand on comes first. Returns how to end them: stage by stage in reverse,
 * first all drain, then all stop. One that fails to end keeps none of the others from ending; its error is thrown at the end. When one
 * does not start, or the list itself fails, those before it are ended and that error is thrown.
 */
export async function startServices(
  stages: Iterable<Stage> | AsyncIterable<Stage>,
): Promise<() => Promise<void>> {
  const started: Service[][] = [];

  const end = async (): Promise<void> => {
    const failures: unknown[] = [];
    const failed = (error: unknown): void => void failures.push(error);
    for (const stage of started.toReversed()) {
      await Promise.all(stage.map((each) => each.drain().catch(failed)));
    }
    for (const each of started.flat().toReversed()) await each.stop().catch(failed);
    if (failures.length > 0) throw failures[0];
  };

  try {
    for await (const stage of stages) {
      const begun: Service[] = [];
      started.push(begun);
      for (const each of [stage].flat()) {
        await each.start();
        begun.push(each);
      }
    }
  } catch (error) {
    await end().catch(() => undefined);
    throw error;
  }
  return end;
}
