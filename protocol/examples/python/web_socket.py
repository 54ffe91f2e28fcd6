"""As much of RFC 6455 as a client of Seatwire needs."""
import base64
import hashlib
import secrets
import socket
import ssl
import struct
import urllib.parse

SUBPROTOCOL = "seatwire.v1.msgpack"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class WebSocket:
    def __init__(self, url, timeout=15):
        to = urllib.parse.urlsplit(url)
        secure = to.scheme == "wss"
        self.socket = socket.create_connection((to.hostname, to.port or (443 if secure else 80)), timeout)
        if secure:
            self.socket = ssl.create_default_context().wrap_socket(self.socket, server_hostname=to.hostname)
        self.incoming = self.socket.makefile("rb")
        self._upgrade(to)

    def _upgrade(self, to):
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        request = (
            "GET %s HTTP/1.1" % (to.path or "/"),
            "Host: " + to.netloc,
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: " + key,
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: " + SUBPROTOCOL,
        )
        self.socket.sendall("\r\n".join(request + ("", "")).encode())
        status = self.incoming.readline().decode().strip()
        headers = {}
        for line in iter(self.incoming.readline, b"\r\n"):
            name, _, value = line.decode().partition(":")
            headers[name.strip().lower()] = value.strip()
        digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        if headers.get("sec-websocket-accept") != base64.b64encode(digest).decode():
            raise ConnectionError("no upgrade: " + status)

    def send(self, data, opcode=BINARY):
        mask = secrets.token_bytes(4)
        size = len(data)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size)
        masked = bytes(byte ^ mask[i & 3] for i, byte in enumerate(data))
        self.socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)

    def receive(self):
        """The next message. Answers pings ([H5]); a close is a ConnectionError with its code."""
        message = b""
        while True:
            first, size = self._read(2)
            if size >= 126:
                size = int.from_bytes(self._read(2 if size == 126 else 8), "big")
            data = self._read(size)
            opcode = first & 0x0F
            if opcode == CLOSE:
                raise ConnectionError("closed with %d" % int.from_bytes(data[:2], "big"))
            if opcode == PING:
                self.send(data, PONG)
            elif opcode != PONG:
                message += data
                if first & 0x80:  # the last frame of the message
                    return message

    def _read(self, count):
        data = self.incoming.read(count)
        if len(data) < count:
            raise ConnectionError("the line broke")
        return data

    def close(self):
        self.send(struct.pack(">H", 1000), CLOSE)
        self.socket.close()
