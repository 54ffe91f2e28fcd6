"""Watches an event, holds its two best places, pays for them, and leaves when they are sold.

    npm start                                     in another terminal
    python3 protocol/examples/python/client.py

Python 3.8 or later and nothing else. Other servers, events and accounts: SEATWIRE_URL, SEATWIRE_EVENT, SEATWIRE_EMAIL,
SEATWIRE_PASSWORD. It does not reconnect, nor send an unanswered command again under its op ([C3]): a real client does.
"""
import json
import os
import secrets
import time
import urllib.request

from web_socket import WebSocket
from wire import FREE, checksum, decode, decode_changes, encode, unpack_map

SERVER = os.environ.get("SEATWIRE_URL", "http://localhost:3000")
ACCOUNT = {
    "email": os.environ.get("SEATWIRE_EMAIL", "anna@demo.test"),
    "password": os.environ.get("SEATWIRE_PASSWORD", "box-office-tonight"),
}
NOTICES = ("order", "hold-changed", "hold-ending", "hold-ended")


class Session:
    """The map of one event, and commands with their answers."""

    def __init__(self, url, token, event):
        self.socket = WebSocket(url)
        self.event = event
        self.room = None
        self.notices = []
        self._say("hello", protocol=1, token=token, client="client.py")
        self._wait(lambda message: message["type"] == "welcome")
        self.command("join", epoch=None, version=None)

    def command(self, name, **fields):
        """The answer to a command. A refusal is an error here; a good client looks at its code."""
        op = secrets.token_urlsafe(12)
        self._say(name, op=op, event=self.event, **fields)
        # A join is answered with the map, which carries no op.
        of_join = "snapshot" if name == "join" else None
        answer = self._wait(lambda message: message.get("op") == op or message["type"] == of_join)
        if answer["type"] == "rejected":
            raise RuntimeError(answer["code"] + ": " + answer["message"])
        return answer

    def settled(self, order):
        """Waits for what became of an order: only `confirmed` means sold."""

        def settles(message):
            return message["type"] == "order" and message["order"] == order and message["status"] != "accepted"

        for notice in self.notices:
            if settles(notice):
                return notice
        return self._wait(settles)

    def _say(self, name, **fields):
        self.socket.send(encode({"type": name, **fields}))

    def _wait(self, wanted, within=30):
        """Hears on until a message is the wanted one."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            message = decode(self.socket.receive())
            self._hear(message)
            if wanted(message):
                return message
        raise TimeoutError("no answer: that means unknown, not failed ([C4])")

    def _hear(self, message):
        kind = message["type"]
        if kind in NOTICES:
            self.notices.append(message)
        elif kind == "snapshot":
            self.room, self.version = message["room"], message["version"]
            self.states = unpack_map(message["places"], message["map"])
        elif message.get("room") != self.room:
            return
        elif kind == "diff":
            self._apply(message)
        elif kind == "beacon" and message["version"] == self.version and message["checksum"] != checksum(self.states):
            raise RuntimeError("the maps differ ([D6]); a good client joins again with nulls")

    def _apply(self, diff):
        if diff["to"] <= self.version:
            return  # old news ([D3])
        if diff["to"] - diff["span"] > self.version:
            raise RuntimeError("something is missing ([D4]); a good client joins again with its epoch and version")
        changes = decode_changes(diff["changes"], len(self.states))
        for place, state in changes:
            self.states[place] = state
        self.version = diff["to"]
        print("version %d: %d changed, %d free" % (self.version, len(changes), self.states.count(FREE)))


def rest(path, body=None):
    request = urllib.request.Request(SERVER + "/api" + path)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=15) as answer:
        return json.load(answer)


def first_on_sale():
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    return next(event["id"] for event in rest("/events")["events"] if event["saleOpensAt"] <= now)


def main():
    token = rest("/auth/login", ACCOUNT)["accessToken"]
    event = os.environ.get("SEATWIRE_EVENT") or first_on_sale()
    session = Session(SERVER.replace("http", "ws", 1) + "/ws", token, event)
    print("%d of %d places are free" % (session.states.count(FREE), len(session.states)))

    held = session.command("hold-best", count=2, area=None, category=None, together=True)
    print("held %s for %d minor units of %s" % (held["places"], held["amount"], held["currency"]))

    session.command("checkout", hold=held["hold"])
    accepted = session.command("pay", hold=held["hold"], method="tok_ok")
    outcome = session.settled(accepted["order"])
    if outcome["status"] != "confirmed":
        raise RuntimeError(outcome["reason"])
    print("bought %s" % outcome["places"])
    session.socket.close()


if __name__ == "__main__":
    main()
