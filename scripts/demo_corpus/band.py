"""A song played by a band: MMA makes MIDI of the arrangement, FluidSynth plays every group of players for itself."""
import os
import struct

from .sound import RATE, fit, load
from .tools import run

SF2 = "/usr/share/sounds/sf2"
FONTS = {"fluid": f"{SF2}/FluidR3_GM.sf2", "musescore": f"{SF2}/MuseScore_General_Full.sf2"}
KITS = {"standard": 0, "room": 8, "power": 16, "jazz": 32, "brush": 40}
TAIL_SECS = 1.5       # between two groups on the tape, so that no note rings into the next
RIFFS = ("Bass-Power", "Bass-Gallop", "Bass-Riff", "Bass-Tremolo", "Bass-Boogie")
PADS = ("Chord-Pad", "Chord-Organ", "Chord-Strings")


def play(source, scratch, font, kit, seconds):
    """The stems of an MMA source: name of the group to sound of `seconds` seconds."""
    path = lambda name: os.path.join(scratch, name)
    with open(path("song.mma"), "w") as out:
        out.write(source)
    run(["mma", "-f", path("song.mid"), path("song.mma")], scratch)
    with open(path("song.mid"), "rb") as file:
        head, groups = grouped(file.read())
    slot = seconds + TAIL_SECS
    with open(path("tape.mid"), "wb") as out:
        out.write(tape(head, groups, slot, KITS[kit]))
    run(["fluidsynth", "-ni", "-q", "-g", "0.4", "-r", str(RATE), "-R", "0", "-C", "0", "-o", "synth.dynamic-sample-loading=1", "-O", "float", "-T", "raw",
         "-F", path("tape.raw"), FONTS[font], path("tape.mid")], scratch)
    sound, length = load(path("tape.raw")), round(seconds * RATE)
    return {name: fit(sound[:, round(i * slot * RATE):round(i * slot * RATE) + length], length) for i, name in enumerate(groups)}


def group(name, number):
    """Whose player an MMA track is; chords sit left and right in turn."""
    if name.startswith("Drum"):
        return "drums"
    if name.startswith(RIFFS):
        return "riff"
    if name.startswith(("Bass", "Walk")):
        return "bass"
    if name.startswith(("Solo", "Melody")):
        return "lead"
    return "pad" if name.startswith(PADS) else ("left", "right")[number % 2]


def grouped(midi):
    """The first chunks of a MIDI file (header and tempo), and the bodies of its tracks by group."""
    at, tracks = 14, []
    while at + 8 <= len(midi):
        length = struct.unpack(">I", midi[at + 4:at + 8])[0]
        tracks.append(midi[at + 8:at + 8 + length])
        at += 8 + length
    groups = {}
    for number, body in enumerate(sorted(tracks[1:], key=_name)):
        if b"\x90" <= max((body[i:i + 1] for i in range(len(body)) if 0x90 <= body[i] < 0xA0), default=b""):
            groups.setdefault(group(_name(body), number), []).append(body)
    return (midi[:14], tracks[0]), groups


def _name(body):
    at = body.find(b"\xff\x03")
    return body[at + 3:at + 3 + body[at + 2]].decode("latin-1") if at >= 0 else ""


def tape(head, groups, slot, kit):
    """One MIDI file that plays the groups one after another, `slot` seconds each. The tempo is read from the first track."""
    header, first = head
    at = first.find(b"\xff\x51\x03")
    ticks = struct.unpack(">H", header[12:14])[0] / (int.from_bytes(first[at + 3:at + 6], "big") / 1e6)      # a second
    bodies = [b"\x00" + bytes([0xC9, kit]) + first]
    for place, tracks in enumerate(groups.values()):
        for body in tracks:
            delta, length = _read_quantity(body)
            bodies.append(_quantity(delta + round(place * slot * ticks)) + body[length:])
    chunks = b"".join(b"MTrk" + struct.pack(">I", len(body)) + body for body in bodies)
    return header[:10] + struct.pack(">H", len(bodies)) + header[12:] + chunks


def _read_quantity(data):
    value = 0
    for i, byte in enumerate(data):
        value = value << 7 | byte & 127
        if byte < 128:
            return value, i + 1
    raise ValueError("a MIDI track ends in the middle of a time")


def _quantity(value):
    out = [value & 127]
    while value := value >> 7:
        out.append(value & 127 | 128)
    return bytes(reversed(out))
