import type { Chart } from '@seatwire/protocol';
import { useEffect, useState } from 'preact/hooks';
import type { LiveRoom } from '../connection/live.ts';
import { sectionLoads } from './section-loads.ts';

/** The fullest sections first; recounted at most once a second. */
export function Sections({ chart, room }: { chart: Chart; room: LiveRoom }) {
  const [loads, setLoads] = useState(() => sectionLoads(chart, room.codeOf));
  useEffect(() => {
    let dirty = true;
    const unwatch = room.watch(() => {
      dirty = true;
    });
    const timer = setInterval(() => {
      if (dirty) setLoads(sectionLoads(chart, room.codeOf));
      dirty = false;
    }, 1000);
    return () => {
      unwatch();
      clearInterval(timer);
    };
  }, [chart, room]);
  return (
    <section class="sections">
      <h2>Hottest sections</h2>
      <ol>
        {loads.slice(0, 8).map(({ section, sold, held }) => (
          <li key={section.id}>
            <span class="section-name">{section.name}</span>
            <span class="load" title={`${sold} sold, ${held} held of ${section.count}`}>
              <span class="sold" style={{ width: `${(100 * sold) / section.count}%` }} />
              <span class="held" style={{ width: `${(100 * held) / section.count}%` }} />
            </span>
            <span class="number small">{Math.round((100 * (sold + held)) / section.count)} %</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
