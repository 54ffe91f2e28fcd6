import type { Chart, EventDetail } from '@seatwire/protocol';
import { type Answer, api } from '../connection/api.ts';
import { useAnswer } from './use-answer.ts';

export interface SaleEvent {
  readonly event: EventDetail;
  readonly chart: Chart;
}

/** An event with its chart: what a page of a sale begins with. */
export function useSaleEvent(id: string): ReturnType<typeof useAnswer<SaleEvent>> {
  return useAnswer(id, async (): Promise<Answer<SaleEvent>> => {
    const [event, chart] = await Promise.all([api.event(id), api.chart(id)]);
    if (!event.ok) return event;
    if (!chart.ok) return chart;
    return { ok: true, body: { event: event.body, chart: chart.body } };
  });
}
