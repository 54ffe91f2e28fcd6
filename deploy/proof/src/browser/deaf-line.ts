/** A page's line that can be made deaf: its sockets stay open, and nothing comes through in either direction. */
import type { Page } from 'playwright-core';

export interface DeafLine {
  /** The sockets there are, and those to come. */
  deafen(): void;
  /** Only the sockets there are; the next one hears. */
  deafenOpen(): void;
  /** Sockets to come hear again; what was swallowed stays lost. */
  heal(): void;
  /** Sockets opened so far. */
  readonly opened: number;
}

/** Takes effect for what the page opens from now on. */
export async function deafLine(page: Page): Promise<DeafLine> {
  let deaf = false;
  const open = new Set<{ deaf: boolean }>();
  let opened = 0;
  await page.routeWebSocket(/\/ws(\?|$)/, (socket) => {
    const line = { deaf };
    open.add(line);
    opened++;
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (!line.deaf) server.send(message);
    });
    server.onMessage((message) => {
      if (!line.deaf) socket.send(message);
    });
  });
  const deafenOpen = () => {
    for (const line of open) line.deaf = true;
  };
  return {
    deafen() {
      deaf = true;
      deafenOpen();
    },
    deafenOpen,
    heal() {
      deaf = false;
    },
    get opened() {
      return opened;
    },
  };
}
