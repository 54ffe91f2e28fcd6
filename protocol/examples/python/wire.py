"""Frames and maps, from PROTOCOL.md alone. self_test.py holds them against vectors.json."""
import struct

# From the tables of PROTOCOL.md: code, name, fields in wire order.
UP = {
    1: ("hello", "protocol token client"),
    2: ("authenticate", "op token"),
    3: ("join", "op event epoch version"),
    4: ("leave", "event"),
    5: ("hold", "op event places"),
    6: ("hold-best", "op event count area category together"),
    7: ("extend", "op event hold"),
    8: ("release", "op event hold"),
    9: ("checkout", "op event hold"),
    10: ("pay", "op event hold method"),
    11: ("mine", "op event"),
    12: ("watch", "op event"),
    13: ("unwatch", "event"),
    14: ("sync-time", "clientTime"),
}
HELD = "hold fence places prices amount currency expiresAt"
DOWN = {
    1: ("welcome", "protocol session serverTime heartbeatMs user role expiresAt"),
    2: ("authenticated", "op user role expiresAt"),
    3: ("snapshot", "event room epoch version places map viewers serverTime"),
    4: ("resumed", "event room epoch from to changes viewers serverTime"),
    5: ("diff", "room to span changes"),
    6: ("beacon", "room version checksum"),
    7: ("held", "op event " + HELD),
    8: ("extended", "op event hold expiresAt"),
    9: ("released", "op event hold"),
    10: ("checked-out", "op event hold order amount currency expiresAt"),
    11: ("accepted", "op event hold order"),
    12: ("rejected", "op code places message"),
    13: ("order", "event order status places reason"),
    14: ("hold-ending", "event hold expiresAt"),
    15: ("hold-ended", "event hold reason"),
    16: ("mine", "op event holds orders"),
    17: ("presence", "room viewers"),
    18: ("stats", "event at viewers free held sold blocked holdsPerSecond salesPerSecond revenue currency"),
    19: ("time", "clientTime serverTime"),
    20: ("reconnect", "afterMs"),
    21: ("hold-changed", "event " + HELD + " paying order"),
    22: ("watching", "op event"),
}
# Objects inside a message are arrays of their fields as well.
INNER = {"holds": HELD + " paying order", "orders": "order status places"}

FREE = 0


def encode(message, table=UP):
    """The frame of a message: {"type": ..., field: ...}."""
    for code, (name, fields) in table.items():
        if name == message["type"]:
            return pack([code] + [message[field] for field in fields.split()])
    raise ValueError("no such message: " + message["type"])


def decode(frame, table=DOWN):
    """The message of a frame."""
    code, *values = unpack(frame)
    name, fields = table[code]
    if len(values) != len(fields.split()):
        raise ValueError(name + " has another number of fields")
    message = {"type": name, **dict(zip(fields.split(), values))}
    for field in INNER.keys() & message.keys():
        message[field] = [dict(zip(INNER[field].split(), one)) for one in message[field]]
    return message


def pack(value):
    """msgpack of nil, booleans, integers from 0, strings and arrays: all that a client says."""
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        if value < 0x80:
            return bytes([value])
        for head, form, bits in ((0xCC, ">B", 8), (0xCD, ">H", 16), (0xCE, ">I", 32), (0xCF, ">Q", 64)):
            if value < 1 << bits:
                return bytes([head]) + struct.pack(form, value)
    if isinstance(value, str):
        data = value.encode()
        if len(data) < 32:
            return bytes([0xA0 | len(data)]) + data
        if len(data) < 256:
            return bytes([0xD9, len(data)]) + data
        return b"\xda" + struct.pack(">H", len(data)) + data
    head = bytes([0x90 | len(value)]) if len(value) < 16 else b"\xdc" + struct.pack(">H", len(value))
    return head + b"".join(map(pack, value))


def unpack(frame):
    """The one msgpack value that a frame is. Maps and extension types are refused ([F2])."""
    at = 0

    def take(count):
        nonlocal at
        at += count
        if at > len(frame):
            raise ValueError("ends in the middle of a value")
        return frame[at - count : at]

    def number(width):
        return int.from_bytes(take(width), "big")

    def value():
        head = number(1)
        if head < 0x80:
            return head
        if head >= 0xE0:
            return head - 0x100
        if 0x90 <= head < 0xA0:
            return [value() for _ in range(head & 0x0F)]
        if 0xA0 <= head < 0xC0:
            return take(head & 0x1F).decode()
        if head == 0xC0:
            return None
        if head in (0xC2, 0xC3):
            return head == 0xC3
        if 0xC4 <= head <= 0xC6:
            return take(number(1 << head - 0xC4))
        if head in (0xCA, 0xCB):
            return struct.unpack(">f" if head == 0xCA else ">d", take(4 if head == 0xCA else 8))[0]
        if 0xCC <= head <= 0xCF:
            return number(1 << head - 0xCC)
        if 0xD0 <= head <= 0xD3:
            return int.from_bytes(take(1 << head - 0xD0), "big", signed=True)
        if 0xD9 <= head <= 0xDB:
            return take(number(1 << head - 0xD9)).decode()
        if head in (0xDC, 0xDD):
            return [value() for _ in range(number(2 if head == 0xDC else 4))]
        raise ValueError("not of this protocol: 0x%02x" % head)

    whole = value()
    if at != len(frame):
        raise ValueError("bytes follow the value")
    return whole


def unpack_map(places, packed):
    """A state a place: 0 free, 1 held, 2 sold, 3 blocked. Two bits each, the first in the lowest ([J2])."""
    if len(packed) != (places + 3) // 4:
        raise ValueError("the map does not fit its places")
    return [packed[place >> 2] >> (place & 3) * 2 & 3 for place in range(places)]


def decode_changes(changes, places):
    """(place, state) of each changed place ([D1])."""
    place, value, shift, found = -1, 0, 0, []
    for byte in changes:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte & 0x80:
            continue
        place += value >> 2
        if value >> 2 == 0 or place >= places:
            raise ValueError("no changes of this map")
        found.append((place, value & 3))
        value = shift = 0
    if shift:
        raise ValueError("ends within a number")
    return found


def mix(place, state):
    """fmix32 of MurmurHash3 ([D6])."""
    h = place * 4 + state
    h = (h ^ h >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return h ^ h >> 16


def checksum(states):
    total = 0
    for place, state in enumerate(states):
        if state != FREE:
            total ^= mix(place, state)
    return total
