"""Holds wire.py against vectors.json: python3 protocol/examples/python/self_test.py"""
import json
import pathlib
import unittest

from wire import DOWN, FREE, UP, checksum, decode, decode_changes, encode, mix, unpack, unpack_map

FILE = pathlib.Path(__file__).parent.parent / "vectors.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))


def written(message):
    """As vectors.json writes a message: bytes in hex."""
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in message.items()}


class Vectors(unittest.TestCase):
    def test_frames_of_a_client(self):
        for vector in VECTORS["up"]:
            with self.subTest(vector["name"]):
                frame = bytes.fromhex(vector["hex"])
                self.assertEqual(decode(frame, UP), vector["message"])
                self.assertEqual(encode(vector["message"]), frame)

    def test_frames_of_a_server(self):
        for vector in VECTORS["down"]:
            with self.subTest(vector["name"]):
                self.assertEqual(written(decode(bytes.fromhex(vector["hex"]))), vector["message"])

    def test_all_messages_are_known(self):
        for section, table in (("up", UP), ("down", DOWN)):
            types = {vector["message"]["type"] for vector in VECTORS[section]}
            self.assertEqual({name for name, _ in table.values()}, types)

    def test_frames_that_are_no_frames(self):
        for vector in VECTORS["refused"]:
            if vector["close"] == "bad_frame":
                with self.assertRaises(ValueError):
                    unpack(bytes.fromhex(vector["hex"]))

    def test_maps(self):
        for vector in VECTORS["maps"]:
            states = unpack_map(vector["places"], bytes.fromhex(vector["packed"]))
            self.assertEqual("".join(map(str, states)), vector["states"])
            self.assertEqual(checksum(states), vector["checksum"])

    def test_mixes(self):
        for vector in VECTORS["mixes"]:
            self.assertEqual(mix(vector["place"], vector["state"]), vector["mix"])

    def test_changes(self):
        for vector in VECTORS["changes"]:
            states = [FREE] * vector["places"]
            changes = decode_changes(bytes.fromhex(vector["hex"]), vector["places"])
            self.assertEqual([list(change) for change in changes], vector["list"])
            for place, state in changes:
                states[place] = state
            self.assertEqual(checksum(states), vector["checksum"])

    def test_changes_that_are_none(self):
        for vector in VECTORS["refusedChanges"]:
            with self.assertRaises(ValueError):
                decode_changes(bytes.fromhex(vector["hex"]), vector["places"])


if __name__ == "__main__":
    unittest.main()
